"""Dify's words to ours and back. Pure functions; dicts as Dify prints them."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from diglot.domain.chunk import Chunk, ChunkStatus
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.identity import dashed
from diglot.domain.metadata_field import MetadataField
from diglot.domain.page import Page
from diglot.domain.rules import ChunkForm
from diglot.domain.search import Hit, MatchedChild
from diglot.domain.tag import Tag
from diglot.http.dify import builtin, retrieval_models
from diglot.library.documents import Progress
from diglot.ports.embedder import EmbeddingModel

NAME_LENGTH = 200
Metadata = list[dict[str, Any]]
EXTENSION_LENGTH = 20
# Few people make many documents, by few rules.
dashed_often = lru_cache(1024)(dashed)
FORMS = {
    "text_model": ChunkForm.TEXT,
    "qa_model": ChunkForm.QUESTION_ANSWER,
    "hierarchical_model": ChunkForm.HIERARCHICAL,
}
FORM_NAMES = {form: name for name, form in FORMS.items()}
INDEXING_STATUS = {
    DocumentStatus.WAITING: "waiting",
    DocumentStatus.PARSING: "parsing",
    DocumentStatus.CLEANING: "cleaning",
    DocumentStatus.SPLITTING: "splitting",
    DocumentStatus.EMBEDDING: "indexing",
    DocumentStatus.INDEXING: "indexing",
    DocumentStatus.READY: "completed",
    DocumentStatus.FAILED: "error",
    DocumentStatus.PAUSED: "paused",
    DocumentStatus.CANCELLED: "error",
}
DISPLAY_STATUS = {
    DocumentStatus.WAITING: "queuing",
    DocumentStatus.FAILED: "error",
    DocumentStatus.CANCELLED: "error",
    DocumentStatus.PAUSED: "paused",
}
SEGMENT_STATUS = {ChunkStatus.WAITING: "waiting", ChunkStatus.READY: "completed", ChunkStatus.FAILED: "error"}
STATUSES_OF_SEGMENT = {name: status for status, name in SEGMENT_STATUS.items()}
STATUSES_SHOWN_AS = {
    "queuing": (DocumentStatus.WAITING,),
    "indexing": (
        DocumentStatus.PARSING,
        DocumentStatus.CLEANING,
        DocumentStatus.SPLITTING,
        DocumentStatus.EMBEDDING,
        DocumentStatus.INDEXING,
    ),
    "paused": (DocumentStatus.PAUSED,),
    "error": (DocumentStatus.FAILED, DocumentStatus.CANCELLED),
}


def indexing_of(technique: str | None) -> Indexing | None:
    return None if technique is None else Indexing(technique)


def short_name(name: str) -> str:
    """Cut to 200 characters: of a longer name the stem is cut, its extension stays."""
    if len(name) <= NAME_LENGTH:
        return name
    extension = extension_of(name)
    if not extension or len(extension) > EXTENSION_LENGTH:
        return name[:NAME_LENGTH]
    return f"{name[: NAME_LENGTH - len(extension) - 1]}.{extension}"


def extension_of(name: str) -> str:
    """What follows the last dot, empty without one or if the name begins with it."""
    stem, _, extension = name.rpartition(".")
    return extension if stem else ""


def text_name(name: str) -> str:
    """How the API of 2024 named a text: as a file. A name that is one already stays."""
    return short_name(name) if name.endswith(".txt") else f"{name[: NAME_LENGTH - 4]}.txt"


def seconds(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else milliseconds // 1000


def page_body(items: list[dict[str, Any]], page: Page[Any], number: int, limit: int) -> dict[str, Any]:
    return {
        "data": items,
        "has_more": number * limit < page.total,
        "limit": limit,
        "total": page.total,
        "page": number,
    }


def dataset_body(
    dataset: Dataset, model: EmbeddingModel | None, tags: Iterable[Tag], fields: Iterable[MetadataField]
) -> dict[str, Any]:
    """`model`: the dataset's, None if it has none or the server no longer knows it."""
    is_economy = dataset.indexing is Indexing.ECONOMY
    available = None if dataset.indexing is None else is_economy or model is not None
    return {
        "id": dashed(dataset.id),
        "name": dataset.name,
        "description": dataset.description,
        "provider": "vendor",
        "permission": dataset.permission,
        "data_source_type": "upload_file" if dataset.chunk_form else None,
        "indexing_technique": dataset.indexing,
        "app_count": 0,
        "document_count": dataset.document_count,
        "word_count": dataset.word_count,
        "created_by": dashed(dataset.created_by),
        "author_name": None,
        "created_at": dataset.created_at // 1000,
        "updated_by": dashed(dataset.updated_by),
        "updated_at": dataset.updated_at // 1000,
        "embedding_model": dataset.embedding_model,
        "embedding_model_provider": model.provider if model else None,
        "embedding_available": available,
        "retrieval_model_dict": retrieval_models.shown(dataset),
        "summary_index_setting": None,
        "tags": [{"id": dashed(tag.id), "name": tag.name, "type": "knowledge"} for tag in tags],
        "doc_form": FORM_NAMES[dataset.chunk_form] if dataset.chunk_form else None,
        "external_knowledge_info": None,
        "external_retrieval_model": None,
        "doc_metadata": [*map(field_body, fields), *(builtin_bodies() if builtin.are_shown(dataset) else ())],
        "built_in_field_enabled": builtin.are_shown(dataset),
        "pipeline_id": None,
        "runtime_mode": "general",
        "chunk_structure": None,
        "icon_info": None,
        "is_published": False,
        "total_documents": dataset.document_count,
        "total_available_documents": dataset.available_count,
        "enable_api": dataset.api_enabled,
        "is_multimodal": False,
        "maintainer": None,
    }


