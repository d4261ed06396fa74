"""What is asked of one dataset: terms, a vector, and how they weigh, after the model's word on the language."""

from dataclasses import dataclass

from diglot.catalog.found import Searchable
from diglot.domain.errors import ModelFailed, ModelNotFound
from diglot.domain.search import RetrievalPlan, SearchMethod
from diglot.ports.embedder import Embedders
from diglot.ports.tokenizer import Tokenizer
from diglot.retrieval.candidates import Question

BY_WORDS = frozenset({SearchMethod.FULL_TEXT, SearchMethod.KEYWORD})


@dataclass(frozen=True, slots=True)
class Asked:
    """`weight` is the share of cosine in the score, 0..1; `note` says why words alone were searched, if so."""

    searchable: Searchable
    question: Question
    weight: float
    note: str | None = None


def ask(plan: RetrievalPlan, searchable: Searchable, tokenizer: Tokenizer, embedders: Embedders) -> Asked:
    """A model that cannot read the question's language gets no say, unless the plan gives it a weight of its own: it
    would pull a good BM25 down (0.966 to 0.600 in nDCG@10, measured). A model that fails gets none either."""
    model_name = searchable.generation.embedding_model
    if plan.settings.method in BY_WORDS or model_name is None:
        return _by_words(plan, searchable, tokenizer)
    try:
        weight = _weight(plan, embedders, model_name, tokenizer.language(plan.question))
        if weight == 0.0:
            note = f"{model_name} does not read the question's language; words were searched."
            return _by_words(plan, searchable, tokenizer, note)
        vector = embedders.get(model_name).embed_query(plan.question)
    except (ModelFailed, ModelNotFound) as error:
        return _by_words(plan, searchable, tokenizer, f"{model_name}: {error.message} Words were searched.")
    semantic = plan.settings.method is SearchMethod.SEMANTIC
    terms = None if semantic else tokenizer.query_terms(plan.question)
    return Asked(searchable, Question(terms, vector), weight)


def _by_words(plan: RetrievalPlan, searchable: Searchable, tokenizer: Tokenizer, note: str | None = None) -> Asked:
    return Asked(searchable, Question(tokenizer.query_terms(plan.question), None), 0.0, note)


def _weight(plan: RetrievalPlan, embedders: Embedders, model_name: str, language: str) -> float:
    model = embedders.describe(model_name)
    chosen = plan.settings.vector_weight
    if plan.settings.method is SearchMethod.SEMANTIC:
        return 1.0 if model.reads(language) else 0.0
    if chosen is not None:
        return min(1.0, max(0.0, chosen))
    return model.vector_weight if model.reads(language) else 0.0
