"""/datasets/{dataset_id}/tags: the tags of a dataset's chunks."""

from collections.abc import Mapping

from diglot.domain.dataset import Dataset
from diglot.domain.errors import DatasetNotFound, DiglotError
from diglot.domain.identity import DatasetId
from diglot.http.answers import Answer
from diglot.http.operations import Call, ErrorForm, Operation
from diglot.http.ragflow import wire_tags as wire
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.errors import argument_error, data_error
from diglot.http.ragflow.lookups import dataset_named, dataset_of

TAG = "Tags of chunks"
NO_ACCESS = "No authorization."


def list_tags(call: Call) -> Answer:
    counts = call.house.chunk_tags.counts(call.caller, [_dataset(call).id])
    return done([[tag, count] for tag, count in counts.items()])


def aggregate(call: Call) -> Answer:
    query: wire.TagsQuery = call.query
    asked = [one.strip() for one in query.dataset_ids.split(",") if one.strip()]
    if not asked:
        raise data_error("Lack of dataset_ids in query parameters")
    counts = call.house.chunk_tags.counts(call.caller, [_reachable(call, one) for one in dict.fromkeys(asked)])
    return done([{"value": tag, "count": count} for tag, count in counts.items()])


def rename(call: Call) -> Answer:
    sent: wire.RenameTag = call.body
    if not {"from_tag", "to_tag"} <= sent.model_fields_set:
        raise data_error("Lack of from_tag or to_tag in request body")
    if not isinstance(sent.from_tag, str) or not isinstance(sent.to_tag, str):
        raise argument_error("from_tag and to_tag must be strings")
    before, after = sent.from_tag.strip(), sent.to_tag.strip()
    if not before or not after:
        raise argument_error("from_tag and to_tag must not be empty")
    call.house.chunk_tags.replace(call.caller, _dataset(call).id, {before: after})
    return done({"from": sent.from_tag, "to": sent.to_tag})


def remove(call: Call) -> Answer:
    sent: wire.DeleteTags = call.body
    if "tags" not in sent.model_fields_set:
        raise data_error("Lack of tags in request body")
    if not isinstance(sent.tags, list) or not all(isinstance(one, str) for one in sent.tags):
        raise argument_error("tags must be a list of strings")
    call.house.chunk_tags.replace(call.caller, _dataset(call).id, dict.fromkeys(sent.tags))
    return done({})


def _dataset(call: Call) -> Dataset:
    return dataset_of(call, data_error(NO_ACCESS))


def _reachable(call: Call, sent: str) -> DatasetId:
    return dataset_named(call, sent, data_error(f"No authorization for dataset '{sent}'")).id


DATASET_ID = "0192f0c47e1a7c3b9d523f6b8a1c2d3e"
DONE_EXAMPLE = {"code": 0, "message": "success"}
FORMS: Mapping[type[DiglotError], ErrorForm] = {DatasetNotFound: ErrorForm(200, "102", NO_ACCESS)}
PATH = "/datasets/{dataset_id}/tags"

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="listTags",
        method="GET",
        path=PATH,
        tag=TAG,
        summary="List the tags of a dataset's chunks",
        description="With the number of chunks that have each, of the documents as they are now.",
        handler=list_tags,
        answer=wire.TagsReply,
        answer_example=DONE_EXAMPLE | {"data": [["harbour", 3], ["tide", 1]]},
        errors=(DatasetNotFound,),
        forms=FORMS,
    ),
    Operation(
        id="aggregateTags",
        method="GET",
        path="/datasets/tags/aggregation",
        tag=TAG,
        summary="Count the tags of several datasets",
        description="As for one dataset, added up.",
        handler=aggregate,
        query=wire.TagsQuery,
        answer=wire.CountedTagsReply,
        answer_example=DONE_EXAMPLE | {"data": [{"value": "harbour", "count": 3}]},
        errors=(DatasetNotFound,),
        forms={DatasetNotFound: ErrorForm(200, "102", f"No authorization for dataset '{DATASET_ID}'")},
    ),
    Operation(
        id="renameTag",
        method="PUT",
        path=PATH,
        tag=TAG,
        summary="Rename a tag of chunks",
        description="In every chunk of the dataset that has it.",
        handler=rename,
        body=wire.RenameTag,
        body_example={"from_tag": "harbour", "to_tag": "port"},
        answer=wire.RenamedTagReply,
        answer_example=DONE_EXAMPLE | {"data": {"from": "harbour", "to": "port"}},
        errors=(DatasetNotFound,),
        forms=FORMS,
    ),
    Operation(
        id="deleteTags",
        method="DELETE",
        path=PATH,
        tag=TAG,
        summary="Take tags from chunks",
        description="From every chunk of the dataset that has them; the chunks stay.",
        handler=remove,
        body=wire.DeleteTags,
        body_example={"tags": ["tide"]},
        answer=wire.NothingReply,
        answer_example=DONE_EXAMPLE | {"data": {}},
        errors=(DatasetNotFound,),
        forms=FORMS,
    ),
)
