"""From what a client asks to a plan: which datasets and documents, how deep, by what weights."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from diglot.domain.conditions import Conditions
from diglot.domain.dataset import Dataset
from diglot.domain.document import DocumentFilter
from diglot.domain.errors import DatasetsMissing
from diglot.domain.identity import DatasetId, DocumentId
from diglot.domain.search import RetrievalPlan, RetrievalSettings, SearchMethod
from diglot.http.operations import Call
from diglot.http.ragflow.errors import Refused, data_error
from diglot.http.ragflow.lookups import split_ids
from diglot.http.ragflow.paging import Paging
from diglot.library.access import opened

# Sent unasked by every SDK: whoever sends it has chosen nothing.
DEFAULT_WEIGHT = 0.3
LEAST_WINDOW = 64
WINDOW_OF_SINGLES = 30
DEEPEST = 4096
# What shares neither a word nor a meaning with the question is no answer, whatever threshold is asked for.
LEAST_SIMILARITY = 1e-6
NEEDS_CHAT = "`{name}` needs a chat model, and none is configured."


@dataclass(frozen=True, slots=True)
class Wanted:
    """`top_k`: what a reranker is shown at most."""

    question: str
    paging: Paging
    threshold: float
    weight: float
    top_k: int
    reranker: str | None = None
    documents: frozenset[DocumentId] | None = None
    conditions: Conditions | None = None


def plan_of(call: Call, wanted: Wanted, datasets: Sequence[Dataset]) -> RetrievalPlan:
    """All windows up to the one that the page is cut out of."""
    window = _window(wanted.paging, wanted.top_k if wanted.reranker else None)
    settings = RetrievalSettings(
        method=SearchMethod.HYBRID,
        top_k=min(_rounded_up(wanted.paging.page * wanted.paging.size, window), DEEPEST),
        threshold=max(wanted.threshold, LEAST_SIMILARITY) if wanted.weight > 0 else None,
        vector_weight=None if wanted.weight == DEFAULT_WEIGHT else wanted.weight,
        reranker=wanted.reranker,
    )
    return RetrievalPlan(
        workspace_id=datasets[0].workspace_id,
        datasets=tuple(dataset.id for dataset in datasets),
        question=wanted.question,
        settings=settings,
        documents=wanted.documents,
        conditions=wanted.conditions,
        default_weight=DEFAULT_WEIGHT,
        boosts={dataset.id: float(dataset.boost) for dataset in datasets if dataset.boost},
        blends_rerank=True,
        tag_datasets=_tag_datasets(call, datasets),
        window=window,
    )


def _tag_datasets(call: Call, datasets: Sequence[Dataset]) -> tuple[DatasetId, ...]:
    """Those that the rules chosen for the datasets name, as far as the caller reaches them."""
    rules = call.house.rulebook.many(one.rule_id for one in datasets if one.rule_id is not None).values()
    named = dict.fromkeys(one for rule in rules for one in rule.options.tag_datasets)
    reach = call.caller.datasets
    return tuple(one for one in named if reach is None or one in reach)


def _window(paging: Paging, most: int | None) -> int:
    """How many candidates are put into order at a time: whole pages."""
    window = WINDOW_OF_SINGLES if paging.size == 1 else _rounded_up(LEAST_WINDOW, paging.size)
    return window if most is None else min(window, _rounded_up(most, paging.size))


def datasets_of(call: Call, sent: Iterable[Any], not_owned: str) -> list[Dataset]:
    """`not_owned` has a place for the id that was sent. `Refused`; `ApiDisabled`."""
    named = list(dict.fromkeys(str(one) for one in sent))
    known, wrong = split_ids(named)
    missing = set(wrong)
    try:
        found = call.house.datasets.many(call.caller, map(DatasetId, known.values()))
    except DatasetsMissing as error:
        missing |= {one for one, plain in known.items() if plain in error.ids}
    if missing:
        raise data_error(not_owned.format(next(one for one in named if one in missing)))
    models = {dataset.embedding_model for dataset in found if dataset.embedding_model is not None}
    if len(models) > 1:
        raise data_error("Datasets use different embedding models.")
    return [opened(call.caller, dataset) for dataset in found]


def documents_of(call: Call, datasets: Sequence[Dataset], sent: Any) -> frozenset[DocumentId] | None:
    """None where none are named. `Refused` for one that is in none of the datasets."""
    if sent is None or sent == []:
        return None
    if not isinstance(sent, list):
        raise data_error("`documents` should be a list")
    named = list(dict.fromkeys(str(one) for one in sent))
    known, _ = split_ids(named)
    wanted = frozenset(map(DocumentId, known.values()))
    there = {one for dataset in datasets for one in _there(call, dataset, wanted)} if wanted else set()
    for one in named:
        if known.get(one) not in there:
            raise data_error(f"The datasets don't own the document {one}")
    return wanted


def reranker_of(call: Call, sent: Any) -> str | None:
    """A configured model, by its name, its alias, or name@provider."""
    if not sent:
        return None
    text = str(sent)
    known = call.house.rerankers.resolve(text) or call.house.rerankers.resolve(text.rpartition("@")[0])
    if known is None:
        raise data_error(f"`rerank_id` {text} doesn't exist")
    return known


def require_no_chat(**asked: Any) -> None:
    """`Refused` for what only a chat model could do."""
    for name, value in asked.items():
        if value and value != "false":
            raise data_error(NEEDS_CHAT.format(name=name))


def flag(sent: Any, refusal: Refused) -> bool:
    """A boolean, or the word for one; null is false."""
    if sent is None or isinstance(sent, bool):
        return bool(sent)
    if isinstance(sent, str) and sent.lower() in ("true", "false"):
        return sent.lower() == "true"
    raise refusal


def _there(call: Call, dataset: Dataset, wanted: frozenset[DocumentId]) -> list[DocumentId]:
    only = DocumentFilter(ids=wanted)
    page = call.house.documents.list(call.caller, dataset.id, limit=len(wanted), only=only)
    return [document.id for document in page.items]


def _rounded_up(number: int, step: int) -> int:
    return -(-number // step) * step
