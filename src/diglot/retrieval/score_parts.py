"""A final score taken apart again."""

from dataclasses import dataclass, replace

from diglot.domain.search import RetrievalPlan, Scores
from diglot.retrieval.asking import clamped
from diglot.retrieval.reranking import blend_weight

# What fusion counts where vectors alone count and a chunk has none.
FARTHEST = -1.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What each side gave to a final score: together they are that score."""

    words: float = 0.0
    vector: float = 0.0
    rerank: float = 0.0
    boost: float = 0.0
    tags: float = 0.0

    @property
    def total(self) -> float:
        return self.words + self.vector + self.rerank + self.boost + self.tags


def parts_of(scores: Scores, plan: RetrievalPlan, weight: float, boost: float) -> Parts:
    """`weight` is that of vectors where the chunk is."""
    return replace(_without_tags(scores, plan, weight, boost), tags=scores.tags or 0.0)


def _without_tags(scores: Scores, plan: RetrievalPlan, weight: float, boost: float) -> Parts:
    if scores.rerank is not None:
        return _reranked(scores, scores.rerank, plan, weight, boost)
    if weight >= 1.0:
        return Parts(vector=FARTHEST if scores.vector is None else scores.vector, boost=boost)
    words = (1.0 - weight) * (scores.lexical_share or 0.0)
    return Parts(words, weight * max(0.0, scores.vector or 0.0), boost=boost)


def _reranked(scores: Scores, judged: float, plan: RetrievalPlan, weight: float, boost: float) -> Parts:
    if not plan.blends_rerank:
        return Parts(rerank=judged, boost=boost)
    share = blend_weight(plan, weight)
    return Parts((1.0 - share) * (scores.lexical_share or 0.0), rerank=share * clamped(judged), boost=boost)
