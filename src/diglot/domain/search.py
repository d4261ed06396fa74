"""A question and its answers: the frozen plan, and hits that keep every score apart."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from diglot.domain.chunk import Chunk
from diglot.domain.conditions import Conditions
from diglot.domain.document import Document
from diglot.domain.identity import DatasetId, DocumentId, WorkspaceId


class SearchMethod(StrEnum):
    SEMANTIC = "semantic"
    FULL_TEXT = "full_text"
    HYBRID = "hybrid"
    KEYWORD = "keyword"


CANDIDATES = 100
"""How deep each leg looks. Not the page size: fusion and verification need more than what is shown."""

MAX_TOP_K = 1024


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """What a dataset or a request chooses. `vector_weight` None: the model's own advice, 0 where the model cannot
    read the question's language. `reranker` is a configured model's name. `threshold` None: off.

    `kept` is what the dialect that chose for a dataset wants to have back word for word; nothing else reads it.
    """

    method: SearchMethod = SearchMethod.SEMANTIC
    top_k: int = 4
    threshold: float | None = None
    vector_weight: float | None = None
    reranker: str | None = None
    kept: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(stored: dict[str, Any]) -> "RetrievalSettings":
        return replace(RetrievalSettings(**stored), method=SearchMethod(stored["method"]))


@dataclass(frozen=True, slots=True)
class RetrievalPlan:
    """Everything that decides an answer, settled. `documents` and `conditions` None: no restriction; `documents` empty,
    or conditions that no document meets: nothing is found; both: documents that pass both.

    `default_weight` takes the place of the model's advice where the settings choose no weight. `boosts` are added to
    the final score of a dataset's chunks. `blends_rerank`: the reranker's score takes the place of the cosine in the
    fused score, in place of being the final score itself. The question gets tags from `tag_datasets`; hits with the
    same ones go first. `window`: tags and a reranker order that many hits at a time, so that what stands on a page
    does not depend on how many pages were looked at; None: all of them at once.
    """

    workspace_id: WorkspaceId
    datasets: tuple[DatasetId, ...]
    question: str
    settings: RetrievalSettings
    documents: frozenset[DocumentId] | None = None
    candidates: int = CANDIDATES
    offset: int = 0
    conditions: Conditions | None = None
    default_weight: float | None = None
    boosts: Mapping[DatasetId, float] = field(default_factory=dict)
    blends_rerank: bool = False
    tag_datasets: tuple[DatasetId, ...] = ()
    window: int | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """`lexical` is raw BM25 and `lexical_share` its share of this question's best; `vector` is cosine in -1..1;
    `rerank` the reranker's own; `tags` what tags that it shares with the question add. `final` is the one that orders
    and is compared with the threshold. None: not scored."""

    final: float
    lexical: float | None = None
    lexical_share: float | None = None
    vector: float | None = None
    fused: float | None = None
    rerank: float | None = None
    tags: float | None = None


@dataclass(frozen=True, slots=True)
class MatchedChild:
    chunk: Chunk
    scores: Scores


@dataclass(frozen=True, slots=True)
class Hit:
    """A parent is found by its `children`, best first, and has the scores of its best."""

    chunk: Chunk
    document: Document
    scores: Scores
    children: tuple[MatchedChild, ...] = ()

    @property
    def matched_text(self) -> str:
        """What the scores speak of."""
        return (self.children[0].chunk if self.children else self.chunk).content


@dataclass(frozen=True, slots=True)
class Hits:
    """`hits` best first. `notes` are plain sentences: what was not done as asked, and why. `tags` are those of
    the question."""

    hits: tuple[Hit, ...]
    notes: tuple[str, ...] = ()
    vector_weight: float | None = None
    tags: Mapping[str, float] = field(default_factory=dict)
