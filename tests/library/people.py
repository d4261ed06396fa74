"""Accounts over a catalog, with passwords that cost nothing."""

from dataclasses import dataclass, field

from sqlalchemy import select

from diglot.catalog.database import Database
from diglot.catalog.tables import audit
from diglot.domain.account import Member, Role
from diglot.domain.api_key import Caller, Origin
from diglot.library.accounts import Accounts, Begun
from diglot.library.keys import Keys
from diglot.library.members import Members
from diglot.library.passwords import Passwords
from diglot.library.sessions import Sessions

PASSWORD = "correct horse battery"
HERE = Origin("192.0.2.1", "request-1")


@dataclass
class CheapHasher:
    """Counts what real ones would take long for."""

    made: int = 0
    compared: list[str] = field(default_factory=list)

    def hash(self, password: str) -> str:
        self.made += 1
        return f"{self.made} {password}"

    def matches(self, hashed: str, password: str) -> bool:
        self.compared.append(hashed)
        return hashed.partition(" ")[2] == password

    def is_outdated(self, hashed: str) -> bool:
        return hashed.startswith("old ")


class People:
    """One process's view of the catalog."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.hasher = CheapHasher()
        passwords = Passwords(self.hasher)
        self.keys = Keys(database)
        self.sessions = Sessions(database)
        self.accounts = Accounts(database, passwords, self.sessions)
        self.members = Members(database, passwords, self.forget)

    def forget(self) -> None:
        self.keys.forget()
        self.sessions.forget()

    @property
    def owner(self) -> Caller:
        return self.keys.owner()

    def add(self, login: str, role: Role = Role.EDITOR, password: str = PASSWORD) -> Member:
        return self.members.add(self.owner, login.title(), login, role, password)[0]

    def log_in(self, login: str, password: str = PASSWORD, origin: Origin = HERE) -> Begun:
        return self.accounts.log_in(login, password, origin, "a browser")

    def token(self, begun: Begun) -> str:
        return self.sessions.token(begun.session).text

    def audit(self) -> list[tuple[str, str, str | None, str | None, str]]:
        """Verb, kind, who, about what, and how it ended; the oldest first."""
        columns = audit.c.verb, audit.c.kind, audit.c.actor_name, audit.c.object_name, audit.c.result
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(select(*columns).order_by(audit.c.id))]
