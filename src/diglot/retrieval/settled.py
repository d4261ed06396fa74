"""How each dataset was asked in the end, and what settled it."""

from dataclasses import dataclass
from enum import StrEnum

from diglot.domain.errors import ModelFailed, ModelNotFound
from diglot.domain.identity import DatasetId
from diglot.domain.search import RetrievalPlan, SearchMethod
from diglot.ports.embedder import Embedders
from diglot.retrieval.asking import BY_WORDS, Asked, clamped


class WeightOrigin(StrEnum):
    """What settled the weight of vectors. API: the default of the API that asked."""

    REQUEST = "request"
    API = "api"
    MODEL = "model"
    METHOD = "method"
    LANGUAGE = "language"
    NO_VECTORS = "no_vectors"
    MODEL_FAILED = "model_failed"


@dataclass(frozen=True, slots=True)
class Searched:
    """`reads`: whether the dataset's model reads the question's language, None where there is no such model."""

    dataset_id: DatasetId
    model: str | None
    weight: float
    origin: WeightOrigin
    reads: bool | None
    boost: float
    by_words: bool
    by_vectors: bool


def searched(plan: RetrievalPlan, asked: Asked, language: str, embedders: Embedders) -> Searched:
    generation, wording = asked.searchable.generation, asked.wording
    reads = _reads(generation.embedding_model, language, embedders)
    return Searched(
        dataset_id=asked.searchable.dataset_id,
        model=generation.embedding_model,
        weight=wording.weight,
        origin=_origin(plan, asked, reads),
        reads=reads,
        boost=plan.boosts.get(asked.searchable.dataset_id, 0.0),
        by_words=wording.question.terms is not None,
        by_vectors=wording.question.vector is not None,
    )


def _reads(model: str | None, language: str, embedders: Embedders) -> bool | None:
    try:
        return None if model is None else embedders.describe(model).reads(language)
    except (ModelNotFound, ModelFailed):
        return None


def _origin(plan: RetrievalPlan, asked: Asked, reads: bool | None) -> WeightOrigin:
    settings = plan.settings
    is_semantic = settings.method is SearchMethod.SEMANTIC
    is_chosen = settings.vector_weight is not None and not is_semantic
    if asked.searchable.generation.embedding_model is None:
        return WeightOrigin.NO_VECTORS
    if settings.method in BY_WORDS:
        return WeightOrigin.METHOD
    if reads is False and not is_chosen:
        return WeightOrigin.LANGUAGE
    if asked.wording.note is not None and not (reads is False and clamped(settings.vector_weight or 0.0) == 0.0):
        # The one other note is on a language that is not read.
        return WeightOrigin.MODEL_FAILED
    if is_semantic:
        return WeightOrigin.METHOD
    if is_chosen:
        return WeightOrigin.REQUEST
    return WeightOrigin.MODEL if plan.default_weight is None else WeightOrigin.API
