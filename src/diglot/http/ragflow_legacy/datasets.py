"""/dataset and /dataset/{dataset_id}"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from diglot.domain.dataset import NAME_LENGTH, Dataset, Indexing
from diglot.domain.errors import DatasetNotFound, ModelNotFound, NameInvalid, NameTaken
from diglot.domain.rules import ChunkingRules, ChunkMethod
from diglot.http.answers import Answer
from diglot.http.house import House
from diglot.http.operations import Call, ErrorForm, Operation
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.chunking import config_of, merged, method_of, rules_of
from diglot.http.ragflow.codes import Code
from diglot.http.ragflow.errors import Refused, Unconvertible, data_error
from diglot.http.ragflow.lookups import dataset_of
from diglot.http.ragflow_legacy import examples, translate, wire, wire_answers
from diglot.http.ragflow_legacy.errors import Missing, NoName
from diglot.http.ragflow_legacy.examples import said
from diglot.library.datasets import DatasetChange
from diglot.library.rulebook import NextRules

TAG = "Datasets"
# The catalog wants a name where RAGFlow takes one of spaces alone.
NO_NAME = "untitled"
NOTHING_TO_UPDATE = "Please input at least one parameter that you want to update!"
UNKNOWN = "Can't find this dataset!"
NOT_YOURS = "The dataset cannot be found for your current account."
NOT_THE_OWNER = "Only the owner of knowledgebase is authorized for this operation!"
HAS_CHUNKS = "You have already parsed the document in this dataset, so you cannot change the embedding model."


def create(call: Call) -> Answer:
    name = _new_name(call.body)
    created = call.house.datasets.create(
        call.caller,
        name or NO_NAME,
        indexing=Indexing.HIGH_QUALITY,
        rules=translate.FIRST_RULES,
        is_numbered=True,
    )
    return done({"dataset_name": created.name, "dataset_id": created.id})


def list_datasets(call: Call) -> Answer:
    query: wire.DatasetsQuery = call.query
    window = translate.window_of(query.offset, query.count)
    page = call.house.datasets.list(
        call.caller,
        offset=window.offset,
        limit=window.limit,
        order=translate.order_of(query.orderby, "Knowledgebase"),
        is_descending=translate.flag_of(query.desc),
    )
    window.within(page.total)
    rules = call.house.rulebook.of_datasets(page.items)
    bodies = [translate.dataset_body(one, rules.get(one.id)) for one in page.items]
    return done(bodies, "List datasets successfully!")


def get(call: Call) -> Answer:
    dataset = dataset_of(call, data_error(UNKNOWN))
    return done(translate.short_body(dataset, _rules(call.house, dataset)))


def update(call: Call) -> Answer:
    sent: wire.UpdateDataset = call.body
    if sent.is_empty:
        raise data_error(NOTHING_TO_UPDATE)
    dataset = dataset_of(call, Refused(Code.OPERATING, NOT_THE_OWNER))
    changed = call.house.datasets.update(call.caller, dataset.id, _change(call.house, dataset, sent))
    return done(translate.dataset_body(changed, _rules(call.house, changed)))


def remove(call: Call) -> Answer:
    dataset = dataset_of(call, Refused(Code.OPERATING, NOT_YOURS))
    call.house.datasets.remove(call.caller, dataset.id)
    return done(message=f"Remove dataset: {call.path['dataset_id']} successfully", success=True)


def _new_name(sent: wire.CreateDataset) -> str:
    if not sent.has("name") and not sent.has("dataset_name"):
        raise Missing("name")
    name = sent.name if sent.has("name") else sent.dataset_name
    if not name:
        raise NoName
    name = name.strip()
    if len(name) > NAME_LENGTH:
        raise data_error(f"Dataset name: {name} with length {len(name)} exceeds {NAME_LENGTH}!")
    if sent.model_extra:
        raise data_error(f"fields: {list(sent.model_extra)}, are not allowed in request body.")
    return name


def _change(house: House, dataset: Dataset, sent: wire.UpdateDataset) -> DatasetChange:
    model = _model(house, dataset, sent.embedding_model_id)
    return DatasetChange(
        name=sent.name,
        description=sent.description,
        permission=translate.permission_named(sent.permission),
        language=sent.language,
        avatar=sent.photo or None,
        indexing=Indexing.HIGH_QUALITY if model is not None else None,
        embedding_model=model,
        next_rules=_next_rules(sent),
        is_case_blind=True,
    )


def _next_rules(sent: wire.UpdateDataset) -> NextRules | None:
    chosen = translate.method_named(sent.chunk_method, "chunk_method") if sent.has("chunk_method") else None
    given = {"layout_recognize": sent.layout_recognize} if sent.has("layout_recognize") else {}
    return partial(_after, chosen=chosen, given=given) if chosen or given else None


def _after(before: ChunkingRules | None, chosen: ChunkMethod | None, given: Mapping[str, Any]) -> ChunkingRules:
    return rules_of(chosen or method_of(before), merged(config_of(before), given))


def _model(house: House, dataset: Dataset, wanted: str | None) -> str | None:
    if not wanted:
        return None
    # Later clients write the provider too.
    name = house.embedders.resolve(wanted) or house.embedders.resolve(wanted.partition("@")[0])
    if dataset.chunk_count and name != dataset.embedding_model:
        raise data_error(HAS_CHUNKS)
    if name is None:
        raise ModelNotFound(f"There is no embedding model named {wanted!r}.", model=wanted)
    return name


def _rules(house: House, dataset: Dataset) -> ChunkingRules | None:
    return house.rulebook.of_datasets([dataset]).get(dataset.id)


OPERATIONS = (
    Operation(
        id="createDataset",
        method="POST",
        path="/dataset",
        tag=TAG,
        summary="Create a dataset",
        description="Makes an empty dataset. The name goes under `name` or `dataset_name`; other keys are refused.",
        handler=create,
        body=wire.CreateDataset,
        body_example={"name": "kb1"},
        answer=wire_answers.Created,
        answer_example=said(data={"dataset_name": "kb1", "dataset_id": examples.DATASET_ID}),
        errors=(NameInvalid, NoName),
        forms={NoName: ErrorForm(200, "102")},
    ),
    Operation(
        id="listDatasets",
        method="GET",
        path="/dataset",
        tag=TAG,
        summary="List datasets",
        description="The datasets that the key reaches, newest first.",
        handler=list_datasets,
        query=wire.DatasetsQuery,
        answer=wire_answers.DatasetList,
        answer_example=said("List datasets successfully!", data=[examples.DATASET]),
        errors=(Unconvertible,),
    ),
    Operation(
        id="deleteDataset",
        method="DELETE",
        path="/dataset/{dataset_id}",
        tag=TAG,
        summary="Delete a dataset",
        description="With all its documents. From the answer on, nothing of it is found.",
        handler=remove,
        answer=wire_answers.Removed,
        answer_example=said(f"Remove dataset: {examples.DATASET_ID} successfully", success=True),
        errors=(DatasetNotFound,),
        forms={DatasetNotFound: ErrorForm(200, "103", NOT_YOURS)},
    ),
    Operation(
        id="getDataset",
        method="GET",
        path="/dataset/{dataset_id}",
        tag=TAG,
        summary="Get a dataset",
        description="One dataset with its counts.",
        handler=get,
        answer=wire_answers.ShortDatasetAnswer,
        answer_example=said(data=examples.SHORT_DATASET),
        errors=(DatasetNotFound,),
        forms={DatasetNotFound: ErrorForm(200, "102", UNKNOWN)},
        is_light=True,
    ),
    Operation(
        id="updateDataset",
        method="PUT",
        path="/dataset/{dataset_id}",
        tag=TAG,
        summary="Change a dataset",
        description="Only the fields that are sent change; at least one must be. Unknown ones are passed over.",
        handler=update,
        body=wire.UpdateDataset,
        body_example={"name": "manuals", "description": "All manuals since 2019"},
        answer=wire_answers.DatasetAnswer,
        answer_example=said(data=examples.DATASET),
        errors=(DatasetNotFound, NameTaken, NameInvalid, ModelNotFound),
        forms={DatasetNotFound: ErrorForm(200, "103", NOT_THE_OWNER)},
    ),
)
