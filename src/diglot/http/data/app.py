"""Datasets as plain resources: number, name, description."""

from pydantic import ValidationError
from starlette.datastructures import Headers

from diglot.domain.errors import DiglotError
from diglot.http.answers import Answer
from diglot.http.auth import key_of
from diglot.http.data import errors, resources, wire
from diglot.http.dialect import Dialect
from diglot.http.house import House
from diglot.http.operations import Call, Operation
from diglot.http.pool import Pool

OPERATIONS: tuple[Operation, ...] = resources.OPERATIONS


class DataDialect(Dialect):
    refusal = wire.Refusal

    def __init__(self, house: House, pool: Pool) -> None:
        super().__init__("data", house, OPERATIONS, pool)

    def key_of(self, headers: Headers) -> str:
        return key_of(headers)

    def look_up(self, call: Call) -> None:
        """Every handler looks for itself."""

    def tell(self, error: DiglotError, operation: Operation | None) -> Answer:
        return errors.tell(error)

    def tell_status(self, status: int, path: str) -> Answer:
        return errors.tell_status(status)

    def invalid(self, error: ValidationError, source: str, operation: Operation) -> DiglotError:
        return errors.invalid(error)

    def example(self, kind: type[DiglotError], operation: Operation) -> tuple[int, str, object]:
        form = errors.form_of(kind)
        return form.status, form.code, errors.body_of(form.message or kind.default_message())
