"""/datasets/tags..., and the tags of a dataset."""

from typing import Any

from diglot.domain.errors import DatasetNotFound, DiglotError, NameTaken, TagNotFound
from diglot.domain.identity import TagId, dashed, parse_id
from diglot.domain.tag import Tag
from diglot.http.answers import NOTHING, Answer, json_answer
from diglot.http.dify import wire_tags as wire
from diglot.http.dify.lookups import dataset_of, reached, tag_id
from diglot.http.operations import Call, ErrorForm, Operation

TAG = "Tags"


def create(call: Call) -> Answer:
    sent: wire.CreateTag = call.body
    return json_answer(_body(call.house.tags.add(call.caller, sent.name)))


def list_tags(call: Call) -> Answer:
    return json_answer([_body(tag) for tag in call.house.tags.list(call.caller)])


def rename(call: Call) -> Answer:
    sent: wire.RenameTag = call.body
    return json_answer(_body(call.house.tags.rename(call.caller, tag_id(sent.tag_id), sent.name)))


def remove(call: Call) -> Answer:
    sent: wire.DeleteTag = call.body
    call.house.tags.remove(call.caller, tag_id(sent.tag_id))
    return NOTHING


def bind(call: Call) -> Answer:
    sent: wire.Bind = call.body
    call.house.tags.bind(call.caller, reached(call, sent.target_id).id, _named(sent))
    return NOTHING


def unbind(call: Call) -> Answer:
    sent: wire.Bind = call.body
    call.house.tags.unbind(call.caller, reached(call, sent.target_id).id, _named(sent))
    return NOTHING


def of_dataset(call: Call) -> Answer:
    dataset = dataset_of(call)
    found = call.house.tags.of_datasets([dataset])[dataset.id]
    return json_answer({"data": [{"id": dashed(tag.id), "name": tag.name} for tag in found], "total": len(found)})


def _named(sent: wire.Bind) -> list[TagId]:
    """Those that are ids at all: the others name no tag."""
    return [TagId(plain) for one in (*sent.tag_ids, sent.tag_id or "") if (plain := parse_id(one)) is not None]


def _body(tag: Tag) -> dict[str, Any]:
    return {"id": dashed(tag.id), "name": tag.name, "type": "knowledge", "binding_count": str(tag.bindings)}


ID = "0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3e"
EXAMPLE = {"id": ID, "name": "manuals", "type": "knowledge", "binding_count": "0"}
TAKEN: dict[type[DiglotError], ErrorForm] = {NameTaken: ErrorForm(400, "invalid_param", "Tag name already exists")}
UNBOUND: dict[type[DiglotError], ErrorForm] = {DatasetNotFound: ErrorForm(404, "not_found", "Dataset not found")}


def _of_dataset(identity: str, method: str, *, is_deprecated: bool = False) -> Operation:
    return Operation(
        id=identity,
        method=method,
        path="/datasets/{dataset_id}/tags",
        tag=TAG,
        summary="List a dataset's tags",
        description="By name.",
        handler=of_dataset,
        answer=wire.BoundTags,
        answer_example={"data": [{"id": ID, "name": "manuals"}], "total": 1},
        errors=(DatasetNotFound,),
        is_deprecated=is_deprecated,
    )


OPERATIONS = (
    Operation(
        id="createTag",
        method="POST",
        path="/datasets/tags",
        tag=TAG,
        summary="Add a tag",
        description="A word of the workspace's own, for finding datasets by.",
        handler=create,
        body=wire.CreateTag,
        body_example={"name": "manuals"},
        answer=wire.CountedTag,
        answer_example=EXAMPLE,
        errors=(NameTaken,),
        forms=TAKEN,
    ),
    Operation(
        id="listTags",
        method="GET",
        path="/datasets/tags",
        tag=TAG,
        summary="List tags",
        description="All of the workspace, newest first.",
        handler=list_tags,
        answer=wire.Tags,
        answer_example=[EXAMPLE],
    ),
    Operation(
        id="updateTag",
        method="PATCH",
        path="/datasets/tags",
        tag=TAG,
        summary="Rename a tag",
        description="On every dataset that has it.",
        handler=rename,
        body=wire.RenameTag,
        body_example={"tag_id": ID, "name": "guides"},
        answer=wire.CountedTag,
        answer_example=EXAMPLE | {"name": "guides"},
        errors=(TagNotFound, NameTaken),
        forms=TAKEN,
    ),
    Operation(
        id="deleteTag",
        method="DELETE",
        path="/datasets/tags",
        tag=TAG,
        summary="Delete a tag",
        description="From every dataset; the datasets stay.",
        handler=remove,
        status=204,
        body=wire.DeleteTag,
        body_example={"tag_id": ID},
        answer_description="Deleted; the answer is empty.",
        errors=(TagNotFound,),
    ),
    Operation(
        id="bindTags",
        method="POST",
        path="/datasets/tags/binding",
        tag=TAG,
        summary="Put tags on a dataset",
        description="Those that it has already stay.",
        handler=bind,
        status=204,
        body=wire.Bind,
        body_example={"tag_ids": [ID], "target_id": "0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3f"},
        answer_description="Done; the answer is empty.",
        errors=(DatasetNotFound,),
        forms=UNBOUND,
    ),
    Operation(
        id="unbindTags",
        method="POST",
        path="/datasets/tags/unbinding",
        tag=TAG,
        summary="Take tags off a dataset",
        description="The tags themselves stay.",
        handler=unbind,
        status=204,
        body=wire.Bind,
        body_example={"tag_id": ID, "target_id": "0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3f"},
        answer_description="Done; the answer is empty.",
        errors=(DatasetNotFound,),
        forms=UNBOUND,
    ),
    _of_dataset("listDatasetTags", "GET"),
    _of_dataset("listDatasetTags2025", "POST", is_deprecated=True),
)
