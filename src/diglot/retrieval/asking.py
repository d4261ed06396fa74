"""What is asked of each dataset: terms, a vector, and how they weigh, after the model's word on the language."""

from collections.abc import Sequence
from dataclasses import dataclass

from diglot.catalog.found import Searchable
from diglot.domain.errors import ModelFailed, ModelNotFound
from diglot.domain.search import RetrievalPlan, SearchMethod
from diglot.ports.embedder import Embedders, EmbeddingModel
from diglot.ports.tokenizer import Tokenizer
from diglot.retrieval.candidates import Question

BY_WORDS = frozenset({SearchMethod.FULL_TEXT, SearchMethod.KEYWORD})


@dataclass(frozen=True, slots=True)
class Wording:
    """A question as one model takes it. `weight` is the share of cosine in the score, 0..1; `note` says why words alone
    are searched, if so."""

    question: Question
    weight: float
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    searchable: Searchable
    wording: Wording


def ask(
    plan: RetrievalPlan, searchables: Sequence[Searchable], tokenizer: Tokenizer, embedders: Embedders
) -> list[Asked]:
    """Datasets of one model are asked the same: the question is embedded once, and a model that fails is tried once."""
    models = {one.generation.embedding_model for one in searchables}
    wordings = {model: _wording(plan, model, tokenizer, embedders) for model in models}
    return [Asked(one, wordings[one.generation.embedding_model]) for one in searchables]


def _wording(plan: RetrievalPlan, model_name: str | None, tokenizer: Tokenizer, embedders: Embedders) -> Wording:
    """A model that cannot read the question's language gets no say, unless the plan gives it a weight of its own: it
    would pull a good BM25 down (0.966 to 0.600 in nDCG@10, measured). A model that fails gets none either."""
    if plan.settings.method in BY_WORDS or model_name is None:
        return _by_words(plan, tokenizer)
    try:
        model = embedders.describe(model_name)
        reads = model.reads(tokenizer.language(plan.question))
        weight = _weight(plan, model, reads)
        if weight == 0.0:
            note = f"{model_name} does not read the question's language; words were searched."
            return _by_words(plan, tokenizer, None if reads else note)
        vector = embedders.get(model_name).embed_query(plan.question)
    except (ModelFailed, ModelNotFound) as error:
        return _by_words(plan, tokenizer, f"{model_name}: {error.message} Words were searched.")
    semantic = plan.settings.method is SearchMethod.SEMANTIC
    terms = None if semantic else tokenizer.query_terms(plan.question)
    return Wording(Question(terms, vector), weight)


def _by_words(plan: RetrievalPlan, tokenizer: Tokenizer, note: str | None = None) -> Wording:
    return Wording(Question(tokenizer.query_terms(plan.question), None), 0.0, note)


def _weight(plan: RetrievalPlan, model: EmbeddingModel, reads: bool) -> float:
    chosen = plan.settings.vector_weight
    if plan.settings.method is SearchMethod.SEMANTIC:
        return float(reads)
    if chosen is not None:
        return clamped(chosen)
    advised = model.vector_weight if plan.default_weight is None else plan.default_weight
    return clamped(advised) if reads else 0.0


def clamped(share: float) -> float:
    return min(1.0, max(0.0, share))
