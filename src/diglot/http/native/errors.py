"""Our errors in our own form: {"error": {"code", "message"}}, under HTTP's own statuses."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from diglot.domain import errors
from diglot.domain.errors import DiglotError, InvalidArgument
from diglot.http.answers import Answer, json_answer
from diglot.http.bodies import BodyTooLarge
from diglot.http.operations import ErrorForm

RETRY_SECONDS = 5
# The first class on an error's own line of ancestors counts.
FORMS: Mapping[type[DiglotError], ErrorForm] = {
    errors.Unauthorized: ErrorForm(401, "unauthorized"),
    errors.SessionEnded: ErrorForm(401, "session_ended"),
    errors.InvalidCredentials: ErrorForm(401, "invalid_credentials"),
    errors.ForeignPage: ErrorForm(403, "foreign_page"),
    errors.SetupTokenNeeded: ErrorForm(403, "setup_token_needed"),
    errors.ScopeMissing: ErrorForm(403, "scope_missing"),
    errors.ApiDisabled: ErrorForm(403, "api_disabled"),
    errors.NotAllowed: ErrorForm(403, "forbidden"),
    errors.DatasetNotFound: ErrorForm(404, "dataset_not_found"),
    errors.DocumentNotFound: ErrorForm(404, "document_not_found"),
    errors.FileNotFound: ErrorForm(404, "file_not_found"),
    errors.NoPages: ErrorForm(404, "no_pages"),
    errors.PageNotFound: ErrorForm(404, "page_not_found"),
    errors.JobNotFound: ErrorForm(404, "job_not_found"),
    errors.ModelNotFound: ErrorForm(404, "model_not_found"),
    errors.MemberNotFound: ErrorForm(404, "member_not_found"),
    errors.KeyNotFound: ErrorForm(404, "key_not_found"),
    errors.NotFound: ErrorForm(404, "not_found"),
    errors.NameInvalid: ErrorForm(400, "name_invalid"),
    errors.NameTaken: ErrorForm(409, "name_taken"),
    errors.Invalid: ErrorForm(400, "invalid_argument"),
    errors.AlreadySetUp: ErrorForm(409, "already_set_up"),
    errors.LoginTaken: ErrorForm(409, "login_taken"),
    errors.LastOwner: ErrorForm(409, "last_owner"),
    errors.KeyNotInForce: ErrorForm(409, "key_not_in_force"),
    errors.SwitchedOffByOperator: ErrorForm(409, "switched_off_by_operator"),
    errors.ModelInUse: ErrorForm(409, "model_in_use"),
    errors.Conflict: ErrorForm(409, "conflict"),
    errors.NoFile: ErrorForm(400, "no_file"),
    errors.TooManyFiles: ErrorForm(400, "too_many_files"),
    errors.FileTooLarge: ErrorForm(413, "file_too_large"),
    errors.FileTypeUnsupported: ErrorForm(415, "file_type_unsupported"),
    errors.UploadRefused: ErrorForm(400, "upload_refused"),
    errors.PasswordNeeded: ErrorForm(422, "password_needed"),
    errors.FileDamaged: ErrorForm(422, "file_damaged"),
    errors.FileEmpty: ErrorForm(422, "file_empty"),
    errors.LimitExceeded: ErrorForm(422, "limit_exceeded"),
    errors.FormatUnreadable: ErrorForm(422, "format_unreadable"),
    errors.MethodUnavailable: ErrorForm(422, "method_unavailable"),
    errors.ParserCrashed: ErrorForm(422, "reader_crashed"),
    errors.ParseFailed: ErrorForm(422, "unreadable"),
    BodyTooLarge: ErrorForm(413, "body_too_large"),
    errors.DiskFull: ErrorForm(507, "disk_full"),
    errors.TooManyAttempts: ErrorForm(429, "too_many_attempts"),
    errors.Overloaded: ErrorForm(429, "busy"),
    # What the database says, addresses among it, is for operators: /readyz has it.
    errors.CatalogUnusable: ErrorForm(503, "catalog_unusable", errors.CatalogUnusable().message),
    errors.ModelUnavailable: ErrorForm(503, "model_unavailable"),
    errors.ModelFailed: ErrorForm(502, "model_failed"),
    errors.DiglotError: ErrorForm(500, "internal_error", "Internal server error."),
}
PLAIN = {
    404: ErrorForm(404, "not_found", "There is nothing here."),
    405: ErrorForm(405, "method_not_allowed", "This method is not answered here."),
    500: ErrorForm(500, "internal_error", "Internal server error."),
}


def form_of(kind: type[DiglotError]) -> ErrorForm:
    return next(FORMS[ancestor] for ancestor in kind.__mro__ if ancestor in FORMS)


def body_of(form: ErrorForm, message: str, argument: str | None = None) -> dict[str, Any]:
    error = {"code": form.code, "message": message}
    return {"error": error if argument is None else error | {"argument": argument}}


def tell(error: DiglotError) -> Answer:
    form = form_of(type(error))
    argument = error.argument if isinstance(error, InvalidArgument) else None
    return json_answer(body_of(form, form.message or error.message, argument), form.status, _headers(error, form))


def tell_status(status: int) -> Answer:
    form = PLAIN[status]
    return json_answer(body_of(form, form.message or ""), status)


def invalid(error: ValidationError) -> InvalidArgument:
    """The first thing that is wrong, in one sentence."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = ".".join(map(str, first["loc"]))
    return InvalidArgument(f"{name}: {first['msg']}." if name else f"{first['msg']}.", name or None)


def _headers(error: DiglotError, form: ErrorForm) -> tuple[tuple[bytes, bytes], ...]:
    if form.status == 401:
        return ((b"www-authenticate", b'Bearer realm="api"'),)
    if form.status in (429, 503):
        return ((b"retry-after", b"%d" % error.facts.get("retry_after", RETRY_SECONDS)),)
    if error.facts.get("closes"):
        return ((b"connection", b"close"),)
    return ()
