"""Dify's Knowledge API: the form of 2024 and today's, over the same handlers."""

from dataclasses import replace

from pydantic import ValidationError
from starlette.datastructures import Headers

from diglot.domain.errors import DiglotError, Unauthorized
from diglot.http.answers import Answer
from diglot.http.auth import credentials
from diglot.http.dialect import Dialect
from diglot.http.dify import (
    children,
    datasets,
    documents,
    downloads,
    errors,
    metadata,
    models,
    searching,
    segments,
    tags,
    wire_answers,
)
from diglot.http.dify.lookups import look_up
from diglot.http.house import House
from diglot.http.operations import Call, Operation
from diglot.http.pool import Pool

OPERATIONS: tuple[Operation, ...] = (
    *datasets.OPERATIONS,
    *searching.OPERATIONS,
    *documents.OPERATIONS,
    *downloads.OPERATIONS,
    *segments.OPERATIONS,
    *children.OPERATIONS,
    *metadata.OPERATIONS,
    *tags.OPERATIONS,
    *models.OPERATIONS,
)


def operations_of(profile: str) -> tuple[Operation, ...]:
    return tuple(map(_of_today, OPERATIONS)) if profile == "current" else OPERATIONS


def _of_today(operation: Operation) -> Operation:
    """No delete says anything."""
    if operation.method != "DELETE" or operation.answer is not wire_answers.Success:
        return operation
    return replace(operation, status=204, answer=None, answer_description="Deleted; the answer is empty.")


class DifyDialect(Dialect):
    data_part = "data"

    def __init__(self, house: House, pool: Pool) -> None:
        super().__init__("dify", house, operations_of(house.settings.dify_profile), pool)

    def key_of(self, headers: Headers) -> str:
        sent = credentials(headers.get("authorization"))
        if sent is None:
            raise Unauthorized("Authorization header must be provided and start with 'Bearer'")
        if sent.scheme not in ("", "bearer"):
            raise Unauthorized("Authorization scheme must be 'Bearer'")
        return sent.key

    def look_up(self, call: Call) -> None:
        look_up(call)

    def tell(self, error: DiglotError, operation: Operation | None) -> Answer:
        return errors.tell(error, operation.forms if operation is not None else None)

    def tell_status(self, status: int, path: str) -> Answer:
        return errors.tell_status(status)

    def invalid(self, error: ValidationError, source: str, operation: Operation) -> DiglotError:
        return errors.invalid(error)

    def example(self, kind: type[DiglotError], operation: Operation) -> tuple[int, str, object]:
        form = errors.form_of(kind, operation.forms)
        message = form.message or kind.default_message() if kind is not DiglotError else "Internal Server Error"
        return form.status, form.code, errors.body_of(form, message)
