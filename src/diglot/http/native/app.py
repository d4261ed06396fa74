"""What neither dialect offers, in our own words: strict, with HTTP's own statuses."""

from pydantic import ValidationError
from starlette.datastructures import Headers

from diglot.domain.errors import DiglotError
from diglot.http.answers import Answer
from diglot.http.auth import key_of
from diglot.http.dialect import Dialect
from diglot.http.house import House
from diglot.http.native import (
    dataset_rules,
    doclinks,
    documents,
    errors,
    events,
    explaining,
    files,
    indexes,
    jobs,
    keys,
    members,
    models,
    pages,
    previews,
    server,
    sessions,
    setup,
    switches,
    usage,
    wire,
)
from diglot.http.operations import Call, Operation
from diglot.http.pool import Pool

OPERATIONS: tuple[Operation, ...] = (
    *setup.OPERATIONS,
    *sessions.OPERATIONS,
    *members.OPERATIONS,
    *keys.OPERATIONS,
    *switches.OPERATIONS,
    *dataset_rules.OPERATIONS,
    *indexes.OPERATIONS,
    *previews.OPERATIONS,
    *documents.OPERATIONS,
    *pages.OPERATIONS,
    *files.OPERATIONS,
    *explaining.OPERATIONS,
    *jobs.OPERATIONS,
    *events.OPERATIONS,
    *server.OPERATIONS,
    *usage.OPERATIONS,
    *models.OPERATIONS,
    *doclinks.OPERATIONS,
)


class NativeDialect(Dialect):
    data_part = "data"
    refusal = wire.Refusal

    def __init__(self, house: House, pool: Pool) -> None:
        super().__init__("native", house, OPERATIONS, pool)

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
        return form.status, form.code, errors.body_of(form, form.message or kind.default_message())