def field_body(field: MetadataField) -> dict[str, Any]:
    return {"id": dashed(field.id), "name": field.name, "type": field.type}


def builtin_bodies() -> list[dict[str, Any]]:
    return [{"id": builtin.ID, "name": name, "type": kind} for name, kind in builtin.TYPES.items()]


def tokens_of(counted: Chunk | Document, dataset: Dataset) -> int:
    """Dify's are those that an embedding model reads."""
    return 0 if dataset.indexing is Indexing.ECONOMY else counted.tokens


def display_status(document: Document) -> str:
    if document.status is DocumentStatus.READY:
        if document.archived:
            return "archived"
        return "available" if document.enabled else "disabled"
    return DISPLAY_STATUS.get(document.status, "indexing")


def upload_file(document: Document) -> dict[str, Any]:
    """A document's file goes by the document's own id."""
    return {
        "id": dashed(document.id),
        "name": document.name,
        "size": document.size,
        "extension": extension_of(document.name).lower() or "txt",
        "mime_type": document.media_type,
        "created_by": dashed_often(document.created_by),
        "created_at": document.created_at // 1000,
    }


def document_body(document: Document, dataset: Dataset, metadata: Metadata | None) -> dict[str, Any]:
    file = upload_file(document)
    return {
        "id": file["id"],
        "position": document.position,
        "data_source_type": "upload_file",
        "data_source_info": {"upload_file_id": file["id"]},
        "data_source_detail_dict": {"upload_file": file},
        "dataset_process_rule_id": dashed_often(document.rule_id),
        "name": document.name,
        "created_from": document.created_from,
        "created_by": file["created_by"],
        "created_at": file["created_at"],
        "tokens": tokens_of(document, dataset),
        "indexing_status": INDEXING_STATUS[document.status],
        "error": document.error,
        "enabled": document.enabled,
        "disabled_at": seconds(document.disabled_at),
        "disabled_by": dashed(document.disabled_by) if document.disabled_by else None,
        "archived": document.archived,
        "display_status": display_status(document),
        "word_count": document.word_count,
        "hit_count": document.hit_count,
        "doc_form": FORM_NAMES[document.chunk_form],
        "doc_metadata": metadata,
        "summary_index_status": None,
        "need_summary": False,
    }


def started_body(document: Document, dataset: Dataset, metadata: Metadata | None) -> dict[str, Any]:
    """The answer to a create or an update: Dify's says the same whatever the server has done meanwhile."""
    body = document_body(document, dataset, metadata)
    return {"document": body, "batch": document.batch}


