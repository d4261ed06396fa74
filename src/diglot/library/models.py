"""Models as members see and change them: what is there, what uses it, endpoints added and removed."""

import time
from dataclasses import dataclass
from functools import partial

from diglot.catalog import model_use
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.errors import DiglotError, InvalidArgument, ModelInUse, ModelNotFound
from diglot.library import auditing
from diglot.library.access import require_everything
from diglot.library.turns import Turns
from diglot.ports.embedder import Embedders
from diglot.ports.models import ListedModel, ModelShelf, NewEndpoint

AT_ONCE = 2
"""Endpoints that are tried out at the same time: each may take its half minute."""


@dataclass(frozen=True, slots=True)
class ModelState:
    """`datasets` counts those of the caller's workspace that use it."""

    model: ListedModel
    is_default: bool
    datasets: int


@dataclass(frozen=True, slots=True)
class Trial:
    """`trouble` None: it works."""

    dimension: int | None
    seconds: float
    trouble: str | None


class Models:
    def __init__(self, database: Database, embedders: Embedders, shelf: ModelShelf) -> None:
        self._database = database
        self._embedders = embedders
        self._shelf = shelf
        self._turns = Turns(AT_ONCE)

    def list(self, caller: Caller) -> list[ModelState]:
        require_everything(caller, Scope.ADMIN)
        with self._database.read() as connection:
            counts = model_use.counts(connection, caller.workspace_id)
        default = self._default()
        return [ModelState(one, one.name == default, counts[one.name]) for one in self._shelf.listed()]

    def try_out(self, caller: Caller, new: NewEndpoint) -> Trial:
        """`InvalidArgument` for an address that is not allowed; `Overloaded` while others are tried out."""
        require_everything(caller, Scope.ADMIN)
        began = time.monotonic()
        with self._turns.turn():
            try:
                dimension, trouble = self._shelf.try_out(new), None
            except InvalidArgument:
                raise
            except DiglotError as error:
                dimension, trouble = None, error.message
        return Trial(dimension, time.monotonic() - began, trouble)

    def add(self, caller: Caller, new: NewEndpoint) -> ModelState:
        """Tried out first. `NameTaken`, `NameInvalid`, `InvalidArgument`, `ModelUnavailable`, `ModelMisbehaved`,
        `Overloaded`."""
        require_everything(caller, Scope.ADMIN)
        with self._turns.turn():
            added = self._shelf.add(new)
        note = partial(auditing.note, caller=caller, verb="create", kind="model", object_name=added.name)
        self._database.write(note)
        return ModelState(added, added.name == self._default(), 0)

    def remove(self, caller: Caller, name: str) -> None:
        """`ModelNotFound`; `ModelInUse` while a dataset of any workspace uses it."""
        require_everything(caller, Scope.ADMIN)
        with self._database.read() as connection:
            users = model_use.counts(connection)[name]
        if users:
            raise ModelInUse(f"{users} dataset{'' if users == 1 else 's'} use this model.")
        self._shelf.remove(name)
        self._database.write(partial(auditing.note, caller=caller, verb="delete", kind="model", object_name=name))

    def _default(self) -> str | None:
        try:
            return self._embedders.default()
        except ModelNotFound:
            return None
