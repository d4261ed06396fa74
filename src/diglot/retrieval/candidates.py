"""What the index offers for a question: two legs, joined by chunk."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from diglot.domain.dataset import Generation
from diglot.ports.index import Index, Vector


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the index takes it: terms and a vector, None where that leg is off."""

    terms: list[str] | None
    vector: Vector | None


@dataclass(frozen=True, slots=True)
class Legs:
    """Raw BM25 and cosine by chunk key; `is_exhausted` when neither leg had more to give than the depth asked for."""

    lexical: dict[int, float]
    vector: dict[int, float]
    is_exhausted: bool


def gather(
    index: Index, generation: Generation, question: Question, depth: int, groups: Collection[int] | None
) -> Legs:
    """Both legs `depth` deep. A chunk found by words alone gets its cosine too, so that fusion never punishes it for
    standing just below the vector leg's end; one found by its vector alone keeps no BM25, which would be near 0."""
    words = index.search_text(generation, question.terms, depth, groups) if question.terms else []
    lexical = {key: score for key, _, score in words}
    if question.vector is None:
        return Legs(lexical, {}, len(words) < depth)
    near = index.search_vector(generation, question.vector, depth, groups)
    vector = {key: score for key, _, score in near}
    missing = [key for key in lexical if key not in vector]
    if missing:
        scores = index.vector_scores(generation, question.vector, missing)
        vector.update((key, score) for key, score in zip(missing, scores, strict=True) if score is not None)
    return Legs(lexical, vector, len(words) < depth and len(near) < depth)


def joined(each: Iterable[Legs]) -> Legs:
    """Legs of several datasets as one: chunk keys are the catalog's own, so no two datasets share one."""
    lexical: dict[int, float] = {}
    vector: dict[int, float] = {}
    is_exhausted = True
    for legs in each:
        lexical |= legs.lexical
        vector |= legs.vector
        is_exhausted = is_exhausted and legs.is_exhausted
    return Legs(lexical, vector, is_exhausted)
