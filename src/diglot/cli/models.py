"""`diglot models`: embedding models and rerankers."""

import os
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table

from diglot.adapters.embedders.adding import Choices, add_endpoint, add_model, add_reranker_endpoint
from diglot.adapters.embedders.record import ModelRecord
from diglot.adapters.embedders.store import ModelStore
from diglot.cli.options import Data, Json, settings_for
from diglot.cli.screen import answers, errors, progress_bar

app = typer.Typer(help="Add, list and remove embedding models and rerankers.", no_args_is_help=True)
KEY_VARIABLE = "DIGLOT_MODEL_KEY"


class Kind(StrEnum):
    EMBEDDING = "embedding"
    RERANKER = "reranker"


@app.command()
def add(
    source: Annotated[
        str, typer.Argument(help="minilm; a folder; a model hub's OWNER/MODEL; or, with --url, a name of your choice.")
    ],
    url: Annotated[str | None, typer.Option("--url", help="Base URL of an endpoint, such as …/v1.")] = None,
    remote: Annotated[str | None, typer.Option("--remote", help="The model's name at the endpoint.")] = None,
    kind: Annotated[Kind | None, typer.Option("--kind", help="What it is; told from the files if left out.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="What datasets call it.")] = None,
    language: Annotated[
        list[str] | None, typer.Option("--language", help="A language it reads (en, zh, …; any); repeat for several.")
    ] = None,
    max_tokens: Annotated[int | None, typer.Option("--max-tokens", min=1, help="Tokens it reads of a text.")] = None,
    query_prefix: Annotated[str | None, typer.Option("--query-prefix", help="Text before each question.")] = None,
    passage_prefix: Annotated[str | None, typer.Option("--passage-prefix", help="Text before each chunk.")] = None,
    vector_weight: Annotated[
        float | None, typer.Option("--vector-weight", min=0, max=1, help="Its share in hybrid scores. Default 0.6.")
    ] = None,
    data: Data = None,
) -> None:
    """Add a model. The key of an endpoint is read from the variable DIGLOT_MODEL_KEY, never from the command line."""
    store = ModelStore(settings_for(data).models_folder)
    choices = Choices(
        name=name,
        languages=_languages(language),
        max_tokens=max_tokens,
        query_prefix=query_prefix,
        passage_prefix=passage_prefix,
        vector_weight=vector_weight,
        is_reranker=None if kind is None else kind is Kind.RERANKER,
    )
    record = _add_endpoint(store, source, url, remote, choices) if url else _add_local(store, source, choices)
    errors.print(f"Added {record.name}.")


@app.command("list")
def list_models(data: Data = None, json: Json = False) -> None:
    """Show the models that were added; diglot/lexical is always there."""
    rows = [_row(record) for record in ModelStore(settings_for(data).models_folder).records()]
    if json:
        answers.print_json(data=rows)
        return
    table = Table("name", "kind", "dimension", "tokens", "languages", "also called")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    answers.print(table)


@app.command()
def remove(name: Annotated[str, typer.Argument(help="The model's name.")], data: Data = None) -> None:
    """Remove a model. Datasets that use it are then searched by words alone, until it is added again."""
    ModelStore(settings_for(data).models_folder).remove(name)
    errors.print(f"Removed {name}.")


def _add_local(store: ModelStore, source: str, choices: Choices) -> ModelRecord:
    with progress_bar() as bar:
        task = bar.add_task("adding", total=100)
        return add_model(
            store, source, choices, lambda stage, share: bar.update(task, description=stage, completed=share * 100)
        )


def _add_endpoint(store: ModelStore, name: str, url: str, remote: str | None, choices: Choices) -> ModelRecord:
    key = os.environ.get(KEY_VARIABLE)
    if choices.is_reranker:
        return add_reranker_endpoint(store, name, url, remote or name, key)
    return add_endpoint(store, name, url, remote or name, key, choices=choices)


def _languages(given: list[str] | None) -> Any:
    if not given:
        return "guess"
    return None if "any" in given else frozenset(given)


def _row(record: ModelRecord) -> dict[str, object]:
    return {
        "name": record.name,
        "kind": str(record.kind),
        "dimension": record.dimension or "-",
        "max_tokens": record.max_tokens,
        "languages": "any" if record.languages is None else ",".join(sorted(record.languages)),
        "aliases": ", ".join(record.aliases),
    }
