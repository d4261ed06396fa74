"""/datasets/{dataset_id}/metadata... and the metadata of many documents at once."""

from functools import partial
from typing import Any

from diglot.domain.conditions import Conditions
from diglot.domain.dataset import Dataset
from diglot.domain.errors import DatasetNotFound, DiglotError, DocumentNotFound, DocumentsMissing
from diglot.domain.identity import DatasetId, DocumentId
from diglot.domain.rules import ChunkingRules, ChunkMethod
from diglot.http.answers import Answer
from diglot.http.operations import Call, Operation
from diglot.http.ragflow import wire_documents
from diglot.http.ragflow import wire_metadata as wire
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.chunking import config_of, rules_of
from diglot.http.ragflow.conditions import conditions_of
from diglot.http.ragflow.document_bodies import shown
from diglot.http.ragflow.documents import EXAMPLE, ID, TAG
from diglot.http.ragflow.errors import Refused, argument_error, data_error
from diglot.http.ragflow.lookups import dataset_named, dataset_of, document_of, split_ids
from diglot.library.datasets import DatasetChange
from diglot.library.documents import DocumentEdit
from diglot.library.metadata import Delete, Update

# Where a config stands that no rules of ours can keep.
ATTRIBUTE = "metadata_config"
NO_FIELDS: dict[str, Any] = {"metadata": [], "built_in_metadata": []}


def summary(call: Call) -> Answer:
    dataset = dataset_of(call, data_error(f"You don't own the dataset {call.path['dataset_id']}. "))
    asked = _listed(call.query.doc_ids)
    wanted = frozenset(DocumentId(one) for one in split_ids(asked)[0].values()) if asked else None
    found = call.house.metadata.summary(call.caller, dataset.id, wanted)
    return done({"summary": {name: {"type": one.type, "values": one.values} for name, one in found.items()}})


def update(call: Call) -> Answer:
    dataset = dataset_of(call, data_error(f"You don't own the dataset {call.path['dataset_id']}."))
    documents, conditions = _selected(call)
    updates, deletes = _changes(call.body)
    try:
        updated = call.house.metadata.update(
            call.caller,
            dataset.id,
            documents=None if documents is None else frozenset(documents.values()),
            conditions=conditions,
            updates=updates,
            deletes=deletes,
        )
    except DocumentsMissing as error:
        missing = [sent for sent, plain in (documents or {}).items() if plain in error.ids]
        raise _not_there(call, missing) from error
    return done({"updated": updated.updated, "matched_docs": updated.matched})


def flattened(call: Call) -> Answer:
    asked = _listed(call.query.dataset_ids)
    if not asked:
        raise data_error('Lack of "dataset_ids"')
    ids = [_reachable(call, one) for one in asked]
    return done(call.house.metadata.flattened(call.caller, list(dict.fromkeys(ids))))


def get_config(call: Call) -> Answer:
    dataset = _lacking_is_refused(call)
    config = config_of(_rules(call, dataset)) | _kept(dataset.attributes)
    return done({name: config.get(name) or none for name, none in NO_FIELDS.items()})


def put_config(call: Call) -> Answer:
    sent: wire.DatasetConfig = call.body
    dataset = _lacking_is_refused(call)
    fields = {
        "metadata": (sent.fields if sent.metadata is None else sent.metadata) or [],
        "built_in_metadata": sent.built_in_metadata or [],
    }
    more = {} if sent.enabled is None else {"enable_metadata": sent.enabled}
    rules = _rules(call, dataset)
    if _keeps(rules):
        change = DatasetChange(next_rules=partial(_with, fields=fields | more))
    else:
        change = DatasetChange(attributes={ATTRIBUTE: fields | more})
    call.house.datasets.update(call.caller, dataset.id, change)
    return done(sent.model_dump(exclude_unset=True) | fields)


