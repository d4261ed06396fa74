"""/datasets/{dataset_id}/metadata..., and the values of many documents at once."""

from functools import partial

from diglot.domain.errors import (
    DatasetNotFound,
    DiglotError,
    DocumentNotFound,
    FieldNotFound,
    InvalidArgument,
    NameTaken,
)
from diglot.domain.identity import DocumentId, FieldId, parse_id
from diglot.domain.metadata_field import FieldType
from diglot.http.answers import NOTHING, Answer, json_answer
from diglot.http.dify import builtin, translate, wire_answers
from diglot.http.dify import wire_metadata as wire
from diglot.http.dify.lookups import dataset_of, field_id
from diglot.http.operations import Call, ErrorForm, Operation
from diglot.library.datasets import DatasetChange
from diglot.library.fields import Assignment, GivenValue

TAG = "Metadata"
SUCCESS = json_answer({"result": "success"})
BUILTIN_TAKEN = "Metadata name already exists in Built-in fields."


def create(call: Call) -> Answer:
    sent: wire.CreateField = call.body
    made = call.house.fields.add(call.caller, dataset_of(call).id, _name(sent.name), FieldType(sent.type))
    return json_answer(translate.field_body(made), 201)


def list_fields(call: Call) -> Answer:
    dataset = dataset_of(call)
    counted = call.house.fields.list(call.caller, dataset.id)
    fields = [translate.field_body(field) | {"count": count} for field, count in counted]
    return json_answer({"doc_metadata": fields, "built_in_field_enabled": builtin.are_shown(dataset)})


def rename(call: Call) -> Answer:
    sent: wire.RenameField = call.body
    renamed = call.house.fields.rename(call.caller, dataset_of(call).id, field_id(call), _name(sent.name))
    return json_answer(translate.field_body(renamed))


def remove(call: Call) -> Answer:
    call.house.fields.remove(call.caller, dataset_of(call).id, field_id(call))
    return NOTHING


def list_builtin(call: Call) -> Answer:
    return json_answer({"fields": [{"name": name, "type": kind} for name, kind in builtin.TYPES.items()]})


def show_builtin(call: Call, *, is_shown: bool) -> Answer:
    change = DatasetChange(attributes={builtin.ENABLED: is_shown})
    call.house.datasets.update(call.caller, dataset_of(call).id, change)
    return SUCCESS


def assign(call: Call) -> Answer:
    sent: wire.AssignValues = call.body
    assignments = [_assignment(one) for one in sent.operation_data]
    call.house.fields.assign(call.caller, dataset_of(call).id, assignments)
    return SUCCESS


def _assignment(sent: wire.DocumentValues) -> Assignment:
    plain = parse_id(sent.document_id)
    if plain is None:
        raise DocumentNotFound
    values = [GivenValue(_field(one.id), one.name, one.value) for one in sent.metadata_list if one.id != builtin.ID]
    return Assignment(DocumentId(plain), values, replaces=not sent.partial_update)


def _field(sent: str) -> FieldId | None:
    plain = parse_id(sent)
    return None if plain is None else FieldId(plain)


def _name(sent: str) -> str:
    if sent.strip() in builtin.TYPES:
        raise InvalidArgument(BUILTIN_TAKEN)
    return sent


EXAMPLE = {"id": "0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3e", "name": "author", "type": "string"}
DONE = {"result": "success"}
TAKEN: dict[type[DiglotError], ErrorForm] = {
    NameTaken: ErrorForm(400, "invalid_param", "Metadata name already exists.")
}
# What a body names is an argument, not a place.
GIVEN: dict[type[DiglotError], ErrorForm] = {
    DocumentNotFound: ErrorForm(400, "invalid_param"),
    FieldNotFound: ErrorForm(400, "invalid_param"),
}
BUILTIN = [{"name": name, "type": kind} for name, kind in builtin.TYPES.items()]


def _list_builtin(identity: str, path: str) -> Operation:
    return Operation(
        id=identity,
        method="GET",
        path=path,
        tag=TAG,
        summary="List built-in fields",
        description="What every document has by itself. Conditions may name these fields.",
        handler=list_builtin,
        answer=wire.BuiltinFields,
        answer_example={"fields": BUILTIN},
        errors=(DatasetNotFound,) if "{dataset_id}" in path else (),
    )


def _show_builtin(action: str, *, is_shown: bool) -> Operation:
    return Operation(
        id=f"{action}BuiltInFields",
        method="POST",
        path=f"/datasets/{{dataset_id}}/metadata/built-in/{action}",
        tag=TAG,
        summary=f"{action.capitalize()} built-in fields",
        description="Whether documents show the built-in fields among their metadata.",
        handler=partial(show_builtin, is_shown=is_shown),
        answer=wire_answers.Success,
        answer_example=DONE,
        errors=(DatasetNotFound,),
    )


OPERATIONS = (
    Operation(
        id="createMetadataField",
        method="POST",
        path="/datasets/{dataset_id}/metadata",
        tag=TAG,
        summary="Add a metadata field",
        description="Documents may then have a value of it.",
        handler=create,
        status=201,
        body=wire.CreateField,
        body_example={"type": "string", "name": "author"},
        answer=wire.ShownField,
        answer_example=EXAMPLE,
        errors=(DatasetNotFound, NameTaken),
        forms=TAKEN,
    ),
    Operation(
        id="listMetadataFields",
        method="GET",
        path="/datasets/{dataset_id}/metadata",
        tag=TAG,
        summary="List metadata fields",
        description="The dataset's own fields, also those that documents got by another API.",
        handler=list_fields,
        answer=wire.Fields,
        answer_example={"doc_metadata": [EXAMPLE | {"count": 2}], "built_in_field_enabled": False},
        errors=(DatasetNotFound,),
    ),
    Operation(
        id="updateMetadataField",
        method="PATCH",
        path="/datasets/{dataset_id}/metadata/{metadata_id}",
        tag=TAG,
        summary="Rename a metadata field",
        description="In the documents too.",
        handler=rename,
        body=wire.RenameField,
        body_example={"name": "writer"},
        answer=wire.ShownField,
        answer_example=EXAMPLE | {"name": "writer"},
        errors=(DatasetNotFound, FieldNotFound, NameTaken),
        forms=TAKEN,
    ),
    Operation(
        id="deleteMetadataField",
        method="DELETE",
        path="/datasets/{dataset_id}/metadata/{metadata_id}",
        tag=TAG,
        summary="Delete a metadata field",
        description="With all documents' values of it.",
        handler=remove,
        status=204,
        answer_description="Deleted; the answer is empty.",
        errors=(DatasetNotFound, FieldNotFound),
    ),
    _list_builtin("listBuiltInFields", "/datasets/{dataset_id}/metadata/built-in"),
    _list_builtin("listAllBuiltInFields", "/datasets/metadata/built-in"),
    _show_builtin("enable", is_shown=True),
    _show_builtin("disable", is_shown=False),
    Operation(
        id="updateDocumentsMetadata",
        method="POST",
        path="/datasets/{dataset_id}/documents/metadata",
        tag=TAG,
        summary="Set the metadata of documents",
        description="Takes the place of all that a document had, unless `partial_update` is set.",
        handler=assign,
        body=wire.AssignValues,
        body_example={
            "operation_data": [
                {
                    "document_id": "0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3f",
                    "metadata_list": [{"id": EXAMPLE["id"], "name": "author", "value": "Ada"}],
                    "partial_update": True,
                }
            ]
        },
        answer=wire_answers.Success,
        answer_example=DONE,
        errors=(DatasetNotFound, DocumentNotFound, FieldNotFound),
        forms=GIVEN,
    ),
)
