"""A second opinion on the best candidates."""

from dataclasses import replace

from diglot.domain.search import Hit
from diglot.ports.reranker import Reranker


def rerank(reranker: Reranker, question: str, hits: list[Hit]) -> list[Hit]:
    """The hits in the reranker's order; its score becomes the final one."""
    if not hits:
        return hits
    scores = reranker.rerank(question, [hit.chunk.content for hit in hits])
    judged = [
        replace(hit, scores=replace(hit.scores, rerank=score, final=score))
        for hit, score in zip(hits, scores, strict=True)
    ]
    return sorted(judged, key=lambda hit: (-hit.scores.final, hit.chunk.key))