def put_document_config(call: Call) -> Answer:
    sent: wire.DocumentConfig = call.body
    if not sent.metadata:
        raise argument_error("metadata is required")
    dataset = dataset_of(call, data_error("You don't own the dataset."))
    place = f"Document {call.path['document_id']} not found in dataset {call.path['dataset_id']}"
    document = document_of(call, dataset, data_error(place))
    rules = call.house.rulebook.many([document.rule_id]).get(document.rule_id)
    fields = {"metadata": sent.metadata}
    if _keeps(rules):
        edit = DocumentEdit(next_rules=partial(_with, fields=fields))
    else:
        edit = DocumentEdit(attributes={ATTRIBUTE: fields})
    [body] = shown(call.house, [call.house.documents.edit(call.caller, dataset.id, document.id, edit)])
    return done(body | {"parser_config": body["parser_config"] | fields})


def _selected(call: Call) -> tuple[dict[str, DocumentId] | None, Conditions | None]:
    """The documents by the form in which their ids were sent (None: all), and what must hold of them."""
    sent: wire.UpdateMetadata = call.body
    selector = {} if sent.selector is None else sent.selector
    if not isinstance(selector, dict):
        raise data_error("selector must be an object.")
    if not all(one is None or isinstance(one, list) for one in (sent.updates, sent.deletes)):
        raise data_error("updates and deletes must be lists.")
    conditions = conditions_of(selector.get("metadata_condition"))
    asked = selector.get("document_ids")
    if asked is None:
        return None, conditions
    if not isinstance(asked, list) or not all(isinstance(one, str) for one in asked):
        raise data_error("document_ids must be a list.")
    known, wrong = split_ids(asked)
    if wrong:
        found = {one.id for one in call.house.documents.find(call.caller, map(DocumentId, known.values()))}
        raise _not_there(call, [one for one in asked if known.get(one) not in found])
    return {one: DocumentId(plain) for one, plain in known.items()}, conditions


def _changes(sent: wire.UpdateMetadata) -> tuple[list[Update], list[Delete]]:
    return [_update(one) for one in sent.updates or ()], [_delete(one) for one in sent.deletes or ()]


def _update(sent: Any) -> Update:
    if not isinstance(sent, dict) or not _is_name(sent.get("key")) or sent.get("value") is None:
        raise data_error("Each update requires key and value.")
    return Update(sent["key"], _field(sent["value"]), sent.get("match"))


def _delete(sent: Any) -> Delete:
    if not isinstance(sent, dict) or not _is_name(sent.get("key")):
        raise data_error("Each delete requires key.")
    return Delete(sent["key"], sent.get("value"))


def _is_name(sent: Any) -> bool:
    return isinstance(sent, str) and bool(sent)


def _field(value: Any) -> Any:
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, str | int | float):
            raise data_error(f"The type is not supported: {value}")
    return value


def _not_there(call: Call, missing: list[str]) -> Refused:
    return data_error(f"These documents do not belong to dataset {call.path['dataset_id']}: {', '.join(missing)}")


def _reachable(call: Call, sent: str) -> DatasetId:
    return dataset_named(call, sent, data_error(f"No authorization for dataset '{sent}'")).id


def _lacking_is_refused(call: Call) -> Dataset:
    lacking = f"User '{call.caller.workspace_id}' lacks permission for dataset '{call.path['dataset_id']}'"
    return dataset_of(call, data_error(lacking))


def _rules(call: Call, dataset: Dataset) -> ChunkingRules | None:
    return call.house.rulebook.of_datasets([dataset]).get(dataset.id)


def _keeps(rules: ChunkingRules | None) -> bool:
    """Whether they are RAGFlow's, which keep a parser_config; those of another dialect stay as they are."""
    return rules is not None and rules.method is not ChunkMethod.GENERAL


def _with(rules: ChunkingRules | None, fields: dict[str, Any]) -> ChunkingRules | None:
    """None where another dialect has made others since."""
    return rules_of(rules.method, config_of(rules) | fields) if rules is not None and _keeps(rules) else None


def _kept(attributes: dict[str, Any] | None) -> dict[str, Any]:
    return dict((attributes or {}).get(ATTRIBUTE, {}))


