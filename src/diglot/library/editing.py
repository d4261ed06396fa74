"""Edits of a document that need no new content."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from diglot.catalog import changes, datasets, documents, metadata, revisions
from diglot.catalog import rules as rules_rows
from diglot.domain.api_key import Caller
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.errors import NameTaken
from diglot.domain.identity import DatasetId, DocumentId, now_ms
from diglot.domain.rules import ChunkingRules
from diglot.library import commanding
from diglot.library.access import locked_document, present_document, there
from diglot.library.adding import form_of, rule_for
from diglot.library.rulebook import NextRules


@dataclass(frozen=True, slots=True)
class DocumentEdit:
    """What needs no new content; None leaves as it is. New rules, `rules` or what `next_rules` makes of the
    present ones (as in `DatasetChange`), are its own and count from the next reading; `resets` takes away what the
    present ones made, and the document waits to be started. `name` must be free in the dataset."""

    name: str | None = None
    rules: ChunkingRules | None = None
    next_rules: NextRules | None = None
    resets: bool = False
    enabled: bool | None = None
    metadata: Mapping[str, Any] | None = None
    attributes: Mapping[str, Any] | None = None


def apply(
    connection: Connection,
    caller: Caller,
    dataset_id: DatasetId,
    document_id: DocumentId,
    name: str | None,
    edit: DocumentEdit,
) -> Document:
    document = locked_document(connection, caller, dataset_id, document_id)
    columns: dict[str, object] = {"updated_at": now_ms()}
    if name is not None and name != document.name:
        # Of two who take a name at once, the second sees what the first did.
        there(datasets.lock(connection, caller.workspace_id, dataset_id))
        if documents.is_name_taken(connection, caller.workspace_id, dataset_id, name):
            raise NameTaken(name=name)
        columns["name"] = name
    rules = _rules(connection, document, edit)
    if rules is not None:
        dataset = there(datasets.get(connection, caller.workspace_id, dataset_id))
        rule_id, chosen = rule_for(connection, caller, dataset, rules, is_own=True, present=document.rule_id)
        columns |= {"rule_id": rule_id, "chunk_form": form_of(dataset, chosen)}
    if edit.attributes is not None:
        columns["attributes"] = {**(document.attributes or {}), **edit.attributes}
    documents.change(connection, document_id, **columns)
    if edit.metadata is not None:
        metadata.store(connection, dataset_id, {document_id: edit.metadata})
    if edit.resets:
        revisions.withdraw(connection, document_id, DocumentStatus.WAITING)
    if edit.enabled is not None and edit.enabled is not document.enabled:
        changed = present_document(connection, caller, dataset_id, document_id)
        commanding.apply(connection, dataset_id, [changed], commanding.switched(caller, edit.enabled))
    elif "name" in columns and not edit.resets:
        # The name is searched too.
        changes.note(connection, dataset_id, revisions=document.revisions)
    return present_document(connection, caller, dataset_id, document_id)


def _rules(connection: Connection, document: Document, edit: DocumentEdit) -> ChunkingRules | None:
    if edit.next_rules is None:
        return edit.rules
    return edit.next_rules(rules_rows.many(connection, [document.rule_id]).get(document.rule_id))
