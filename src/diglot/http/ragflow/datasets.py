"""/datasets"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.errors import DatasetNotFound, DatasetsMissing, DiglotError, ModelNotFound, NameInvalid, NameTaken
from diglot.domain.identity import DatasetId, parse_id
from diglot.domain.page import Order
from diglot.domain.rules import ChunkingRules, ChunkMethod
from diglot.http.answers import Answer
from diglot.http.operations import Call, ErrorForm, Operation
from diglot.http.ragflow import models, wire_datasets
from diglot.http.ragflow import wire_dataset_answers as wire_answers
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.chunking import first_config, method_of, next_config, rules_of
from diglot.http.ragflow.dataset_bodies import PERMISSIONS, dataset_body, listed_body, parsing_status, whole_body
from diglot.http.ragflow.errors import Refused, data_error, field_error
from diglot.http.ragflow.lookups import dataset_of
from diglot.http.ragflow.parser_config import ParserConfig
from diglot.library.access import opened
from diglot.library.datasets import DatasetChange, DatasetFilter
from diglot.library.rulebook import NextRules

TAG = "Datasets"
Forms = Mapping[type[DiglotError], ErrorForm]
NAME_BYTES = 128
ORDERS = {"create_time": Order.CREATED, "update_time": Order.UPDATED}
LACKS_ONE = "User '{tenant}' lacks permission for dataset '{missing}'"
LACKS_SOME = "User '{tenant}' lacks permission for datasets: '{missing}'"
ID_AND_IDS = "Cannot use both 'id' and 'ids' parameters at the same time."


def create(call: Call) -> Answer:
    sent: wire_datasets.CreateDataset = call.body
    if len(sent.name.encode()) > NAME_BYTES:
        raise data_error(f"Dataset name length is {len(sent.name)} which is larger than {NAME_BYTES}")
    method = ChunkMethod(sent.chunk_method)
    created = call.house.datasets.create(
        call.caller,
        sent.name,
        description=sent.description,
        permission=PERMISSIONS[sent.permission],
        indexing=Indexing.HIGH_QUALITY,
        embedding_model=models.chosen_first(call.house, sent.embedding_model),
        rules=rules_of(method, first_config(method, _config(sent))),
        avatar=sent.avatar,
        language=sent.language,
        attributes={"pipeline_id": sent.pipeline_id} if sent.pipeline_id else None,
        is_numbered=True,
    )
    return done(dataset_body(created, *_facts(call, created)))


def list_datasets(call: Call) -> Answer:
    query: wire_datasets.DatasetsQuery = call.query
    if query.type is not None:
        return done(_owners(call))
    page = call.house.datasets.list(
        call.caller,
        offset=query.offset,
        limit=query.page_size,
        only=_narrowed(call, query),
        order=ORDERS[query.orderby],
        is_descending=query.desc,
    )
    return done(_listed(call, page.items, query.include_parsing_status), total_datasets=page.total)


def get(call: Call) -> Answer:
    dataset = _dataset(call)
    return done(whole_body(dataset, *_facts(call, dataset)))


def update(call: Call) -> Answer:
    sent: wire_datasets.UpdateDataset = call.body
    if parse_id(call.path["dataset_id"]) is None:
        raise field_error("dataset_id", "Invalid UUID format", call.path["dataset_id"])
    if not sent.model_fields_set:
        raise data_error("no properties were modified")
    dataset = _dataset(call)
    changed = call.house.datasets.update(call.caller, dataset.id, _change(call, sent))
    return done(dataset_body(changed, *_facts(call, changed)) | {"connectors": []})


def remove(call: Call) -> Answer:
    sent: wire_datasets.DeleteDatasets = call.body
    ids = [DatasetId(one) for one in sent.ids or ()]
    if not ids and sent.delete_all:
        ids = [dataset.id for dataset in call.house.datasets.every(call.caller)]
    _require_known(call, ids, LACKS_SOME)
    return done({"success_count": call.house.datasets.remove_many(call.caller, ids) if ids else 0})


def ingestions(call: Call) -> Answer:
    dataset = _dataset(call)
    [phases] = call.house.datasets.phases(call.caller, [dataset.id]).values()
    counts = {"doc_num": dataset.document_count, "chunk_num": dataset.chunk_count, "token_num": dataset.token_count}
    return done(counts | {"status": parsing_status(phases)})


def _dataset(call: Call) -> Dataset:
    return dataset_of(call, _lacking(call, call.path["dataset_id"]))


def _lacking(call: Call, missing: str, words: str = LACKS_ONE) -> Refused:
    return data_error(words.format(tenant=call.caller.workspace_id, missing=missing))


def _require_known(call: Call, ids: Sequence[DatasetId], words: str) -> None:
    """All of them are there and open, or nothing is done."""
    try:
        found = call.house.datasets.many(call.caller, ids)
    except DatasetsMissing as error:
        raise _lacking(call, ", ".join(error.ids), words) from error
    for dataset in found:
        opened(call.caller, dataset)


def _narrowed(call: Call, query: wire_datasets.DatasetsQuery) -> DatasetFilter:
    """An unknown id or name is refused; two that are known and do not fit together find nothing."""
    if query.id and query.ids:
        raise data_error(ID_AND_IDS)
    sent = query.ids if query.id is None else [query.id]
    ids = [DatasetId(one) for one in sent]
    _require_known(call, ids, LACKS_ONE if query.id else LACKS_SOME)
    named = DatasetFilter(name=query.name or None)
    if query.name and not call.house.datasets.list(call.caller, limit=1, only=named).total:
        raise _lacking(call, query.name)
    return DatasetFilter(keyword=query.keywords, name=query.name or None, ids=ids or None)


def _listed(call: Call, datasets: Sequence[Dataset], counts_phases: bool) -> list[dict[str, Any]]:
    ids = [dataset.id for dataset in datasets]
    rules = call.house.rulebook.of_datasets(datasets)
    shown = {name: models.shown(call.house, name) for name in {dataset.embedding_model for dataset in datasets}}
    bodies = [listed_body(one, rules.get(one.id), shown[one.embedding_model]) for one in datasets]
    if counts_phases:
        phases = call.house.datasets.phases(call.caller, ids)
        for body, dataset_id in zip(bodies, ids, strict=True):
            counts = parsing_status(phases[dataset_id])
            body |= counts | {"parsing_status": counts}
    return bodies


def _owners(call: Call) -> dict[str, Any]:
    total = call.house.datasets.list(call.caller, limit=1).total
    owner = {"id": call.caller.workspace_id, "label": "", "count": total}
    return {"filter": {"owner": [owner] if total else []}, "total": total}


def _facts(call: Call, dataset: Dataset) -> tuple[ChunkingRules | None, str]:
    """What a body shows beside the dataset's row."""
    return _rules(call, dataset), models.shown(call.house, dataset.embedding_model)


