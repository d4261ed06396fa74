"""`diglot`: one command group a file."""

from collections.abc import Callable
from typing import Any, NoReturn

import typer
from pydantic import ValidationError

from diglot import __version__
from diglot.cli import add, check, datasets, demo, doctor, keys, members, models, search, serve
from diglot.cli.screen import errors
from diglot.domain.errors import DiglotError

app = typer.Typer(
    name="diglot",
    help="A knowledge-base server that speaks the RAGFlow HTTP API and the Dify Knowledge API over the same data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(keys.app, name="keys")
app.add_typer(members.app, name="members")
app.add_typer(models.app, name="models")
app.add_typer(datasets.app, name="datasets")
COMMANDS: dict[str, Callable[..., Any]] = {
    "serve": serve.serve,
    "demo": demo.demo,
    "doctor": doctor.doctor,
    "add": add.add,
    "search": search.search,
    "rebuild": check.rebuild,
    "fsck": check.fsck,
}
for name, command in COMMANDS.items():
    app.command(name)(command)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True)) -> None:
    """Settings come from flags, a TOML file (diglot.toml, or what DIGLOT_CONFIG names) and DIGLOT_* variables."""


def run() -> None:
    """The console script: our errors become one plain line and exit code 1."""
    try:
        app()
    except DiglotError as error:
        _fail(error.message)
    except ValidationError as error:
        _fail("\n".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()))


def _fail(message: str) -> NoReturn:
    errors.print(message, style="red", markup=False)
    raise SystemExit(1) from None


if __name__ == "__main__":
    run()
