"""A question in any dialect's form, as a plan. The one place that knows how the others ask."""

from dataclasses import dataclass
from typing import Any

from diglot.domain.conditions import Condition, Conditions, Operator
from diglot.domain.dataset import Dataset
from diglot.domain.errors import DatasetNotFound, InvalidArgument
from diglot.domain.identity import DatasetId, DocumentId, parse_id
from diglot.domain.search import RetrievalPlan, RetrievalSettings, SearchMethod
from diglot.http.dify import searching as dify
from diglot.http.native import wire_explaining as wire
from diglot.http.operations import Call
from diglot.http.ragflow import searching as ragflow
from diglot.http.ragflow.errors import Refused
from diglot.library.access import opened

TOP_K = 10
# Of several values none may be chosen: then IN is met by nothing and NOT_IN by whatever has a value.
WITHOUT_VALUE = frozenset({Operator.EMPTY, Operator.NOT_EMPTY, Operator.LACKING, Operator.IN, Operator.NOT_IN})
OURS = ("method", "top_k", "threshold", "vector_weight", "reranker", "conditions", "document_ids")


@dataclass(frozen=True, slots=True)
class Asked:
    """`page`: what of the hits a client of the dialect would be shown, None: all."""

    plan: RetrievalPlan
    page: slice | None = None


def asked_of(call: Call) -> Asked:
    """`DatasetNotFound`, `ApiDisabled`, `InvalidArgument`"""
    sent: wire.Explain = call.body
    ways = [name for name in (*OURS, "dify", "ragflow") if getattr(sent, name) is not None]
    if ("dify" in ways or "ragflow" in ways) and len(ways) > 1:
        raise InvalidArgument("Settings are taken in one form at a time: ours, Dify's or RAGFlow's.", ways[-1])
    if sent.ragflow is not None:
        return _as_ragflow(call, sent)
    datasets = _datasets(call, sent)
    return Asked(_as_dify(call, sent, datasets) if sent.dify is not None else _ours(call, sent, datasets))


def _ours(call: Call, sent: wire.Explain, datasets: list[Dataset]) -> RetrievalPlan:
    settings = RetrievalSettings(
        method=sent.method or SearchMethod.HYBRID,
        top_k=sent.top_k or TOP_K,
        threshold=sent.threshold,
        vector_weight=sent.vector_weight,
        reranker=_reranker(call, sent),
    )
    return RetrievalPlan(
        workspace_id=call.caller.workspace_id,
        datasets=tuple(dict.fromkeys(dataset.id for dataset in datasets)),
        question=_required(sent.query, "query"),
        settings=settings,
        documents=None if sent.document_ids is None else _documents(sent.document_ids),
        conditions=None if sent.conditions is None else _conditions(sent.conditions),
    )


def _as_dify(call: Call, sent: wire.Explain, datasets: list[Dataset]) -> RetrievalPlan:
    if len(datasets) != 1:
        raise InvalidArgument("Dify's API searches one dataset at a time.", "dataset_ids")
    assert sent.dify is not None
    body = sent.dify.model_copy(update=_once("query", sent.dify.query, sent.query, "query"))
    return dify.plan_of(_call_of(call, body, datasets[0]))


def _as_ragflow(call: Call, sent: wire.Explain) -> Asked:
    """RAGFlow's own words for what is wrong with its body."""
    assert sent.ragflow is not None
    more = _once("question", sent.ragflow.question, sent.query, "query")
    if sent.dataset_ids is not None:
        ids = [dataset.id for dataset in _datasets(call, sent)]
        more |= _once("dataset_ids", sent.ragflow.dataset_ids, ids, "dataset_ids")
    try:
        asked = ragflow.plan_asked(_call_of(call, sent.ragflow.model_copy(update=more)))
    except Refused as error:
        raise InvalidArgument(error.message, "ragflow") from error
    if asked is None:
        raise InvalidArgument("A blank question finds nothing.", "query")
    plan, page = asked
    return Asked(plan, slice(page.offset, page.offset + page.size))


def _call_of(call: Call, body: Any, facts: Any = None) -> Call:
    """As the other dialect would have it."""
    other = Call(call.house, {})
    other.caller, other.body, other.facts = call.caller, body, facts
    return other


def _once(name: str, inside: Any, outside: Any, argument: str) -> dict[str, Any]:
    if inside is not None and outside is not None:
        raise InvalidArgument(f"{name} stands in the body of the other API already.", argument)
    return {} if outside is None else {name: outside}


def _datasets(call: Call, sent: wire.Explain) -> list[Dataset]:
    found = [_dataset(call, one) for one in _required(sent.dataset_ids, "dataset_ids")]
    return [opened(call.caller, dataset) for dataset in found]


def _dataset(call: Call, sent: str) -> Dataset:
    plain = parse_id(sent)
    if plain is None:
        raise DatasetNotFound
    return call.house.datasets.get(call.caller, DatasetId(plain))


def _reranker(call: Call, sent: wire.Explain) -> str | None:
    if sent.reranker is None:
        return None
    known = call.house.rerankers.resolve(sent.reranker)
    if known is None:
        raise InvalidArgument(f"There is no reranking model named {sent.reranker!r}.", "reranker")
    return known


def _documents(sent: list[str]) -> frozenset[DocumentId]:
    """What is no id is no document."""
    return frozenset(DocumentId(plain) for plain in map(parse_id, sent) if plain is not None)


def _conditions(sent: wire.ConditionsSent) -> Conditions:
    return Conditions(tuple(map(_condition, sent.items)), sent.logic)


def _condition(sent: wire.ConditionSent) -> Condition:
    if not sent.name and sent.attribute is None:
        raise InvalidArgument("A condition speaks of a name or of an attribute.", "conditions.items.name")
    if not sent.values and sent.operator not in WITHOUT_VALUE:
        raise InvalidArgument(f"The operator {sent.operator.value!r} takes a value.", "conditions.items.values")
    return Condition(sent.name, sent.operator, tuple(sent.values), sent.attribute)


def _required(value: Any, argument: str) -> Any:
    if value is None:
        raise InvalidArgument(f"{argument} is required.", argument)
    return value
