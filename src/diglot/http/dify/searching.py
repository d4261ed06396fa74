"""Searching a dataset, and the settings that say how."""

from dataclasses import replace
from typing import Any

from diglot.domain.conditions import Conditions
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.errors import DatasetNotFound, IndexMissing, InvalidArgument
from diglot.domain.search import RetrievalPlan, RetrievalSettings, SearchMethod
from diglot.http.answers import Answer, json_answer
from diglot.http.asking import ask
from diglot.http.dify import builtin, retrieval_models, translate, wire, wire_answers
from diglot.http.dify.conditions import builtins_meant, conditions_of
from diglot.http.dify.lookups import dataset_of
from diglot.http.dify.shown import Shown
from diglot.http.house import House
from diglot.http.operations import Call, Operation

TAG = "Knowledge Bases"
NO_RERANKER = "No Rerank Model available. Please configure a valid provider in the Settings -> Model Provider."


def settings_to_keep(house: House, sent: wire.RetrievalModel | None) -> RetrievalSettings | None:
    """For a dataset of its own. `InvalidArgument` for a reranking model that this server does not know and for what is
    no condition: what a question will mean by it is settled when it is asked. One that says nothing chooses nothing."""
    if sent is None or not sent.model_fields_set:
        return None
    if sent.metadata_filtering_conditions is not None:
        conditions_of(sent.metadata_filtering_conditions, builtin.TYPES.keys())
    return replace(_settings(house, sent), kept=retrieval_models.words_of(sent))


def retrieve(call: Call) -> Answer:
    plan = plan_of(call)
    return json_answer({"query": {"content": call.body.query}, "records": _records(call, plan)})


def plan_of(call: Call) -> RetrievalPlan:
    """What a body asks of the dataset that was looked up. `InvalidArgument`"""
    question = call.body.query or ""
    if not question.strip() or len(question) > wire.QUESTION_LENGTH:
        raise InvalidArgument(f"Query is required and cannot exceed {wire.QUESTION_LENGTH} characters", "query")
    return _plan(call, question.strip())


def _plan(call: Call, question: str) -> RetrievalPlan:
    """By what came with the question and nothing else, or by all that is the dataset's own."""
    dataset, sent = dataset_of(call), call.body.retrieval_model
    if sent is not None and sent.model_fields_set:
        settings, wanted = _settings(call.house, sent), sent.metadata_filtering_conditions
    else:
        settings = retrieval_models.stored_settings(dataset)
        wanted = retrieval_models.kept_conditions(settings)
    conditions = None if wanted is None else _conditions(call, wanted)
    return RetrievalPlan(
        dataset.workspace_id, (dataset.id,), question, _possible(dataset, settings), conditions=conditions
    )


def _records(call: Call, plan: RetrievalPlan) -> list[dict[str, Any]]:
    dataset = dataset_of(call)
    hits = ask(call, "dify", "retrieve", plan, is_empty=not dataset.available_count).hits
    if not hits:
        return []
    shown = Shown.for_names(call)
    return [translate.record_body(hit, dataset, shown.by_name(hit.document)) for hit in hits]


def _settings(house: House, sent: wire.RetrievalModel) -> RetrievalSettings:
    settings = retrieval_models.settings_of(sent)
    if settings.reranker is None:
        return settings
    known = house.rerankers.resolve(settings.reranker)
    if known is None:
        raise InvalidArgument(NO_RERANKER, "reranking_model")
    return replace(settings, reranker=known)


def _conditions(call: Call, wanted: wire.MetadataFilter) -> Conditions | None:
    dataset = dataset_of(call)

    def fields() -> set[str]:
        return {field.name for field in call.house.fields.of_dataset(call.caller, dataset.id)}

    return conditions_of(wanted, builtins_meant(wanted, dataset, fields))


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
        "documents that are disabled, archived or not ready yet, are never found. Without a `retrieval_model` the "
        "dataset is searched in its own way, by its own conditions.",
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
