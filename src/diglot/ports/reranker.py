"""Question and texts to relevance."""

from collections.abc import Sequence
from typing import Protocol


class Reranker(Protocol):
    """Scores are finite floats, one a text in order; higher is better, 0..1 where the model allows.

    Thread-safe. `ModelUnavailable` and `ModelMisbehaved` as for embedders.
    """

    @property
    def name(self) -> str: ...

    def rerank(self, question: str, texts: Sequence[str]) -> list[float]: ...


class Rerankers(Protocol):
    def names(self) -> list[str]: ...

    def resolve(self, name: str) -> str | None:
        """The canonical name of a configured reranker or alias, None if there is no such model."""

    def get(self, name: str) -> Reranker:
        """`ModelNotFound` for an unknown name."""

    def close(self) -> None: ...
