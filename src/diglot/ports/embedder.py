"""Texts to vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """What must be known of a model, stored with it: a wrong prefix or pooling fails silently.

    `name` is what datasets and requests call it, `vectors_name` what stored vectors are kept under: it changes when the
    vectors of a text do. `languages` are ISO 639-1 codes that the model reads; None means any. `vector_weight` is the
    advised weight of cosine in hybrid search, 0..1.
    """

    name: str
    dimension: int
    max_tokens: int
    languages: frozenset[str] | None = None
    query_prefix: str = ""
    passage_prefix: str = ""
    vector_weight: float = 0.6
    provider: str = "diglot"
    revision: str = ""

    @property
    def vectors_name(self) -> str:
        return f"{self.name}@{self.revision}" if self.revision else self.name

    def reads(self, language: str) -> bool:
        return self.languages is None or language in self.languages


class Embedder(Protocol):
    """Rows are float32, L2-normalised, one a text in order; an empty or unreadable text gives a finite row too.

    Any number of texts a call; the adapter batches. Thread-safe. `ModelUnavailable` means worth a retry (it was
    retried a few times already), `ModelMisbehaved` (wrong dimension or count, not a number) not.
    """

    @property
    def model(self) -> EmbeddingModel: ...

    def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """(n, dimension)"""

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        """(dimension,)"""

    def close(self) -> None: ...


class Embedders(Protocol):
    """The configured models, by name or alias. Loading is lazy and happens once a process."""

    def names(self) -> list[str]: ...

    def default(self) -> str:
        """The name of the model a dataset gets when nobody chose."""

    def resolve(self, name: str) -> str | None:
        """The canonical name of a configured model or alias, None if there is no such model."""

    def describe(self, name: str) -> EmbeddingModel:
        """Without loading weights. `ModelNotFound` for an unknown name."""

    def get(self, name: str) -> Embedder:
        """`ModelNotFound` for an unknown name."""

    def close(self) -> None: ...
