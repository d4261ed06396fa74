"""/datasets"""

from collections.abc import Collection, Sequence
from typing import Any

from diglot.domain.dataset import Dataset
from diglot.domain.errors import DatasetNotFound, InvalidArgument, ModelNotFound, NameInvalid, NameTaken
from diglot.domain.identity import DatasetId, TagId, UserId, dashed, parse_id
from diglot.http.answers import NOTHING, Answer, json_answer
from diglot.http.dify import translate, wire, wire_answers
from diglot.http.dify.lookups import dataset_of
from diglot.http.dify.searching import settings_to_keep
from diglot.http.house import House
from diglot.http.operations import Call, ErrorForm, Operation
from diglot.library.datasets import DatasetChange, DatasetFilter
from diglot.ports.embedder import EmbeddingModel

TAG = "Knowledge Bases"
PARTIAL = "partial_members"
MEMBERS = "members"
DESCRIPTION = frozenset({"description"})


def create(call: Call) -> Answer:
    sent: wire.CreateDataset = call.body
    created = call.house.datasets.create(
        call.caller,
        _name(sent.name),
        description=sent.description,
        permission=sent.permission or "only_me",
        indexing=translate.indexing_of(sent.indexing_technique),
        embedding_model=sent.embedding_model or None,
        retrieval=settings_to_keep(call.house, sent.retrieval_model),
    )
    return json_answer(_body(call.house, created))


def list_datasets(call: Call) -> Answer:
    query: wire.DatasetsQuery = call.query
    only = DatasetFilter(keyword=query.keyword, ids=_tagged(call, query.tag_ids))
    page = call.house.datasets.list(call.caller, offset=query.offset, limit=query.per_page, only=only)
    items = _bodies(call.house, page.items)
    return json_answer(translate.page_body(items, page, query.page, query.per_page))


def get(call: Call) -> Answer:
    dataset = dataset_of(call)
    shared = {"partial_member_list": _members_of(dataset)} if dataset.permission == PARTIAL else {}
    return json_answer(_body(call.house, dataset) | shared)


def update(call: Call) -> Answer:
    sent: wire.UpdateDataset = call.body
    members = _members(call, sent)
    change = DatasetChange(
        name=None if sent.name is None else _name(sent.name),
        description=sent.description,
        permission=sent.permission,
        indexing=translate.indexing_of(sent.indexing_technique),
        embedding_model=sent.embedding_model or None,
        retrieval=settings_to_keep(call.house, sent.retrieval_model),
        attributes=None if members is None else {MEMBERS: members},
        emptied=DESCRIPTION & sent.model_fields_set if sent.description is None else frozenset(),
    )
    changed = call.house.datasets.update(call.caller, dataset_of(call).id, change)
    return json_answer(_body(call.house, changed) | {"partial_member_list": _members_of(changed)})


def remove(call: Call) -> Answer:
    call.house.datasets.remove(call.caller, dataset_of(call).id)
    return NOTHING


def _members(call: Call, sent: wire.UpdateDataset) -> list[UserId] | None:
    """Whom the dataset is to be shared with, None: as before. Sharing it with nobody or with all forgets them."""
    if sent.permission not in (None, PARTIAL):
        return []
    is_partial = (sent.permission or dataset_of(call).permission) == PARTIAL
    if sent.partial_member_list is None or not is_partial:
        return None
    people = call.house.fields.people(call.caller)
    found = {one.user_id: UserId(parse_id(one.user_id) or "") for one in sent.partial_member_list}
    unknown = next((sent_id for sent_id, plain in found.items() if plain not in people), None)
    if unknown is not None:
        raise InvalidArgument(f"There is no member {unknown[:40]!r}.", "partial_member_list")
    return list(dict.fromkeys(found.values()))


def _members_of(dataset: Dataset) -> list[str]:
    members = (dataset.attributes or {}).get(MEMBERS, ()) if dataset.permission == PARTIAL else ()
    return [dashed(one) for one in members]


def _name(sent: str) -> str:
    if not 1 <= len(sent.strip()) <= wire.NAME_LENGTH:
        raise InvalidArgument(f"Name must be between 1 to {wire.NAME_LENGTH} characters.", "name")
    return sent


def _tagged(call: Call, tag_ids: list[str]) -> Collection[DatasetId] | None:
    """The datasets with any of the tags, None where none is asked for."""
    known = [TagId(plain) for plain in map(parse_id, tag_ids) if plain is not None]
    return call.house.tags.having(call.caller, known) if tag_ids else None


def _body(house: House, dataset: Dataset) -> dict[str, Any]:
    return _bodies(house, [dataset])[0]


def _bodies(house: House, datasets: Sequence[Dataset]) -> list[dict[str, Any]]:
    tags, fields = house.tags.of_datasets(datasets), house.fields.of_datasets(datasets)
    return [
        translate.dataset_body(one, _model(house, one.embedding_model), tags[one.id], fields[one.id])
        for one in datasets
    ]


def _model(house: House, name: str | None) -> EmbeddingModel | None:
    known = None if name is None else house.embedders.resolve(name)
    return None if known is None else house.embedders.describe(known)


OPERATIONS = (
    Operation(
        id="createDataset",
        method="POST",
        path="/datasets",
        tag=TAG,
        summary="Create an empty dataset",
        description="Makes a dataset without documents. Its first document settles what is left open here.",
        handler=create,
        body=wire.CreateDataset,
        body_example={"name": "Product documentation"},
        answer=wire_answers.Dataset,
        errors=(NameTaken, NameInvalid, ModelNotFound),
    ),
    Operation(
        id="listDatasets",
        method="GET",
        path="/datasets",
        tag=TAG,
        summary="List datasets",
        description="The datasets that the key reaches, newest first.",
        handler=list_datasets,
        query=wire.DatasetsQuery,
        answer=wire_answers.DatasetPage,
    ),
    Operation(
        id="getDataset",
        method="GET",
        path="/datasets/{dataset_id}",
        tag=TAG,
        summary="Get a dataset",
        description="One dataset with its settings and counts.",
        handler=get,
        answer=wire_answers.DatasetDetail,
        errors=(DatasetNotFound,),
        is_light=True,
    ),
    Operation(
        id="updateDataset",
        method="PATCH",
        path="/datasets/{dataset_id}",
        tag=TAG,
        summary="Change a dataset",
        description="Only the fields that are sent change.",
        handler=update,
        body=wire.UpdateDataset,
        body_example={"name": "Manuals", "description": "All manuals since 2019"},
        answer=wire_answers.ChangedDataset,
        errors=(DatasetNotFound, NameTaken, NameInvalid, ModelNotFound),
        forms={NameTaken: ErrorForm(400, "invalid_param", "Dataset name already exists")},
    ),
    Operation(
        id="deleteDataset",
        method="DELETE",
        path="/datasets/{dataset_id}",
        tag=TAG,
        summary="Delete a dataset",
        description="With all its documents. From the answer on, nothing of it is found.",
        handler=remove,
        status=204,
        answer_description="Deleted; the answer is empty.",
        errors=(DatasetNotFound,),
    ),
)
