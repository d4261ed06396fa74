"""Chunks that share tags with the question go before those that do not."""

import math
from collections.abc import Mapping
from dataclasses import replace

from diglot.domain.search import Hit
from diglot.retrieval.windows import ordered

LIKENESS = 10.0
"""What tags that are the same add to a score. RAGFlow's: any likeness outweighs words and vectors together."""


def preferred(hits: list[Hit], asked: Mapping[str, float], window: int | None) -> list[Hit]:
    """The hits in their new order, a window at a time; `asked` are the question's tags and their weights."""
    if not asked:
        return hits
    return ordered([_tagged(hit, asked) for hit in hits], window)


def _tagged(hit: Hit, asked: Mapping[str, float]) -> Hit:
    added = LIKENESS * _cosine(hit.chunk.tag_weights, asked)
    return replace(hit, scores=replace(hit.scores, final=hit.scores.final + added, tags=added))


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(weight * other[tag] for tag, weight in one.items() if tag in other)
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return shared / lengths if lengths else 0.0
