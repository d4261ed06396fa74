"""Our errors in the form {"success": false, "error"}, under HTTP's own statuses."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from diglot.domain import errors
from diglot.domain.errors import DiglotError, InvalidArgument
from diglot.http.answers import Answer, json_answer
from diglot.http.bodies import BodyTooLarge
from diglot.http.operations import ErrorForm

RETRY_SECONDS = 5
# The first class on an error's own line of ancestors counts. The code is for the documentation alone.
FORMS: Mapping[type[DiglotError], ErrorForm] = {
    errors.Unauthorized: ErrorForm(401, "unauthorized"),
    errors.NotAllowed: ErrorForm(403, "forbidden"),
    errors.NotFound: ErrorForm(404, "not_found", "Not found"),
    errors.Invalid: ErrorForm(400, "invalid_request"),
    errors.Conflict: ErrorForm(400, "invalid_request"),
    BodyTooLarge: ErrorForm(413, "too_large"),
    errors.DiskFull: ErrorForm(507, "disk_full"),
    errors.Overloaded: ErrorForm(429, "overloaded"),
    # What the database says, addresses among it, is for operators: /readyz has it.
    errors.CatalogUnusable: ErrorForm(503, "unavailable", errors.CatalogUnusable().message),
    errors.ModelUnavailable: ErrorForm(503, "unavailable"),
    errors.ModelFailed: ErrorForm(502, "model_failed"),
    errors.DiglotError: ErrorForm(500, "server_error", "Internal server error"),
}
PLAIN = {404: "Not found", 405: "Method not allowed", 500: "Internal server error"}


def form_of(kind: type[DiglotError]) -> ErrorForm:
    return next(FORMS[ancestor] for ancestor in kind.__mro__ if ancestor in FORMS)


def body_of(message: str) -> dict[str, Any]:
    return {"success": False, "error": message}


def tell(error: DiglotError) -> Answer:
    form = form_of(type(error))
    return json_answer(body_of(form.message or error.message), form.status, _headers(error, form))


def tell_status(status: int) -> Answer:
    return json_answer(body_of(PLAIN[status]), status)


def invalid(error: ValidationError) -> InvalidArgument:
    """The first thing that is wrong, in one sentence."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = ".".join(map(str, first["loc"]))
    sentence = f"{name} is required." if first["type"] == "missing" else f"{name}: {first['msg']}"
    return InvalidArgument(sentence, name)


def _headers(error: DiglotError, form: ErrorForm) -> tuple[tuple[bytes, bytes], ...]:
    if form.status in (429, 503):
        return ((b"retry-after", b"%d" % error.facts.get("retry_after", RETRY_SECONDS)),)
    if error.facts.get("closes"):
        return ((b"connection", b"close"),)
    return ()
