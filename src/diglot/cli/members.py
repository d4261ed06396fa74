"""`diglot members`: who may log in at the console."""

import getpass
import sys
from typing import Annotated

import typer
from rich.table import Table

from diglot.assembly import Diglot, open_house
from diglot.cli.options import Data, Json, settings_for
from diglot.cli.screen import answers, errors
from diglot.cli.times import when
from diglot.domain.account import Member, Role
from diglot.domain.api_key import Origin
from diglot.domain.errors import InvalidArgument
from diglot.library.logins import fold
from diglot.library.members import MemberChange

app = typer.Typer(help="Add, list and change those who log in at the console.", no_args_is_help=True)
HERE = Origin(None)

Login = Annotated[str, typer.Argument(help="What the member logs in with.")]


@app.command()
def add(
    login: Login,
    role: Annotated[Role, typer.Option("--role", help="owner, editor or viewer.")] = Role.VIEWER,
    name: Annotated[str | None, typer.Option("--name", help="The member's name. Default: the login.")] = None,
    data: Data = None,
) -> None:
    """Let somebody in. The password is asked for, or read from standard input where that is no terminal."""
    password = _password()
    with open_house(settings_for(data)) as diglot:
        if role is Role.OWNER and diglot.accounts.is_setup_needed():
            # Keys that were made before become the first owner's.
            diglot.accounts.set_up(name or login, login, password, HERE)
        else:
            diglot.members.add(diglot.keys.owner(), name or login, login, role, password)
    errors.print(f"{login} may log in as {role.value}.", markup=False)


@app.command("list")
def list_members(data: Data = None, json: Json = False) -> None:
    """Show who may log in."""
    with open_house(settings_for(data)) as diglot:
        found = _all(diglot)
    if json:
        answers.print_json(data=[_row(member) for member in found])
        return
    table = Table("id", "name", "login", "role", "created", "last login", "state")
    for member in found:
        table.add_row(*(str(value) for value in _row(member).values()))
    answers.print(table)


@app.command()
def password(login: Login, data: Data = None) -> None:
    """Give a member another password, asked for as by `add`. All sessions of the member end."""
    new = _password()
    with open_house(settings_for(data)) as diglot:
        wanted = [member for member in _all(diglot) if member.login == fold(login)]
        if not wanted:
            errors.print(f"Nobody logs in as {login!r}.", style="red", markup=False)
            raise typer.Exit(1)
        diglot.members.change(diglot.keys.owner(), wanted[0].id, MemberChange(password=new))
    errors.print(f"{login} has a new password.", markup=False)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise InvalidArgument("These were two different passwords.")
    return first


def _all(diglot: Diglot) -> list[Member]:
    owner = diglot.keys.owner()
    found: list[Member] = []
    while page := diglot.members.page(owner, found[-1].id if found else "", 200):
        found += page
    return found


def _row(member: Member) -> dict[str, object]:
    return {
        "id": member.id,
        "name": member.name,
        "login": member.login or "-",
        "role": member.role.value,
        "created": when(member.created_at),
        "last login": when(member.last_login_at),
        "state": "active" if member.disabled_at is None else "disabled",
    }
