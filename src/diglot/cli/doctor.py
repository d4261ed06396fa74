"""`diglot doctor`: what the server would run by, whether it could, and what it costs to keep it running."""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.table import Table

from diglot.cli.options import Data, Json, given
from diglot.cli.processes import RunningServer, memory_by_process
from diglot.cli.screen import answers, errors
from diglot.domain.errors import DiglotError
from diglot.settings import Settings, origins

IDLE_SECONDS = 3.0


def doctor(
    data: Data = None,
    measure: Annotated[
        bool, typer.Option("--measure", help="Start a throw-away server; print start time and idle memory.")
    ] = False,
    json: Json = False,
) -> None:
    """Print every setting and where it came from, and check what they need. Exit code 1 if a check fails."""
    flags = given(data=data)
    settings = Settings.load(flags)
    checks = list(_checks(settings))
    measured = measure_standing() if measure else {}
    report = {"settings": _settings(settings, flags), "checks": checks, "measured": measured}
    if json:
        answers.print_json(data=report)
    else:
        _show(settings, flags, checks, measured)
    raise typer.Exit(0 if all(check["ok"] for check in checks) else 1)


def _settings(settings: Settings, flags: dict[str, object]) -> dict[str, dict[str, object]]:
    came_from = origins(flags)
    return {name: {"value": _plain(getattr(settings, name)), "from": came_from[name]} for name in Settings.model_fields}


def _plain(value: object) -> object:
    if isinstance(value, SecretStr):
        return "(set)"
    return str(value) if isinstance(value, Path) else value


def _checks(settings: Settings) -> Iterator[dict[str, object]]:
    for name, check in CHECKS.items():
        try:
            yield {"check": name, "ok": True, "finding": check(settings)}
        except (DiglotError, OSError, ImportError, ValueError) as error:
            yield {"check": name, "ok": False, "finding": str(error)}


def _data_folder(settings: Settings) -> str:
    settings.data.mkdir(parents=True, exist_ok=True)
    probe = settings.data / ".doctor"
    probe.write_bytes(b"diglot")
    probe.unlink()
    return f"{settings.data.resolve()} can be written"


def _disk(settings: Settings) -> str:
    usage = shutil.disk_usage(settings.data)
    reserve = min(settings.disk_reserve_bytes, usage.total // 20)
    if usage.free < reserve:
        raise ValueError(f"{usage.free >> 20} MiB free, uploads need {reserve >> 20} MiB")
    return f"{usage.free >> 20} MiB free"


def _catalog(settings: Settings) -> str:
    from diglot.catalog.database import migrate, open_database

    migrate(settings.catalog_url)
    database = open_database(settings.catalog_url)
    try:
        with database.read() as connection:
            connection.exec_driver_sql("SELECT 1")
    finally:
        database.close()
    kind = "PostgreSQL" if settings.database_url else f"SQLite {sqlite3.sqlite_version}"
    return f"{kind} answers"


def _indexes(settings: Settings) -> str:
    """An index that is being built for another model may wait for that model."""
    from diglot.catalog import generations
    from diglot.catalog.database import open_database

    database = open_database(settings.catalog_url)
    try:
        with database.read() as connection:
            found = generations.troubles(connection)
    finally:
        database.close()
    if found:
        raise ValueError(
            "; ".join(f"dataset {one.dataset_name!r} ({one.embedding_model}): {one.reason}" for one in found)
        )
    return "every search index is complete, or on its way"


def _models(settings: Settings) -> str:
    from diglot.assembly import models

    embedders, rerankers = models(settings)
    named = [name + (" (default)" if name == embedders.default() else "") for name in embedders.names()]
    return ", ".join(named + [f"{name} (reranker)" for name in rerankers.names()])


def _ocr(settings: Settings) -> str:
    from diglot.assembly import recogniser

    ocr = recogniser(settings)
    missing = ocr.missing()
    if missing is None:
        return ocr.name()
    if settings.ocr in {"auto", "off"}:
        return f"none: {missing}"
    raise ValueError(missing)


CHECKS: dict[str, Callable[[Settings], str]] = {
    "data folder": _data_folder,
    "disk": _disk,
    "catalog": _catalog,
    "models": _models,
    "text recognition": _ocr,
    "indexes": _indexes,
}


def measure_standing() -> dict[str, object]:
    """Seconds from start to the first good answer; MiB over all processes of an idle server without a model: the
    proportional share (a page that several processes share counts once) and the plain sum of resident sets."""
    with TemporaryDirectory(prefix="diglot-") as folder:
        start = time.monotonic()
        with RunningServer(Path(folder)) as server:
            seconds = time.monotonic() - start
            time.sleep(IDLE_SECONDS)
            processes = memory_by_process(server.pid)
    return {
        "start_seconds": round(seconds, 2),
        "idle_mib": round(sum(one.proportional for one in processes) / (1 << 20), 1),
        "idle_resident_mib": round(sum(one.resident for one in processes) / (1 << 20), 1),
        "processes": {one.name: round(one.proportional / (1 << 20), 1) for one in processes},
    }


def _show(
    settings: Settings, flags: dict[str, object], checks: list[dict[str, object]], measured: dict[str, object]
) -> None:
    table = Table("setting", "value", "from")
    for name, row in _settings(settings, flags).items():
        table.add_row(name, str(row["value"]), str(row["from"]))
    answers.print(table)
    for check in checks:
        mark = "[green]ok[/green]" if check["ok"] else "[red]failed[/red]"
        answers.print(f"{mark}  {check['check']}: {check['finding']}")
    for name, value in measured.items():
        answers.print(f"{name}: {value}")
    if not all(check["ok"] for check in checks):
        errors.print("[red]Something is missing, see above.[/red]")