def _rules(call: Call, dataset: Dataset) -> ChunkingRules | None:
    return call.house.rulebook.of_datasets([dataset]).get(dataset.id)


def _config(sent: wire_datasets.DatasetFields) -> ParserConfig | None:
    """`auto_metadata_config` is kept as a part of parser_config."""
    auto = sent.auto_metadata_config
    if auto is None:
        return sent.parser_config
    given = {} if sent.parser_config is None else sent.parser_config.model_dump(exclude_unset=True)
    fields = {"metadata": [field.model_dump() for field in auto.fields], "enable_metadata": auto.enabled}
    return ParserConfig.model_validate(given | fields)


def _change(call: Call, sent: wire_datasets.UpdateDataset) -> DatasetChange:
    fields = sent.model_fields_set
    model = models.chosen(call.house, sent.embedding_model)
    return DatasetChange(
        name=sent.name if "name" in fields else None,
        description=sent.description,
        permission=PERMISSIONS[sent.permission] if "permission" in fields else None,
        indexing=Indexing.HIGH_QUALITY if model is not None else None,
        embedding_model=model,
        next_rules=_next_rules(sent),
        avatar=sent.avatar,
        language=sent.language,
        boost=sent.pagerank if "pagerank" in fields else None,
        attributes={"pipeline_id": sent.pipeline_id} if "pipeline_id" in fields else None,
        is_case_blind=True,
        emptied=frozenset(name for name in ("description", "avatar") if name in fields and getattr(sent, name) is None),
    )


def _next_rules(sent: wire_datasets.UpdateDataset) -> NextRules | None:
    """None where nothing about the rules was sent, so that those another dialect made stay as they are."""
    given = _config(sent)
    chosen = ChunkMethod(sent.chunk_method) if "chunk_method" in sent.model_fields_set else None
    return None if given is None and chosen is None else partial(_after, chosen=chosen, given=given)


def _after(
    before: ChunkingRules | None, chosen: ChunkMethod | None, given: ParserConfig | None
) -> ChunkingRules | None:
    method = chosen or method_of(before)
    if given is None and before is not None and method is before.method:
        return None
    return rules_of(method, next_config(before, method, given))


