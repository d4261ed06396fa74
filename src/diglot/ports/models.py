"""The models of this installation as people see and change them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class ModelUse(StrEnum):
    EMBEDDING = "embedding"
    RERANK = "rerank"


@dataclass(frozen=True, slots=True)
class ListedModel:
    """`dimension` is None for rerankers; `languages` None: any. `base_url` and `key_hint`, the end of its key, belong
    to endpoints."""

    name: str
    use: ModelUse
    kind: str
    dimension: int | None
    languages: frozenset[str] | None
    base_url: str | None = None
    key_hint: str | None = None


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """`remote` is the model's name there. `dimension` None: whatever it gives; else it is asked for as many if it gives
    another number by itself."""

    use: ModelUse
    name: str
    base_url: str
    remote: str
    key: str | None = field(default=None, repr=False)
    dimension: int | None = None


class ModelShelf(Protocol):
    """Every process of the installation knows of a change at once. Thread-safe."""

    def listed(self) -> Sequence[ListedModel]:
        """Oldest first, the built-in one before all."""

    def try_out(self, new: NewEndpoint) -> int | None:
        """Asks it once, within half a minute; its dimension, None of a reranker. `InvalidArgument` for an address that
        is not allowed, `ModelUnavailable`, `ModelMisbehaved`."""

    def add(self, new: NewEndpoint) -> ListedModel:
        """Tried out first. `NameTaken`, `NameInvalid`, and what `try_out` raises."""

    def remove(self, name: str) -> None:
        """`ModelNotFound`, also for the built-in one."""
