"""Documents as RAGFlow shows them."""

from collections.abc import Callable, Sequence
from typing import Any

from diglot.domain.document import Document, Phase
from diglot.domain.identity import now_ms
from diglot.domain.rules import ChunkingRules
from diglot.http.house import House
from diglot.http.ragflow import file_kinds, states
from diglot.http.ragflow.chunking import config_of, method_of
from diglot.http.ragflow.thumbnails import path_of
from diglot.http.ragflow.times import created_and_updated, http_date

RAW_NAMES = {
    "dataset_id": "kb_id",
    "chunk_method": "parser_id",
    "chunk_count": "chunk_num",
    "token_count": "token_num",
}
"""What some routes call fields of a document."""


def document_body(document: Document, rules: ChunkingRules | None, ahead: int = 0) -> dict[str, Any]:
    """`rules` are those of `document.rule_id`. `ahead`: how many documents wait for a worker."""
    return {
        "id": document.id,
        "thumbnail": path_of(document),
        "dataset_id": document.dataset_id,
        "chunk_method": method_of(rules),
        "pipeline_id": None,
        "parser_config": config_of(rules),
        "source_type": "local",
        "type": _type(document),
        "created_by": document.created_by,
        "name": document.name,
        "location": document.name,
        "size": document.size,
        "token_count": document.tokens,
        "chunk_count": document.chunk_count + document.repeat_count,
        "progress": states.progress(document),
        "progress_msg": states.message(document, ahead),
        "process_begin_at": None if document.begun_at is None else http_date(document.begun_at),
        "process_duration": states.duration(document, now_ms()),
        "suffix": file_kinds.extension(document.name),
        "content_hash": document.source,
        "run": states.run(document),
        "status": states.status(document),
        "meta_fields": document.metadata,
        **created_and_updated(document.created_at, document.updated_at),
    }


def raw_body(document: Document, rules: ChunkingRules | None, ahead: int = 0) -> dict[str, Any]:
    """The same under the names of RAGFlow's own tables, the state as a digit."""
    body = document_body(document, rules, ahead) | {"run": states.run_digit(document)}
    return {RAW_NAMES.get(name, name): value for name, value in body.items()}


def _type(document: Document) -> str:
    """A document without a file says so itself."""
    return str((document.attributes or {}).get("type") or file_kinds.type_of(document.name))


def shown(
    house: House, documents: Sequence[Document], form: Callable[..., dict[str, Any]] = document_body
) -> list[dict[str, Any]]:
    """Documents with their rules, in their order."""
    rules = house.rulebook.many(one.rule_id for one in documents)
    is_waiting = any(one.phase is Phase.RUNNING and one.started_at is None for one in documents)
    ahead = house.documents.waiting() if is_waiting else 0
    return [form(one, rules.get(one.rule_id), ahead) for one in documents]
