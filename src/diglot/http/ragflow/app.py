"""RAGFlow's HTTP API as it is today."""

from typing import Any

import orjson
from pydantic import ValidationError
from starlette.datastructures import Headers

from diglot.domain.errors import DiglotError, Invalid
from diglot.http.answers import Answer
from diglot.http.auth import credentials
from diglot.http.bodies import parse_json
from diglot.http.dialect import Dialect
from diglot.http.house import House
from diglot.http.operations import Call, Operation
from diglot.http.pool import Pool
from diglot.http.ragflow import (
    chunks,
    datasets,
    documents,
    embedding,
    errors,
    external,
    graphs,
    ingestions,
    metadata,
    searching,
    system,
    tags,
)
from diglot.http.ragflow.answers import body_of
from diglot.http.ragflow.codes import Code
from diglot.http.ragflow.errors import MalformedBody, argument_error
from diglot.http.ragflow.wire import Reply

OPERATIONS: tuple[Operation, ...] = (
    *datasets.OPERATIONS,
    *ingestions.OPERATIONS,
    *embedding.OPERATIONS,
    *graphs.OPERATIONS,
    *tags.OPERATIONS,
    *documents.OPERATIONS,
    *metadata.OPERATIONS,
    *chunks.OPERATIONS,
    *searching.OPERATIONS,
    *external.OPERATIONS,
    *system.OPERATIONS,
)
JSON = "application/json"


class RagflowDialect(Dialect):
    merges_slashes = True
    # One more than RAGFlow takes, many times over: who sends too many is told how many there were.
    most_files = 2000
    most_file_bytes = 1 << 30
    refusal = Reply

    def __init__(self, house: House, pool: Pool, name: str = "ragflow") -> None:
        super().__init__(name, house, OPERATIONS, pool)

    def key_of(self, headers: Headers) -> str:
        sent = credentials(headers.get("authorization"))
        if sent is None or sent.scheme not in ("", "bearer"):
            raise external.HeaderUnreadable
        return sent.key

    def look_up(self, call: Call) -> None:
        """Every handler looks for itself: what is missed first is told in words of its own."""

    def tell(self, error: DiglotError, operation: Operation | None) -> Answer:
        if operation is not None and operation.tag == external.TAG:
            return external.tell(error)
        return errors.tell(error, operation.forms if operation is not None else None)

    def tell_status(self, status: int, path: str) -> Answer:
        return errors.tell_status(status, path)

    def invalid(self, error: ValidationError, source: str, operation: Operation) -> DiglotError:
        form = operation.forms.get(Invalid)
        return errors.invalid(error, Code.ARGUMENT if form is None else Code(int(form.code)))

    def parse(self, raw: bytes, headers: Headers, operation: Operation) -> dict[str, Any]:
        """An absent body is an empty one, except where `Content-Type` is looked at: there it is bad JSON."""
        kind = headers.get("content-type", JSON)
        if operation.checks_media_type and kind.partition(";")[0].strip().lower() != JSON:
            raise argument_error(f"Unsupported content type: Expected application/json, got {kind}")
        if not raw.strip() and not operation.checks_media_type:
            return {}
        try:
            parsed = parse_json(raw)
        except orjson.JSONDecodeError:
            raise MalformedBody from None
        if not isinstance(parsed, dict):
            raise argument_error(f"Invalid request payload: expected object, got {type(parsed).__name__}")
        return parsed

    def example(self, kind: type[DiglotError], operation: Operation) -> tuple[int, str, object]:
        if operation.tag == external.TAG:
            return external.example(kind)
        form = errors.form_of(kind, operation.forms)
        return form.status, form.code, body_of(int(form.code), form.message or kind.default_message())
