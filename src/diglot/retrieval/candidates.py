"""What the index offers for a question: two legs, joined by chunk."""

from collections.abc import Collection
from dataclasses import dataclass

from diglot.domain.dataset import Generation
from diglot.ports.index import Index, Vector


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the index takes it: terms and a vector, None where that leg is off."""

    terms: list[str] | None
    vector: Vector | None


@dataclass(slots=True)
class Found:
    """A chunk that a leg returned, with raw BM25 and cosine where known."""

    key: int
    lexical: float | None = None
    vector: float | None = None


@dataclass(frozen=True, slots=True)
class Legs:
    """The union of both legs; `is_exhausted` when neither had more to give than the depth asked for."""

    found: list[Found]
    is_exhausted: bool


def gather(
    index: Index, generation: Generation, question: Question, depth: int, groups: Collection[int] | None
) -> Legs:
    """Both legs `depth` deep. A chunk found by words alone gets its cosine too, so that fusion never punishes it for
    standing just below the vector leg's end; one found by its vector alone keeps no BM25, which would be near 0."""
    by_key: dict[int, Found] = {}
    is_exhausted = True
    if question.terms:
        leg = index.search_text(generation, question.terms, depth, groups)
        is_exhausted = len(leg) < depth
        by_key = {key: Found(key, lexical=score) for key, _, score in leg}
    if question.vector is None:
        return Legs(list(by_key.values()), is_exhausted)
    leg = index.search_vector(generation, question.vector, depth, groups)
    is_exhausted = is_exhausted and len(leg) < depth
    for key, _, score in leg:
        found = by_key.get(key)
        if found is None:
            by_key[key] = Found(key, vector=score)
        else:
            found.vector = score
    _fill_cosines(index, generation, question.vector, by_key)
    return Legs(list(by_key.values()), is_exhausted)


def _fill_cosines(index: Index, generation: Generation, vector: Vector, by_key: dict[int, Found]) -> None:
    missing = [found for found in by_key.values() if found.vector is None]
    if not missing:
        return
    for found, score in zip(
        missing, index.vector_scores(generation, vector, [found.key for found in missing]), strict=True
    ):
        found.vector = score
