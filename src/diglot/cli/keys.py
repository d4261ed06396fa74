"""`diglot keys`: who may call."""

from typing import Annotated

import typer
from rich.table import Table

from diglot.assembly import open_house
from diglot.cli.options import Data, Json, settings_for
from diglot.cli.screen import answers, errors
from diglot.cli.times import when
from diglot.domain.api_key import ApiKey, Scope
from diglot.domain.identity import DAY_MS, ApiKeyId, now_ms

app = typer.Typer(help="Create, list and revoke API keys.", no_args_is_help=True)


@app.command()
def create(
    name: Annotated[str, typer.Option("--name", help="What the key is for.")] = "cli",
    scope: Annotated[
        list[Scope] | None,
        typer.Option("--scope", help="read, write, admin; repeat for several. Default: read, write."),
    ] = None,
    dataset: Annotated[
        list[str] | None, typer.Option("--dataset", help="Name of a dataset it is restricted to; repeat for several.")
    ] = None,
    days: Annotated[int | None, typer.Option("--days", min=1, help="Days until it expires. Default: never.")] = None,
    data: Data = None,
) -> None:
    """Make a key. It is printed once, alone on the last line of output."""
    with open_house(settings_for(data)) as diglot:
        owner = diglot.keys.owner()
        restricted = None if not dataset else frozenset(diglot.datasets.named(owner, one).id for one in dataset)
        expires_at = None if days is None else now_ms() + days * DAY_MS
        scopes = frozenset(scope or (Scope.READ, Scope.WRITE))
        created = diglot.keys.create(owner, name, scopes=scopes, datasets=restricted, expires_at=expires_at)
    errors.print("This key is shown once. Keep it on the server side, never in a page or an app.")
    answers.print(created.text)


@app.command("list")
def list_keys(data: Data = None, json: Json = False) -> None:
    """Show the keys there are, without their secret part."""
    with open_house(settings_for(data)) as diglot:
        found = diglot.keys.list(diglot.keys.owner())
    if json:
        answers.print_json(data=[_row(key) for key in found])
        return
    table = Table("id", "name", "begins", "scopes", "datasets", "created", "last used", "state")
    for key in found:
        table.add_row(*(str(value) for value in _row(key).values()))
    answers.print(table)


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(help="The key's id, as `diglot keys list` shows it, or its first characters.")],
    data: Data = None,
) -> None:
    """Make a key useless, at once here and within 10 s in running servers."""
    with open_house(settings_for(data)) as diglot:
        owner = diglot.keys.owner()
        wanted = [one for one in diglot.keys.list(owner) if one.id == key or one.prefix == key[: len(one.prefix)]]
        if len(wanted) != 1:
            errors.print(f"[red]{'No' if not wanted else 'More than one'} key is called {key!r}.[/red]")
            raise typer.Exit(1)
        diglot.keys.revoke(owner, ApiKeyId(wanted[0].id))
    errors.print(f"Revoked {wanted[0].name!r} ({wanted[0].prefix}…).")


def _row(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "begins": key.prefix,
        "scopes": ",".join(sorted(key.scopes)),
        "datasets": "all" if key.datasets is None else len(key.datasets),
        "created": when(key.created_at),
        "last used": when(key.last_used_at),
        "state": _state(key),
    }


def _state(key: ApiKey) -> str:
    if key.disabled_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= now_ms() else "active"