def detail_body(
    document: Document,
    dataset: Dataset,
    metadata: Metadata | None,
    dataset_rule: dict[str, Any],
    document_rule: dict[str, Any],
) -> dict[str, Any]:
    body = document_body(document, dataset, metadata)
    del body["data_source_detail_dict"], body["word_count"]
    started, completed = document.started_at, document.completed_at
    return body | {
        "data_source_info": {"upload_file": upload_file(document)},
        "dataset_process_rule": dataset_rule,
        "document_process_rule": document_rule,
        "doc_language": document.language,
        "doc_type": None,
        "completed_at": seconds(completed),
        "updated_at": document.updated_at // 1000,
        "indexing_latency": (completed - started) / 1000 if started and completed else None,
        "segment_count": document.chunk_count,
        "average_segment_length": document.word_count // document.chunk_count if document.chunk_count else 0,
    }


def progress_body(progress: Progress) -> dict[str, Any]:
    document = progress.document
    return {
        "id": dashed(document.id),
        "indexing_status": INDEXING_STATUS[document.status],
        "processing_started_at": seconds(document.started_at),
        "parsing_completed_at": seconds(document.parsed_at),
        "cleaning_completed_at": seconds(document.cleaned_at),
        "splitting_completed_at": seconds(document.split_at),
        "completed_at": seconds(document.completed_at),
        "paused_at": seconds(document.paused_at),
        "error": document.error,
        "stopped_at": seconds(document.stopped_at),
        "completed_segments": progress.completed,
        "total_segments": progress.total,
    }


def child_body(child: Chunk) -> dict[str, Any]:
    return {
        "id": dashed(child.id),
        "segment_id": dashed(child.parent_id or ""),
        "content": child.content,
        "position": child.position,
        "word_count": child.word_count,
        "type": "customized" if child.is_custom else "automatic",
        "created_at": child.created_at // 1000,
        "updated_at": child.updated_at // 1000,
    }


def segment_body(chunk: Chunk, dataset: Dataset, children: Iterable[Chunk] = ()) -> dict[str, Any]:
    chunk_id = dashed(chunk.id)
    created_at = chunk.created_at // 1000
    return {
        "id": chunk_id,
        "position": chunk.position,
        "document_id": dashed(chunk.document_id),
        "content": chunk.content,
        "sign_content": chunk.content,
        "answer": chunk.answer,
        "word_count": chunk.word_count,
        "tokens": tokens_of(chunk, dataset),
        "keywords": list(chunk.keywords),
        "index_node_id": chunk_id,
        "index_node_hash": chunk.hash,
        "hit_count": chunk.hit_count,
        "enabled": chunk.enabled,
        "disabled_at": seconds(chunk.disabled_at),
        "disabled_by": dashed(chunk.disabled_by) if chunk.disabled_by else None,
        "status": SEGMENT_STATUS[chunk.status],
        "created_by": dashed(chunk.created_by),
        "created_at": created_at,
        "updated_by": dashed(chunk.updated_by),
        "updated_at": chunk.updated_at // 1000,
        # Some clients demand numbers here.
        "indexing_at": created_at if chunk.indexed_at is None else chunk.indexed_at // 1000,
        "completed_at": created_at if chunk.completed_at is None else chunk.completed_at // 1000,
        "error": chunk.error,
        "stopped_at": None,
        "child_chunks": [child_body(child) for child in children],
        "attachments": [],
        "summary": None,
    }


def record_body(hit: Hit, dataset: Dataset, metadata: dict[str, Any] | None) -> dict[str, Any]:
    segment = segment_body(hit.chunk, dataset)
    for name in ("updated_by", "updated_at", "child_chunks", "attachments", "summary"):
        del segment[name]
    segment["document"] = {
        "id": dashed(hit.document.id),
        "data_source_type": "upload_file",
        "name": hit.document.name,
        "doc_type": None,
        "doc_metadata": metadata,
    }
    return {
        "segment": segment,
        "child_chunks": [_matched_body(child) for child in hit.children],
        "score": hit.scores.final,
        "tsne_position": None,
        "files": [],
        "summary": None,
        "scores": {
            "bm25": hit.scores.lexical,
            "bm25_share": hit.scores.lexical_share,
            "cosine": hit.scores.vector,
            "fused": hit.scores.fused,
            "rerank": hit.scores.rerank,
        },
        "anchors": [anchor.to_json() for anchor in hit.chunk.anchors],
    }


def _matched_body(matched: MatchedChild) -> dict[str, Any]:
    child = matched.chunk
    scores = {"id": dashed(child.id), "content": child.content, "position": child.position}
    return scores | {"score": matched.scores.final}
