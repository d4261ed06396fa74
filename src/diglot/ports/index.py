"""The search index: words and vectors of chunks, derived from the catalog and droppable at any time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from diglot.domain.dataset import Generation
from diglot.domain.identity import ChunkKey, GenerationId, RevisionKey

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A chunk as the index knows it: tokens from our tokenizer, an L2-normalised float32 vector or None.

    `tokens` are the content's, `title` the document's name, `keywords` those of keywords and questions.
    """

    key: ChunkKey
    group: RevisionKey
    tokens: Sequence[str]
    title: Sequence[str] = ()
    keywords: Sequence[str] = ()
    vector: Vector | None = None


class Candidate(NamedTuple):
    key: int
    group: int
    score: float


@dataclass(frozen=True, slots=True)
class IndexStats:
    """`rows` live rows; `vectors` rows with a vector; `pending` changes not yet compacted; `bytes` on disk."""

    rows: int
    vectors: int
    pending: int
    bytes: int


class Index(Protocol):
    """All datasets' indexes of one installation; each generation is apart from every other.

    Writing. One process at a time writes a generation; the embedded adapter enforces that with a file lock. `apply` is
    all or nothing and on disk when it returns: first `removed_groups` and `removed_keys` go, then `rows` come (a row
    whose key is there already replaces it), then `applied` is what `applied()` answers. Applying the same change twice
    leaves the same state. Rows of one call fit in memory; callers keep it to some ten thousand.

    Reading. Any process; a finished `apply` is seen by searches that start 1 s later in any process, and at once in the
    writing one. Searching a generation that was never written answers nothing. `groups` None means no filter, an
    empty collection means nothing is allowed. Results come best first, ties by key; a removed row is never
    returned by a search that has seen the removal. A group or key that is not there is no error.

    Scores. `search_text` is BM25 (k1 1.2, b 0.75, idf of the generation) of the content, plus weighted BM25 of the
    title, plus a multiple of its idf for each asked term among the keywords: so large where the generation has vectors
    that a chunk whose keyword is asked for stands before all whose content holds it; unbounded, > 0. `search_vector`
    is cosine, exact after re-scoring.
    """

    def apply(
        self,
        generation: Generation,
        *,
        rows: Iterable[IndexRow],
        removed_groups: Collection[int],
        removed_keys: Collection[int],
        applied: int,
    ) -> None: ...

    def applied(self, generation: Generation) -> int:
        """The number given with the last `apply` that is on disk; 0 before the first. Cheap: read on every poll."""

    def search_text(
        self, generation: Generation, tokens: Sequence[str], limit: int, groups: Collection[int] | None = None
    ) -> list[Candidate]: ...

    def search_vector(
        self, generation: Generation, vector: Vector, limit: int, groups: Collection[int] | None = None
    ) -> list[Candidate]: ...

    def vector_scores(self, generation: Generation, vector: Vector, keys: Sequence[int]) -> list[float | None]:
        """Cosine of these rows, in order; None for a row without a vector or not there."""

    def keys(self, generation: Generation) -> dict[int, int]:
        """Every live row's key and group, for checking against the catalog."""

    def compact(self, generation: Generation) -> bool:
        """Folds what is pending into the large structures; False if there was nothing worth doing. Slow; never called
        on a request. Searches and a crash in the middle see the state before or after."""

    def stats(self, generation: Generation) -> IndexStats: ...

    def drop(self, generation: Generation) -> None:
        """Removes the generation; searching it afterwards answers nothing. Idempotent."""

    def generations(self) -> list[GenerationId]:
        """Those that take space, known to the catalog or not."""

    def close(self) -> None: ...
