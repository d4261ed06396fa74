"""`retrieval_model`: how a dataset is searched, from Dify's words to ours and back. Pure functions."""

from collections.abc import Mapping
from typing import Any

from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.search import MAX_TOP_K, RetrievalSettings, SearchMethod
from diglot.http.dify import wire

KEYWORD_SEARCH = "keyword_search"
METHODS: Mapping[wire.SearchMethod, SearchMethod] = {
    "semantic_search": SearchMethod.SEMANTIC,
    "full_text_search": SearchMethod.FULL_TEXT,
    "hybrid_search": SearchMethod.HYBRID,
    "keyword_search": SearchMethod.KEYWORD,
}
METHOD_NAMES = {method: name for name, method in METHODS.items()}
NO_MODEL = {"reranking_provider_name": "", "reranking_model_name": ""}
CONDITIONS = "metadata_filtering_conditions"
# What Dify shows of a dataset for which nobody chose, though it answers such a dataset's questions with more.
UNCHOSEN_TOP_K = 2


def settings_of(sent: wire.RetrievalModel) -> RetrievalSettings:
    """The names of models are not looked up here, and conditions are another matter: `kept_conditions`."""
    return RetrievalSettings(
        method=METHODS[sent.search_method],
        top_k=_top_k(sent),
        threshold=(sent.score_threshold or 0.0) if sent.score_threshold_enabled else None,
        vector_weight=None if sent.weights is None else _vector_weight(sent.weights),
        reranker=_reranker(sent),
    )


def words_of(sent: wire.RetrievalModel) -> dict[str, Any]:
    """As Dify shows it: what was sent, with a value for every key. Conditions only where there are some."""
    words = {
        "search_method": sent.search_method,
        "reranking_enable": bool(sent.reranking_enable),
        "reranking_mode": sent.reranking_mode,
        "reranking_model": NO_MODEL
        | (sent.reranking_model.model_dump(exclude_none=True) if sent.reranking_model else {}),
        "weights": None if sent.weights is None else sent.weights.model_dump(),
        "top_k": _top_k(sent),
        "score_threshold_enabled": bool(sent.score_threshold_enabled),
        "score_threshold": sent.score_threshold,
    }
    conditions = sent.metadata_filtering_conditions
    return words if conditions is None else words | {CONDITIONS: conditions.model_dump()}


def stored_settings(dataset: Dataset) -> RetrievalSettings:
    return RetrievalSettings.from_json(dataset.retrieval) if dataset.retrieval else RetrievalSettings()


def kept_conditions(settings: RetrievalSettings) -> wire.MetadataFilter | None:
    """Those that a dataset's own settings came with."""
    kept = (settings.kept or {}).get(CONDITIONS)
    return None if kept is None else wire.MetadataFilter.model_validate(kept)


def shown(dataset: Dataset) -> dict[str, Any]:
    """`retrieval_model_dict`. Without vectors a dataset is searched by words, whatever was chosen."""
    settings = stored_settings(dataset) if dataset.retrieval else RetrievalSettings(top_k=UNCHOSEN_TOP_K)
    words = words_of(worded(settings)) if settings.kept is None else dict(settings.kept)
    return words | {"search_method": KEYWORD_SEARCH} if dataset.indexing is Indexing.ECONOMY else words


def worded(settings: RetrievalSettings) -> wire.RetrievalModel:
    """What somebody would send who wants these settings."""
    is_reranked, weight = settings.reranker is not None, settings.vector_weight
    words = {
        "search_method": METHOD_NAMES[settings.method],
        "reranking_enable": is_reranked,
        "reranking_mode": "reranking_model" if is_reranked else None if weight is None else "weighted_score",
        "reranking_model": {"reranking_model_name": settings.reranker},
        "weights": None if weight is None else _weights(weight),
        "top_k": settings.top_k,
        "score_threshold_enabled": settings.threshold is not None,
        "score_threshold": settings.threshold,
    }
    return wire.RetrievalModel.model_validate(words)


def _top_k(sent: wire.RetrievalModel) -> int:
    return min(sent.top_k or RetrievalSettings().top_k, MAX_TOP_K)


def _vector_weight(weights: wire.Weights) -> float | None:
    """The vector's share of both weights: only their proportion matters to the order. One alone is of a sum of 1."""
    vector = None if weights.vector_setting is None else weights.vector_setting.vector_weight
    keyword = None if weights.keyword_setting is None else weights.keyword_setting.keyword_weight
    if vector is None:
        return None if keyword is None else 1.0 - min(keyword, 1.0)
    total = vector + (1.0 - min(vector, 1.0) if keyword is None else keyword)
    return vector / total if total > 0 else None


def _weights(vector_weight: float) -> dict[str, Any]:
    return {
        "weight_type": "customized",
        "vector_setting": {"vector_weight": vector_weight},
        "keyword_setting": {"keyword_weight": round(1.0 - vector_weight, 6)},
    }


def _reranker(sent: wire.RetrievalModel) -> str | None:
    if not sent.reranking_enable or sent.reranking_mode == "weighted_score" or sent.reranking_model is None:
        return None
    return sent.reranking_model.reranking_model_name or None
