"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Any

import typer

from diglot.settings import Settings

Data = Annotated[Path | None, typer.Option("--data", help="Folder of everything that must last.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def given(**flags: Any) -> dict[str, Any]:
    """The flags that were typed: those that are not None."""
    return {name: value for name, value in flags.items() if value is not None}


def settings_for(data: Path | None) -> Settings:
    return Settings.load(given(data=data))
