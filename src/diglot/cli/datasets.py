"""`diglot datasets`: what there is, and which of it the API may reach."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from diglot.assembly import open_house
from diglot.cli.options import Data, Json, settings_for
from diglot.cli.screen import answers, errors
from diglot.domain.dataset import Dataset
from diglot.library.datasets import DatasetChange

app = typer.Typer(help="List datasets, and switch API access to one on and off.", no_args_is_help=True)


class Switch(StrEnum):
    ON = "on"
    OFF = "off"


@app.command("list")
def list_datasets(data: Data = None, json: Json = False) -> None:
    """Show the datasets there are."""
    with open_house(settings_for(data)) as diglot:
        rows = [_row(dataset) for dataset in diglot.datasets.every(diglot.keys.owner())]
    if json:
        answers.print_json(data=rows)
        return
    table = Table("id", "name", "documents", "chunks", "model", "API")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    answers.print(table)


@app.command()
def api(
    name: Annotated[str, typer.Argument(help="Name of the dataset.")],
    switch: Annotated[Switch, typer.Argument(help="Whether API calls may reach it; off answers them 403.")],
    data: Data = None,
) -> None:
    """Switch API access to a dataset on or off, at once. For all datasets there is the setting api_enabled."""
    with open_house(settings_for(data)) as diglot:
        owner = diglot.keys.owner()
        dataset = diglot.datasets.named(owner, name)
        diglot.datasets.update(owner, dataset.id, DatasetChange(api_enabled=switch is Switch.ON))
    errors.print(f"API access to {name!r} is {switch}.")


def _row(dataset: Dataset) -> dict[str, object]:
    return {
        "id": dataset.id,
        "name": dataset.name,
        "documents": dataset.document_count,
        "chunks": dataset.chunk_count,
        "model": dataset.embedding_model or "-",
        "api": Switch.ON if dataset.api_enabled else Switch.OFF,
    }
