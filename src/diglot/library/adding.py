"""How a document comes into a dataset, and how new content or new rules come to a document."""

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import Connection

from diglot.catalog import changes, datasets, documents, revisions, rules
from diglot.domain.api_key import Caller
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.errors import ChunkFormDiffers, DocumentArchived
from diglot.domain.identity import DatasetId, DocumentId, RuleId, new_id, now_ms
from diglot.domain.rules import AUTOMATIC, ChunkForm, ChunkingRules
from diglot.domain.search import RetrievalSettings
from diglot.library.access import locked_document, present_document, require_tags, there
from diglot.library.generations import Generations
from diglot.library.naming import numbered, unnumbered
from diglot.library.uploads import Source


@dataclass(frozen=True, slots=True)
class NewDocument:
    """`content` is a file's bytes, or a text in UTF-8 if `is_text`. `file_name` tells what kind of file it is where the
    document is to be called otherwise. `rules` None: the dataset's latest, else automatic; with `has_own_rules` they do
    not become its latest.

    `indexing`, `chunk_form`, `embedding_model` and `retrieval` matter for a dataset's first document, which fixes them;
    `chunk_form` must not differ later. `replaces_same_name`: an available document of that name is updated instead.
    `is_numbered`: a name that is taken gets a number. `begins`: it is read at once, else when somebody says so.
    `media_type`: what it is taken for where neither content nor name tells; None: such a file is refused.
    """

    name: str
    content: Iterable[bytes] | BinaryIO
    created_from: str = "api"
    is_text: bool = False
    file_name: str | None = None
    rules: ChunkingRules | None = None
    has_own_rules: bool = False
    indexing: Indexing | None = None
    chunk_form: ChunkForm | None = None
    embedding_model: str | None = None
    retrieval: RetrievalSettings | None = None
    language: str = "English"
    replaces_same_name: bool = False
    is_numbered: bool = False
    begins: bool = True
    media_type: str | None = None
    attributes: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """None leaves as it is. New content or new rules make a new revision; the old one serves until that is ready."""

    name: str | None = None
    content: Iterable[bytes] | BinaryIO | None = None
    is_text: bool = False
    file_name: str | None = None
    rules: ChunkingRules | None = None
    chunk_form: ChunkForm | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new document whose name is checked and whose content is kept. `model`: what the dataset is embedded by if this
    is its first document."""

    new: NewDocument
    name: str
    source: Source
    model: str | None


def insert(
    connection: Connection, generations: Generations, caller: Caller, dataset_id: DatasetId, arrival: Arrival
) -> Document:
    """`ChunkFormDiffers`, `DatasetNotFound`"""
    new, name = arrival.new, arrival.name
    if new.replaces_same_name:
        same = documents.by_name(connection, caller.workspace_id, dataset_id, name)
        if same is not None:
            change = DocumentChange(rules=new.rules, chunk_form=new.chunk_form)
            return renew(connection, caller, dataset_id, same.id, None, arrival.source, change)
    admitted = datasets.admit(connection, caller.workspace_id, dataset_id, arrival.source.size)
    dataset, position = admitted if admitted is not None else (there(None), 0)
    dataset = _settle(connection, generations, dataset, arrival)
    if new.is_numbered:
        name = _numbered(connection, dataset, name)
    rule_id, rules = rule_for(connection, caller, dataset, new.rules, is_own=new.has_own_rules)
    document = _waiting(caller, dataset, position, name, new, arrival.source, rule_id, rules)
    documents.add(connection, document)
    if new.begins:
        revisions.begin(connection, document.id, document.source, document.rule_id)
    return present_document(connection, caller, dataset_id, document.id)


def renew(
    connection: Connection,
    caller: Caller,
    dataset_id: DatasetId,
    document_id: DocumentId,
    name: str | None,
    source: Source | None,
    change: DocumentChange,
) -> Document:
    """`name` and `source` are those of the change, checked and kept. `DocumentArchived`, `ChunkFormDiffers`"""
    document = locked_document(connection, caller, dataset_id, document_id)
    if document.archived:
        raise DocumentArchived
    if change.chunk_form not in (None, document.chunk_form):
        raise ChunkFormDiffers
    columns: dict[str, object] = {"updated_at": now_ms()}
    if name is not None:
        columns["name"] = name
    if source is not None:
        columns |= {"source": source.sha256, "size": source.size, "media_type": source.media_type}
        datasets.count(connection, dataset_id, size=source.size - document.size)
    documents.change(connection, document_id, **columns)
    if source is None and change.rules is None:
        # The name is searched too.
        changes.note(connection, dataset_id, revisions=document.revisions)
        return present_document(connection, caller, dataset_id, document_id)
    rule_id = document.rule_id
    if change.rules is not None:
        dataset = there(datasets.get(connection, caller.workspace_id, dataset_id))
        rule_id, _ = rule_for(connection, caller, dataset, change.rules, present=document.rule_id)
    documents.change(connection, document_id, rule_id=rule_id)
    revisions.begin(connection, document_id, source.sha256 if source else document.source, rule_id)
    return present_document(connection, caller, dataset_id, document_id)


def rule_for(
    connection: Connection,
    caller: Caller,
    dataset: Dataset,
    wanted: ChunkingRules | None,
    *,
    is_own: bool = False,
    present: RuleId | None = None,
) -> tuple[RuleId, ChunkingRules]:
    """The wanted rule, else the one that was chosen for the dataset, else the one that was used last. `is_own`: it is
    for this document alone, and others get it only if they ask for it. `present`: the document's own so far."""
    known = rules.latest(connection, dataset.id, is_own=is_own and wanted is not None)
    if wanted is None and dataset.rule_id is not None:
        known = dataset.rule_id, rules.many(connection, [dataset.rule_id])[dataset.rule_id]
    if known is not None and wanted in (None, known[1]):
        return known
    new = wanted or AUTOMATIC
    require_tags(connection, caller, new, dataset.rule_id, present)
    return rules.add(connection, dataset.id, new, caller.user_id, is_own=is_own and wanted is not None), new


