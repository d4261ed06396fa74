"""The order of hits that were judged anew."""

from collections.abc import Sequence

from diglot.domain.search import Hit


def ordered(judged: Sequence[Hit], window: int | None) -> list[Hit]:
    """Best first; within each `window` hits, if there is one, and the windows as they were."""
    size = window or max(len(judged), 1)
    places = {hit.chunk.key: place // size for place, hit in enumerate(judged)}
    return sorted(judged, key=lambda hit: (places[hit.chunk.key], -hit.scores.final, hit.chunk.key))
