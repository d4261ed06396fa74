"""`diglot add`: files into a dataset, without a server."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from diglot.assembly import Diglot, open_house
from diglot.cli.options import Data, Json, settings_for
from diglot.cli.screen import answers, progress_bar
from diglot.domain.api_key import Caller
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.errors import DiglotError
from diglot.library.documents import NewDocument
from diglot.worker import running_worker

CHUNK = 1 << 20


def add(
    files: Annotated[list[Path], typer.Argument(exists=True, help="Files, or folders of files.")],
    dataset: Annotated[str, typer.Option("--dataset", help="Name of the dataset; made if it is not there.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Put files into a dataset and wait until each is ready or has failed. Exit code 1 if any failed."""
    with open_house(settings_for(data)) as diglot:
        caller = diglot.keys.owner()
        target = diglot.datasets.by_name(caller, dataset) or diglot.datasets.create(caller, dataset)
        refused, added = _add_all(diglot, caller, target, files)
        with running_worker(diglot):
            done = _wait(diglot, caller, target, added)
    rows = refused + [_row(document) for document in done]
    _show(rows, json)
    raise typer.Exit(1 if any(row["status"] != DocumentStatus.READY for row in rows) else 0)


def _add_all(
    diglot: Diglot, caller: Caller, target: Dataset, files: list[Path]
) -> tuple[list[dict[str, object]], list[Document]]:
    refused: list[dict[str, object]] = []
    added: list[Document] = []
    for path in _every_file(files):
        try:
            added.append(_add_one(diglot, caller, target, path))
        except DiglotError as error:
            refused.append({"document": path.name, "status": "refused", "chunks": 0, "reason": error.message})
    return refused, added


def _add_one(diglot: Diglot, caller: Caller, target: Dataset, path: Path) -> Document:
    with path.open("rb") as file:
        content = iter(lambda: file.read(CHUNK), b"")
        new = NewDocument(name=path.name, content=content, created_from="cli", indexing=Indexing.HIGH_QUALITY)
        return diglot.documents.add(caller, target.id, new)


def _every_file(paths: list[Path]) -> list[Path]:
    """Files as given, and those inside given folders, hidden ones left out."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        found += [one for one in inside if not one.name.startswith(".")]
    return found


def _wait(diglot: Diglot, caller: Caller, target: Dataset, added: list[Document]) -> list[Document]:
    waiting = {document.id: document for document in added}
    done: dict[str, Document] = {}
    with progress_bar() as bar:
        task = bar.add_task("Reading", total=len(waiting))
        while waiting:
            for document_id in list(waiting):
                document = diglot.documents.get(caller, target.id, document_id)
                if document.status.is_final:
                    done[document_id] = document
                    del waiting[document_id]
                    bar.update(task, advance=1, description=document.name)
            time.sleep(0.1 if waiting else 0)
    return [done[document.id] for document in added]


def _row(document: Document) -> dict[str, object]:
    return {
        "document": document.name,
        "status": str(document.status),
        "chunks": document.chunk_count,
        "reason": document.error or "",
    }


def _show(rows: list[dict[str, object]], json: bool) -> None:
    if json:
        answers.print_json(data=rows)
        return
    table = Table("document", "status", "chunks", "reason")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    answers.print(table)