def _listed(sent: str) -> list[str]:
    return [one.strip() for one in sent.split(",") if one.strip()]


DONE = {"code": 0, "message": "success"}
FIELDS = [{"name": "author", "type": "string", "description": "Who wrote it."}]
PLACED: tuple[type[DiglotError], ...] = (DatasetNotFound, DocumentNotFound)
UPDATE_EXAMPLE = {
    "selector": {
        "metadata_condition": {
            "logic": "and",
            "conditions": [{"name": "author", "comparison_operator": "is", "value": "Ada"}],
        }
    },
    "updates": [{"key": "status", "value": "checked"}],
    "deletes": [{"key": "draft"}],
}


def _update_operation(identity: str, method: str, path: str) -> Operation:
    return Operation(
        id=identity,
        method=method,
        path=path,
        tag=TAG,
        summary="Change the metadata of many documents",
        description="All of it or nothing. A condition without `document_ids` looks among all documents of the "
        "dataset; an empty list of ids names none.",
        handler=update,
        body=wire.UpdateMetadata,
        body_example=UPDATE_EXAMPLE,
        answer=wire.UpdatedReply,
        answer_example=DONE | {"data": {"updated": 1, "matched_docs": 1}},
        errors=PLACED,
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="summarizeMetadata",
        method="GET",
        path="/datasets/{dataset_id}/metadata/summary",
        tag=TAG,
        summary="Sum up metadata",
        description="Which fields the documents have, and which values how often.",
        handler=summary,
        query=wire.SummaryQuery,
        answer=wire.SummaryReply,
        answer_example=DONE | {"data": {"summary": {"author": {"type": "string", "values": [["Ada", 1]]}}}},
        errors=(DatasetNotFound,),
    ),
    _update_operation("updateMetadata", "POST", "/datasets/{dataset_id}/metadata/update"),
    _update_operation("updateMetadatas", "PATCH", "/datasets/{dataset_id}/documents/metadatas"),
    Operation(
        id="flattenMetadata",
        method="GET",
        path="/datasets/metadata/flattened",
        tag=TAG,
        summary="List who has which metadata",
        description="Of all documents of some datasets.",
        handler=flattened,
        query=wire.FlattenedQuery,
        answer=wire.FlattenedReply,
        answer_example=DONE | {"data": {"author": {"Ada": [ID]}}},
        errors=(DatasetNotFound,),
    ),
    Operation(
        id="getMetadataConfig",
        method="GET",
        path="/datasets/{dataset_id}/metadata/config",
        tag=TAG,
        summary="Get a dataset's metadata fields",
        description="Kept for clients; no model fills them here.",
        handler=get_config,
        answer=wire.ConfigReply,
        answer_example=DONE | {"data": {"metadata": FIELDS, "built_in_metadata": []}},
        errors=(DatasetNotFound,),
    ),
    Operation(
        id="setMetadataConfig",
        method="PUT",
        path="/datasets/{dataset_id}/metadata/config",
        tag=TAG,
        summary="Set a dataset's metadata fields",
        description="Kept for clients; no model fills them here.",
        handler=put_config,
        body=wire.DatasetConfig,
        body_example={"metadata": FIELDS, "built_in_metadata": []},
        answer=wire.ConfigReply,
        answer_example=DONE | {"data": {"metadata": FIELDS, "built_in_metadata": []}},
        errors=(DatasetNotFound,),
    ),
    Operation(
        id="setDocumentMetadataConfig",
        method="PUT",
        path="/datasets/{dataset_id}/documents/{document_id}/metadata/config",
        tag=TAG,
        summary="Set a document's metadata fields",
        description="Kept as `metadata` in its parser_config; no model fills them here.",
        handler=put_document_config,
        body=wire.DocumentConfig,
        body_example={"metadata": FIELDS},
        answer=wire_documents.DocumentReply,
        answer_example=DONE | {"data": EXAMPLE},
        errors=PLACED,
    ),
)
