"""Choices for the whole installation that are made while it runs. What a process knows of them is at most 5 s old."""

import time
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Connection

from diglot.catalog import settings
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.errors import SwitchedOffByOperator
from diglot.library import auditing
from diglot.library.access import require, require_everything

NAME = "choices"
KNOWN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Choices:
    """`api_enabled` False refuses every API key. `query_log_days`, `audit_days`: how long questions and the audit are
    kept; the audit for ever if 0."""

    api_enabled: bool = True
    query_log_enabled: bool = True
    query_log_days: int = 90
    audit_days: int = 365


NAMES = tuple(one.name for one in fields(Choices))


class Switches:
    def __init__(self, database: Database, *, is_api_allowed: bool) -> None:
        """`is_api_allowed` False: the operator's setting, which no choice overrules."""
        self._database = database
        self._is_api_allowed = is_api_allowed
        self._known: tuple[Choices, float] | None = None

    def known(self) -> Choices | None:
        """Without asking the catalog; None if what is known has become old."""
        known = self._known
        return known[0] if known is not None and known[1] > time.monotonic() else None

    def now(self) -> Choices:
        return self.known() or self._read()

    def shown(self, caller: Caller) -> Choices:
        require(caller, Scope.READ)
        return self.now()

    def change(self, caller: Caller, **chosen: Any) -> Choices:
        """Those of the fields of `Choices` that are given. At once in this process, within 5 s in every other.
        `SwitchedOffByOperator`."""
        require_everything(caller, Scope.ADMIN)
        if chosen.get("api_enabled") and not self._is_api_allowed:
            raise SwitchedOffByOperator

        def work(connection: Connection) -> None:
            settings.keep_first(connection, NAME, {})
            settings.lock(connection, NAME)
            settings.put(connection, NAME, asdict(_stored(connection)) | chosen)
            words = ", ".join(f"{name} = {value}" for name, value in chosen.items())
            auditing.note(connection, caller, "change", "settings", object_name=words)

        if chosen:
            self._database.write(work)
        return self._read()

    def _read(self) -> Choices:
        with self._database.read() as connection:
            stored = _stored(connection)
        choices = Choices(**asdict(stored) | {"api_enabled": stored.api_enabled and self._is_api_allowed})
        self._known = choices, time.monotonic() + KNOWN_SECONDS
        return choices


def _stored(connection: Connection) -> Choices:
    held: dict[str, Any] = settings.get(connection, NAME) or {}
    return Choices(**{name: held[name] for name in NAMES if name in held})
