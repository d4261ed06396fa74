"""POST /preview: what a file or a document would become by certain rules."""

from typing import Any

from diglot.domain.chunk import ChunkDraft
from diglot.domain.document import Document
from diglot.domain.errors import (
    DocumentNotFound,
    FileTooLarge,
    FileTypeUnsupported,
    NoFile,
    Overloaded,
    ParseFailed,
    TooManyFiles,
)
from diglot.domain.rules import ChunkingRules
from diglot.http.answers import Answer, json_answer
from diglot.http.native import wire
from diglot.http.native.lookups import document_of
from diglot.http.native.rules import rules_of
from diglot.http.operations import Call, Operation
from diglot.library.preview import Preview

CUSTOM: dict[str, Any] = {"mode": "custom", "separator": "\n", "max_tokens": 300, "overlap": 20}
EXAMPLE: dict[str, Any] = {
    "chunks": [
        {
            "position": 1,
            "content": "Lubricate the chain every 200 km.",
            "answer": None,
            "tokens": 9,
            "kind": "text",
            "tags": [],
            "children": [],
            "anchors": [{"page": 3, "boxes": [[3, 72.0, 90.5, 310.2, 102.0]], "headings": ["Care"]}],
        }
    ],
    "counts": {"chunks": 1, "tokens": 9, "characters": 33},
    "rules": ChunkingRules().to_json() | CUSTOM,
    "form": "text",
    "title": "Manual",
    "pages": 12,
    "notes": [],
    "missing_pages": [],
}


def preview(call: Call) -> Answer:
    made = _of_document(call) if isinstance(call.body, wire.PreviewDocument) else _of_file(call)
    return json_answer(_body(made))


def _of_file(call: Call) -> Preview:
    files = [one for one in call.files if one.field == "file"]
    if not files:
        raise NoFile
    if len(files) > 1:
        raise TooManyFiles
    rules, form = rules_of(call.body, None, call.house.settings.max_tokens_limit)
    return call.house.previews.of_file(call.caller, files[0].name, files[0].content, rules or ChunkingRules(), form)


def _of_document(call: Call) -> Preview:
    document = document_of(call, call.body.document_id)
    rules, form = rules_of(call.body, _own_rules(call, document), call.house.settings.max_tokens_limit)
    return call.house.previews.of_document(call.caller, document, rules, form)


def _own_rules(call: Call, document: Document) -> ChunkingRules:
    return call.house.rulebook.many([document.rule_id]).get(document.rule_id, ChunkingRules())


def _body(made: Preview) -> dict[str, Any]:
    return {
        "chunks": [_chunk(position, draft) for position, draft in enumerate(made.chunks, 1)],
        "counts": {
            "chunks": len(made.chunks),
            "tokens": sum(draft.tokens for draft in made.chunks),
            "characters": sum(len(draft.content) + len(draft.answer or "") for draft in made.chunks),
        },
        "rules": made.rules.to_json(),
        "form": made.form,
        "title": made.title,
        "pages": made.page_count,
        "notes": made.notes,
        "missing_pages": made.missing_pages,
    }


def _chunk(position: int, draft: ChunkDraft) -> dict[str, Any]:
    return {
        "position": position,
        "content": draft.content,
        "answer": draft.answer,
        "tokens": draft.tokens,
        "kind": draft.kind,
        "tags": draft.tags,
        "children": [_child(child) for child in draft.children],
        "anchors": [anchor.to_json() for anchor in draft.anchors],
    }


def _child(draft: ChunkDraft) -> dict[str, Any]:
    anchors = [anchor.to_json() for anchor in draft.anchors]
    return {"content": draft.content, "tokens": draft.tokens, "anchors": anchors}


OPERATIONS = (
    Operation(
        id="preview",
        method="POST",
        path="/preview",
        tag="Preview",
        summary="See chunks before they are made",
        description="Reads a file that is sent (`file` beside `data`), or the newest file of a document, and answers "
        "the chunks that indexing it by these rules would store, byte for byte. Nothing is stored. Without rules: "
        "`automatic` for a file, its own for a document. Few previews are made at once: 429 says when to come again. "
        "Of pages that are pictures the text of at most three is recognised, beside those of a document that indexing "
        "recognised before: `missing_pages` and a note say which are left to indexing.",
        handler=preview,
        body=wire.PreviewDocument,
        body_example={"document_id": "0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3e", "rules": CUSTOM},
        form=wire.PreviewFile,
        form_example={"chunk_method": "laws"},
        needs_file=True,
        answer=wire.Previewed,
        answer_example=EXAMPLE,
        answer_description="The chunks.",
        errors=(DocumentNotFound, NoFile, TooManyFiles, FileTooLarge, FileTypeUnsupported, ParseFailed, Overloaded),
    ),
)