def form_of(dataset: Dataset, rules: ChunkingRules) -> ChunkForm:
    """A method of its own decides for its document alone."""
    return rules.form or dataset.chunk_form or ChunkForm.TEXT


def _settle(connection: Connection, generations: Generations, dataset: Dataset, arrival: Arrival) -> Dataset:
    """The first document fixes what its dataset left open."""
    new = arrival.new
    if new.chunk_form is not None and dataset.chunk_form not in (None, new.chunk_form):
        raise ChunkFormDiffers
    if dataset.indexing and dataset.chunk_form and dataset.retrieval:
        return dataset
    indexing = dataset.indexing or new.indexing
    # Another first document may have fixed words alone while this one was uploaded.
    settled_model = arrival.model if indexing is Indexing.HIGH_QUALITY else None
    if dataset.indexing is not None:
        settled_model = dataset.embedding_model
    elif settled_model != dataset.embedding_model:
        generations.begin(connection, dataset.id, settled_model)
    retrieval = dataset.retrieval or (new.retrieval or RetrievalSettings()).to_json()
    settled = datasets.change(
        connection,
        dataset.workspace_id,
        dataset.id,
        indexing=indexing,
        embedding_model=settled_model,
        chunk_form=dataset.chunk_form or new.chunk_form or ChunkForm.TEXT,
        retrieval=retrieval,
    )
    return there(settled)


def _numbered(connection: Connection, dataset: Dataset, name: str) -> str:
    if not documents.is_name_taken(connection, dataset.workspace_id, dataset.id, name):
        return name
    return numbered(name, documents.names(connection, dataset.workspace_id, dataset.id, unnumbered(name)))


def _new_batch() -> str:
    """When, to the second, and six random digits: it sorts by time and two uploads do not share it."""
    return time.strftime("%Y%m%d%H%M%S", time.gmtime()) + str(random.randint(100_000, 999_999))


def _waiting(
    caller: Caller,
    dataset: Dataset,
    position: int,
    name: str,
    new: NewDocument,
    source: Source,
    rule_id: RuleId,
    rules: ChunkingRules,
) -> Document:
    now = now_ms()
    return Document(
        id=DocumentId(new_id()),
        workspace_id=dataset.workspace_id,
        dataset_id=dataset.id,
        position=position,
        name=name,
        source=source.sha256,
        size=source.size,
        media_type=source.media_type,
        created_from=new.created_from,
        batch=_new_batch(),
        rule_id=rule_id,
        chunk_form=form_of(dataset, rules),
        language=new.language,
        revision=None,
        pending=None,
        status=DocumentStatus.WAITING,
        progress=0.0,
        error=None,
        enabled=True,
        disabled_at=None,
        disabled_by=None,
        archived=False,
        metadata={},
        word_count=0,
        tokens=0,
        chunk_count=0,
        hit_count=0,
        started_at=None,
        parsed_at=None,
        cleaned_at=None,
        split_at=None,
        completed_at=None,
        paused_at=None,
        stopped_at=None,
        created_by=caller.user_id,
        created_at=now,
        updated_at=now,
        attributes=new.attributes,
    )
