"""Our errors in RAGFlow's form: a code and a sentence, under HTTP 200 nearly always."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from diglot.domain import errors
from diglot.domain.errors import DiglotError
from diglot.http.answers import Answer, json_answer
from diglot.http.bodies import BodyTooLarge
from diglot.http.operations import ErrorForm
from diglot.http.ragflow.answers import ABSENT, body_of
from diglot.http.ragflow.codes import Code

UNAUTHORIZED = "<Unauthorized '401: Unauthorized'>"
LONGEST_VALUE = 128
CUT_TO = 125
RETRY_SECONDS = 5


class Refused(DiglotError):
    """What a handler refuses in RAGFlow's own words."""

    def __init__(self, code: Code, message: str, data: Any = ABSENT, status: int = 200) -> None:
        super().__init__(message)
        self.code = code
        self.data = data
        self.status = status


class PartialFailure(Refused):
    """Partial failure"""

    def __init__(self, data: Any) -> None:
        super().__init__(Code.SERVER, self.default_message(), data)


class Unconvertible(Refused):
    """ValueError("invalid literal for int() with base 10: 'x'")"""

    def __init__(self, error: Exception, data: Any = None) -> None:
        super().__init__(Code.EXCEPTION, repr(error), data)


class MalformedBody(Refused):
    """Malformed JSON syntax: Missing commas/brackets or invalid encoding"""

    def __init__(self) -> None:
        super().__init__(Code.ARGUMENT, self.default_message())


def argument_error(message: str) -> Refused:
    return Refused(Code.ARGUMENT, message)


def data_error(message: str, data: Any = ABSENT) -> Refused:
    return Refused(Code.DATA, message, data)


def field_error(field: str, message: str, value: object) -> Refused:
    """As `invalid` tells it, for what pydantic cannot know."""
    return argument_error(_line(field, message, value))


def _form(status: int, code: Code, message: str | None = None) -> ErrorForm:
    return ErrorForm(status, str(int(code)), message)


# A message may name facts of the error in braces. The first class on an error's own line of ancestors counts.
FORMS: Mapping[type[DiglotError], ErrorForm] = {
    errors.Unauthorized: _form(401, Code.UNAUTHORIZED, UNAUTHORIZED),
    errors.ScopeMissing: _form(403, Code.FORBIDDEN),
    errors.ApiDisabled: _form(403, Code.FORBIDDEN),
    errors.NotAllowed: _form(403, Code.FORBIDDEN),
    errors.NotFound: _form(200, Code.DATA),
    errors.Invalid: _form(200, Code.ARGUMENT),
    errors.NameTaken: _form(200, Code.DATA),
    errors.Conflict: _form(200, Code.DATA),
    errors.UploadRefused: _form(200, Code.ARGUMENT),
    errors.FileTypeUnsupported: _form(200, Code.SERVER),
    errors.FileTooLarge: _form(413, Code.ARGUMENT),
    MalformedBody: _form(200, Code.ARGUMENT),
    Unconvertible: _form(200, Code.EXCEPTION),
    PartialFailure: _form(200, Code.SERVER),
    BodyTooLarge: _form(413, Code.ARGUMENT),
    errors.DiskFull: _form(507, Code.SERVER),
    errors.Overloaded: _form(429, Code.SERVER),
    errors.CatalogUnusable: _form(503, Code.SERVER),
    errors.ModelUnavailable: _form(503, Code.CONNECTION),
    errors.ModelFailed: _form(502, Code.CONNECTION),
    errors.DiglotError: _form(500, Code.EXCEPTION),
}


def form_of(kind: type[DiglotError], exceptions: Mapping[type[DiglotError], ErrorForm] | None = None) -> ErrorForm:
    """How an error of this class is told; `exceptions` go first."""
    for table in (exceptions or {}, FORMS):
        for ancestor in kind.__mro__:
            if ancestor in table:
                return table[ancestor]
    return FORMS[DiglotError]


class _Facts(dict[str, Any]):
    """What an error does not know stays as it is written."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def tell(error: DiglotError, exceptions: Mapping[type[DiglotError], ErrorForm] | None = None) -> Answer:
    if isinstance(error, Refused):
        return json_answer(body_of(error.code, error.message, error.data), error.status)
    form = form_of(type(error), exceptions)
    message = error.message
    if isinstance(error, errors.CatalogUnusable):
        # What the database says, addresses among it, is for operators: /readyz has it.
        message = errors.CatalogUnusable().message
    data = None if form.status == 401 else ABSENT
    if form.message is not None:
        message = form.message.format_map(_Facts(error.facts))
    return json_answer(body_of(int(form.code), message, data), form.status, _headers(error, form))


def tell_status(status: int, path: str) -> Answer:
    """A plain 404, 405 or 500."""
    if status == 404:
        body = body_of(Code.NOT_FOUND, f"Not Found: {path}", None) | {"error": "Not Found"}
    elif status == 405:
        body = body_of(Code.BAD_REQUEST, "Method Not Allowed", None)
    else:
        body = body_of(Code.EXCEPTION, "Internal Server Error, please try again later.", None)
    return json_answer(body, status)


def invalid(error: ValidationError, code: Code = Code.ARGUMENT) -> Refused:
    """Every field that is wrong, one a line, in pydantic's words and RAGFlow's frame."""
    found = error.errors(include_url=False, include_context=False)
    lines = (_line(".".join(map(str, one["loc"])), one["msg"], one["input"]) for one in found)
    return Refused(code, "\n".join(lines))


def _line(field: str, message: str, value: object) -> str:
    return f"Field: <{field}> - Message: <{message}> - Value: <{_shown(value)}>"


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[:CUT_TO] + "..."


def _headers(error: DiglotError, form: ErrorForm) -> tuple[tuple[bytes, bytes], ...]:
    if form.status in (429, 503):
        return ((b"retry-after", b"%d" % error.facts.get("retry_after", RETRY_SECONDS)),)
    if error.facts.get("closes"):
        return ((b"connection", b"close"),)
    return ()
