"""`diglot search`: a question to a dataset, without a server."""

from typing import Annotated, Any

import typer
from rich.table import Table

from diglot.assembly import open_house
from diglot.cli.options import Data, Json, settings_for
from diglot.cli.passages import passage
from diglot.cli.places import place
from diglot.cli.screen import answers, errors
from diglot.domain.search import Hit, RetrievalPlan, RetrievalSettings, SearchMethod


def search(
    question: Annotated[str, typer.Argument(help="What to look for.")],
    dataset: Annotated[str, typer.Option("--dataset", help="Name of the dataset.")],
    method: Annotated[SearchMethod, typer.Option("--method", help="How to search.")] = SearchMethod.HYBRID,
    top_k: Annotated[int, typer.Option("--top-k", min=1, max=100, help="How many hits.")] = 5,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show the best chunks for a question, with where they stand and every score."""
    with open_house(settings_for(data)) as diglot:
        caller = diglot.keys.owner()
        target = diglot.datasets.named(caller, dataset)
        wanted = RetrievalSettings(method=method, top_k=top_k)
        found = diglot.retriever.search(RetrievalPlan(caller.workspace_id, (target.id,), question, wanted))
    for note in found.notes:
        errors.print(note)
    if json:
        answers.print_json(data=[_json(hit) for hit in found.hits])
        return
    table = Table("score", "bm25", "cosine", "document", "place", "text", show_lines=True)
    for hit in found.hits:
        scores = hit.scores
        table.add_row(
            _number(scores.final),
            _number(scores.lexical),
            _number(scores.vector),
            hit.document.name,
            place(hit.chunk.anchors),
            passage(hit.chunk.content, question),
        )
    answers.print(table if found.hits else "Nothing was found.")


def _json(hit: Hit) -> dict[str, Any]:
    scores = hit.scores
    return {
        "document": hit.document.name,
        "place": place(hit.chunk.anchors),
        "content": hit.chunk.content,
        "score": scores.final,
        "bm25": scores.lexical,
        "bm25_share": scores.lexical_share,
        "cosine": scores.vector,
        "rerank": scores.rerank,
        "anchors": [anchor.to_json() for anchor in hit.chunk.anchors],
    }


def _number(score: float | None) -> str:
    return "-" if score is None else f"{score:.3f}"
