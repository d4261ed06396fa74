"""Chunks as RAGFlow prints them: the API's names, the search engine's names, and what retrieval adds."""

from datetime import UTC, datetime
from typing import Any

from diglot.domain.chunk import Chunk, ChunkKind
from diglot.domain.search import Hit
from diglot.http.ragflow.chunk_texts import content_of, positions_of

# What the search engine calls the things that have other names in the API.
RAW_NAMES = {
    "id": "chunk_id",
    "content": "content_with_weight",
    "document_id": "doc_id",
    "document_keyword": "docnm_kwd",
    "dataset_id": "kb_id",
    "important_keywords": "important_kwd",
    "questions": "question_kwd",
}


def image_id_of(chunk: Chunk) -> str:
    return f"{chunk.dataset_id}-{chunk.id}" if chunk.has_image else ""


def kind_of(chunk: Chunk) -> str:
    return ChunkKind.IMAGE if chunk.has_image else chunk.kind


def added_body(chunk: Chunk) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": chunk.id,
        "content": content_of(chunk),
        "document_id": chunk.document_id,
        "dataset_id": chunk.dataset_id,
        "important_keywords": list(chunk.keywords),
        "questions": list(chunk.questions),
        "create_time": _clock(chunk.created_at),
        "create_timestamp": chunk.created_at / 1000,
        "doc_type_kwd": kind_of(chunk),
    }
    if chunk.tags:
        body["tag_kwd"] = list(chunk.tags)
    if chunk.has_image:
        body["image_id"] = image_id_of(chunk)
    return body


def listed_body(chunk: Chunk, document_name: str, content: str | None = None) -> dict[str, Any]:
    """`content`: shown in place of its own."""
    return {
        "id": chunk.id,
        "content": content_of(chunk) if content is None else content,
        "document_id": chunk.document_id,
        "docnm_kwd": document_name,
        "important_keywords": list(chunk.keywords),
        "tag_kwd": list(chunk.tags),
        "questions": list(chunk.questions),
        "dataset_id": chunk.dataset_id,
        "image_id": image_id_of(chunk),
        "doc_type_kwd": kind_of(chunk),
        "available": chunk.enabled,
        "positions": positions_of(chunk),
    }


def raw_body(chunk: Chunk, document_name: str) -> dict[str, Any]:
    return {
        "id": chunk.id,
        "content_with_weight": content_of(chunk),
        "doc_id": chunk.document_id,
        "kb_id": chunk.dataset_id,
        "docnm_kwd": document_name,
        "important_kwd": list(chunk.keywords),
        "question_kwd": list(chunk.questions),
        "tag_kwd": list(chunk.tags),
        "tag_feas": chunk.tag_weights,
        "img_id": image_id_of(chunk),
        "doc_type_kwd": kind_of(chunk),
        "available_int": int(chunk.enabled),
        "position_int": positions_of(chunk),
        "create_time": _clock(chunk.created_at),
        "create_timestamp_flt": chunk.created_at / 1000,
    }


def hit_body(hit: Hit) -> dict[str, Any]:
    chunk, scores = hit.chunk, hit.scores
    content = content_of(chunk)
    vector = scores.vector if scores.rerank is None else scores.rerank
    return {
        "id": chunk.id,
        "content": content,
        "content_ltks": content.lower(),
        "document_id": chunk.document_id,
        "document_keyword": hit.document.name,
        "dataset_id": chunk.dataset_id,
        "important_keywords": list(chunk.keywords),
        "questions": list(chunk.questions),
        "tag_kwd": list(chunk.tags),
        "image_id": image_id_of(chunk),
        "similarity": scores.final,
        "vector_similarity": max(0.0, vector or 0.0),
        "term_similarity": scores.lexical_share or 0.0,
        "positions": positions_of(chunk),
        "doc_type_kwd": kind_of(chunk),
        "mom_id": "",
        "row_id": None,
    }


def raw_hit_body(hit: Hit) -> dict[str, Any]:
    return {RAW_NAMES.get(name, name): value for name, value in hit_body(hit).items()}


def _clock(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