DATASET_ID = "0192f0c47e1a7c3b9d523f6b8a1c2d3e"
DATASET_EXAMPLE: dict[str, Any] = {
    "id": DATASET_ID,
    "name": "Product documentation",
    "avatar": None,
    "description": None,
    "language": "English",
    "tenant_id": "0192f0c47e1a7c3b9d523f6b8a1c2d40",
    "created_by": "0192f0c47e1a7c3b9d523f6b8a1c2d41",
    "embedding_model": "diglot/lexical@diglot",
    "permission": "me",
    "document_count": 0,
    "chunk_count": 0,
    "token_num": 0,
    "chunk_method": "one",
    "parser_config": {"table_context_size": 0, "image_context_size": 0, "llm_id": ""},
    "pagerank": 0,
    "similarity_threshold": 0.2,
    "vector_similarity_weight": 0.3,
    "status": "1",
    "pipeline_id": None,
    "create_date": "Mon, 17 Jun 2024 16:00:05 GMT",
    "create_time": 1718640005000,
    "update_date": "Mon, 17 Jun 2024 16:00:05 GMT",
    "update_time": 1718640005000,
}
CHANGED_EXAMPLE: dict[str, Any] = DATASET_EXAMPLE | {"connectors": []}
LISTED_EXAMPLE = DATASET_EXAMPLE | {
    "nickname": "",
    "tenant_avatar": None,
    "embedding_model_name": "diglot/lexical",
}
DONE_EXAMPLE = {"code": 0, "message": "success"}
COUNTS_EXAMPLE = {"unstart_count": 1, "running_count": 0, "cancel_count": 0, "done_count": 3, "fail_count": 0}
# Tenant and id stand in braces where the documentation shows the message.
FOREIGN: Forms = {DatasetNotFound: ErrorForm(200, "102", LACKS_ONE), DatasetsMissing: ErrorForm(200, "102", LACKS_SOME)}
NO_MODEL: Forms = {ModelNotFound: ErrorForm(200, "102", "Model {model} not found for model embedding")}
TAKEN: Forms = {NameTaken: ErrorForm(200, "102", "Dataset name '{name}' already exists")}


def _update(identity: str, method: str, is_deprecated: bool = False) -> Operation:
    return Operation(
        id=identity,
        method=method,
        path="/datasets/{dataset_id}",
        tag=TAG,
        summary="Change a dataset",
        description="Only the fields that are sent change. Another embedding model has a new index built beside the "
        "old one, which answers until the new one is complete. Another method begins with its own defaults.",
        handler=update,
        body=wire_datasets.UpdateDataset,
        body_example={"name": "Manuals", "pagerank": 10},
        answer=wire_answers.ChangedDatasetReply,
        answer_example=DONE_EXAMPLE | {"data": CHANGED_EXAMPLE},
        errors=(DatasetNotFound, NameTaken, NameInvalid, ModelNotFound),
        forms={**FOREIGN, **NO_MODEL, **TAKEN},
        checks_media_type=True,
        is_deprecated=is_deprecated,
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="createDataset",
        method="POST",
        path="/datasets",
        tag=TAG,
        summary="Create a dataset",
        description="A name that is taken, in either case, gets a number: `manuals(1)`.",
        handler=create,
        body=wire_datasets.CreateDataset,
        body_example={"name": "Product documentation", "chunk_method": "one"},
        answer=wire_answers.DatasetReply,
        answer_example=DONE_EXAMPLE | {"data": DATASET_EXAMPLE},
        errors=(NameInvalid, ModelNotFound),
        forms=NO_MODEL,
        checks_media_type=True,
    ),
    Operation(
        id="listDatasets",
        method="GET",
        path="/datasets",
        tag=TAG,
        summary="List datasets",
        description="Newest first, unless asked otherwise. An id or a name that is unknown is an error.",
        handler=list_datasets,
        query=wire_datasets.DatasetsQuery,
        answer=wire_answers.DatasetsReply,
        answer_example=DONE_EXAMPLE | {"data": [LISTED_EXAMPLE], "total_datasets": 1},
        errors=(DatasetNotFound, DatasetsMissing),
        forms=FOREIGN,
        keeps_blanks=True,
    ),
    Operation(
        id="deleteDatasets",
        method="DELETE",
        path="/datasets",
        tag=TAG,
        summary="Delete datasets",
        description="All of those that are named or, if one is unknown, none. With neither ids nor `delete_all` "
        "nothing is deleted. From the answer on, nothing of them is found.",
        handler=remove,
        body=wire_datasets.DeleteDatasets,
        body_example={"ids": [DATASET_ID]},
        answer=wire_answers.DeletedDatasetsReply,
        answer_example=DONE_EXAMPLE | {"data": {"success_count": 1}},
        errors=(DatasetsMissing,),
        forms=FOREIGN,
        checks_media_type=True,
    ),
    Operation(
        id="getDataset",
        method="GET",
        path="/datasets/{dataset_id}",
        tag=TAG,
        summary="Get a dataset",
        description="One dataset with its settings and counts, and the size of its files.",
        handler=get,
        answer=wire_answers.WholeDatasetReply,
        answer_example=DONE_EXAMPLE | {"data": CHANGED_EXAMPLE | {"size": 0}},
        errors=(DatasetNotFound,),
        forms=FOREIGN,
    ),
    _update("updateDataset", "PUT"),
    _update("updateDatasetByPatch", "PATCH", is_deprecated=True),
    Operation(
        id="getIngestionSummary",
        method="GET",
        path="/datasets/{dataset_id}/ingestions/summary",
        tag=TAG,
        summary="Count a dataset's documents by state",
        description="With the numbers of documents, chunks and tokens.",
        handler=ingestions,
        answer=wire_answers.IngestionsReply,
        answer_example=DONE_EXAMPLE
        | {"data": {"doc_num": 4, "chunk_num": 31, "token_num": 5200, "status": COUNTS_EXAMPLE}},
        errors=(DatasetNotFound,),
        forms=FOREIGN,
    ),
)
