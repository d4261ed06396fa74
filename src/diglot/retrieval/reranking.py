"""A second opinion on the best candidates."""

from collections.abc import Mapping
from dataclasses import replace

from diglot.domain.identity import DatasetId
from diglot.domain.search import Hit, RetrievalPlan
from diglot.ports.reranker import Reranker
from diglot.retrieval.asking import clamped
from diglot.retrieval.windows import ordered


def rerank(reranker: Reranker, plan: RetrievalPlan, weights: Mapping[DatasetId, float], hits: list[Hit]) -> list[Hit]:
    """The hits in their new order. The reranker's score becomes the final one; where the plan blends, it takes the
    place of the cosine: final = (1 - weight) * share of words + weight * score, by each dataset's weight of vectors.
    Boosts and what tags add come on top of either."""
    if not hits:
        return hits
    scores = reranker.rerank(plan.question, [hit.matched_text for hit in hits])
    return ordered([_judged(plan, weights, hit, score) for hit, score in zip(hits, scores, strict=True)], plan.window)


def _judged(plan: RetrievalPlan, weights: Mapping[DatasetId, float], hit: Hit, score: float) -> Hit:
    dataset_id = hit.chunk.dataset_id
    final = _blended(plan, weights[dataset_id], hit, score) if plan.blends_rerank else score
    boosted = final + plan.boosts.get(dataset_id, 0.0) + (hit.scores.tags or 0.0)
    return replace(hit, scores=replace(hit.scores, rerank=score, final=boosted))


def _blended(plan: RetrievalPlan, weight: float, hit: Hit, score: float) -> float:
    share = blend_weight(plan, weight)
    return (1.0 - share) * (hit.scores.lexical_share or 0.0) + share * clamped(score)


def blend_weight(plan: RetrievalPlan, weight: float) -> float:
    """The reranker's share where the plan blends; `weight` is that of vectors."""
    # That the embedding model does not read the question's language says nothing about the reranker.
    chosen = plan.default_weight if plan.settings.vector_weight is None else plan.settings.vector_weight
    return weight if chosen is None else clamped(chosen)
