"""`diglot rebuild` and `diglot fsck`: the index anew, and everything against everything."""

from typing import Annotated

import typer
from rich.table import Table

from diglot.assembly import open_house
from diglot.cli.options import Data, Json, settings_for
from diglot.cli.screen import answers, errors, progress_bar
from diglot.ingestion.checking import fsck as check_all
from diglot.ingestion.rebuilding import rebuild as rebuild_dataset


def rebuild(
    dataset: Annotated[str | None, typer.Option("--dataset", help="Name of one dataset. Default: all.")] = None,
    data: Data = None,
) -> None:
    """Build search indexes anew from the catalog. The old one answers until the new one is complete."""
    with open_house(settings_for(data)) as diglot:
        owner = diglot.keys.owner()
        wanted = [diglot.datasets.named(owner, dataset)] if dataset else list(diglot.datasets.every(owner))
        with progress_bar() as bar:
            task = bar.add_task("Rebuilding", total=len(wanted))
            for one in wanted:
                bar.update(task, description=one.name)
                rebuild_dataset(diglot, one.id)
                bar.advance(task)
    errors.print(f"Rebuilt the index of {len(wanted)} dataset{'' if len(wanted) == 1 else 's'}.")


def fsck(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be derived anew.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Check that catalog, files and indexes agree. Exit code 1 if they do not."""
    with open_house(settings_for(data)) as diglot:
        report = check_all(diglot, repair=repair)
    if json:
        answers.print_json(data=report.to_json())
    else:
        table = Table("check", "looked at", "wrong", "mended", "first")
        for row in report.rows:
            table.add_row(row.check, str(row.looked_at), str(row.wrong), str(row.mended), row.first or "")
        answers.print(table)
    raise typer.Exit(0 if report.is_clean else 1)
