"""Searching a dataset, and the settings that say how."""

from dataclasses import replace
from typing import Any

from diglot.domain.conditions import Conditions
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.errors import DatasetNotFound, IndexMissing, InvalidArgument
from diglot.domain.search import RetrievalPlan, RetrievalSettings, SearchMethod
from diglot.http.answers import Answer, json_answer
from diglot.http.dify import translate, wire, wire_answers
from diglot.http.dify.conditions import conditions_of
from diglot.http.dify.lookups import dataset_of
from diglot.http.dify.shown import Shown
from diglot.http.house import House
from diglot.http.operations import Call, Operation

TAG = "Knowledge Bases"


def settings_to_keep(house: House, sent: wire.RetrievalModel | None) -> RetrievalSettings | None:
    """As `settings_of`; `InvalidArgument` for conditions too: they would be forgotten."""
    if sent is not None and sent.metadata_filtering_conditions and sent.metadata_filtering_conditions.conditions:
        raise InvalidArgument("metadata_filtering_conditions can be sent with a question only.", "retrieval_model")
    return settings_of(house, sent)


def settings_of(house: House, sent: wire.RetrievalModel | None) -> RetrievalSettings | None:
    """`InvalidArgument` for a reranking model that this server does not know."""
    settings = translate.retrieval_settings(sent)
    if settings is None or settings.reranker is None:
        return settings
    known = house.rerankers.resolve(settings.reranker)
    if known is None:
        raise InvalidArgument(f"There is no reranking model named {settings.reranker!r}.", "reranking_model")
    return replace(settings, reranker=known)


def retrieve(call: Call) -> Answer:
    sent: wire.Retrieve = call.body
    question = (sent.query or "").strip()
    if not 1 <= len(question) <= wire.QUESTION_LENGTH:
        raise InvalidArgument(f"Query is required and cannot exceed {wire.QUESTION_LENGTH} characters", "query")
    dataset = dataset_of(call)
    settings = settings_of(call.house, sent.retrieval_model) or _own(dataset)
    conditions = _conditions(call, sent.retrieval_model)
    records: list[dict[str, Any]] = []
    if dataset.available_count:
        chosen = _possible(dataset, settings)
        plan = RetrievalPlan(dataset.workspace_id, (dataset.id,), question, chosen, conditions=conditions)
        hits = call.house.retriever.search(plan).hits
        shown = Shown.of(call, [hit.document for hit in hits])
        records = [translate.record_body(hit, dataset, shown.by_name(hit.document)) for hit in hits]
    return json_answer({"query": {"content": question}, "records": records})


def _conditions(call: Call, sent: wire.RetrievalModel | None) -> Conditions | None:
    if sent is None or sent.metadata_filtering_conditions is None:
        return None
    dataset = dataset_of(call)
    names = {field.name for field in call.house.fields.of_dataset(call.caller, dataset.id)}
    return conditions_of(sent.metadata_filtering_conditions, dataset, names)


def _own(dataset: Dataset) -> RetrievalSettings:
    return RetrievalSettings.from_json(dataset.retrieval) if dataset.retrieval else RetrievalSettings()


def _possible(dataset: Dataset, settings: RetrievalSettings) -> RetrievalSettings:
    """Without vectors there are only words to search by."""
    if dataset.indexing is Indexing.ECONOMY:
        return replace(settings, method=SearchMethod.KEYWORD)
    return settings


def _operation(identity: str, path: str, *, is_deprecated: bool = False) -> Operation:
    return Operation(
        id=identity,
        method="POST",
        path=path,
        tag=TAG,
        summary="Search a dataset",
        description="The chunks that answer a question best, highest score first. Disabled chunks, and those of "
        "documents that are disabled, archived or not ready yet, are never found.",
        handler=retrieve,
        body=wire.Retrieve,
        body_example={
            "query": "How long does the battery last?",
            "retrieval_model": {
                "search_method": "hybrid_search",
                "reranking_enable": False,
                "top_k": 5,
                "score_threshold_enabled": False,
            },
        },
        answer=wire_answers.Retrieved,
        errors=(DatasetNotFound, IndexMissing),
        is_deprecated=is_deprecated,
    )


OPERATIONS = (
    _operation("retrieveSegments", "/datasets/{dataset_id}/retrieve"),
    _operation("hitTesting", "/datasets/{dataset_id}/hit-testing", is_deprecated=True),
)
