"""Our errors in Dify's form: {"code", "message", "status"}, beside "params" where an argument is to blame."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from diglot.domain import errors
from diglot.domain.errors import DiglotError, InvalidArgument, ModelNotFound
from diglot.http.answers import Answer, json_answer
from diglot.http.bodies import BodyTooLarge
from diglot.http.operations import ErrorForm

INVALID = ErrorForm(400, "invalid_param")
NO_EMBEDDING_MODEL = (
    "No Embedding Model available. Please configure a valid provider in the Settings -> Model Provider."
)
# The first class on an error's own line of ancestors counts.
FORMS: Mapping[type[DiglotError], ErrorForm] = {
    errors.Unauthorized: ErrorForm(401, "unauthorized", "Access token is invalid"),
    errors.ScopeMissing: ErrorForm(403, "forbidden"),
    errors.ApiDisabled: ErrorForm(403, "forbidden", "Dataset api access is not enabled."),
    errors.NotAllowed: ErrorForm(403, "forbidden"),
    errors.ChunkNotFound: ErrorForm(404, "not_found", "Segment not found."),
    errors.ChildNotFound: ErrorForm(404, "not_found", "Child chunk not found."),
    errors.ModelNotFound: ErrorForm(400, "invalid_param", NO_EMBEDDING_MODEL),
    errors.FileNotFound: ErrorForm(404, "not_found", "UploadFile not found."),
    errors.NotFound: ErrorForm(404, "not_found"),
    errors.NameTaken: ErrorForm(
        409, "dataset_name_duplicate", "The dataset name already exists. Please modify your dataset name."
    ),
    errors.Invalid: INVALID,
    errors.DocumentNotReady: ErrorForm(404, "not_found", "Document is not completed."),
    errors.DocumentDisabled: ErrorForm(404, "not_found", "Document is disabled."),
    errors.DocumentArchived: ErrorForm(403, "archived_document_immutable", "The archived document is not editable."),
    errors.DocumentBusy: ErrorForm(400, "document_indexing", "The document is being processed and cannot be edited."),
    errors.ChunkDisabled: ErrorForm(400, "invalid_param", "Can't update disabled segment"),
    errors.ChunkFormDiffers: ErrorForm(400, "invalid_param", "doc_form is different from the dataset doc_form."),
    errors.IndexMissing: ErrorForm(
        400,
        "dataset_not_initialized",
        "The dataset is still being initialized or indexing. Please wait a moment.",
    ),
    errors.InvalidAction: ErrorForm(400, "invalid_action", "Invalid action."),
    errors.Conflict: INVALID,
    errors.NoFile: ErrorForm(400, "no_file_uploaded", "Please upload your file."),
    errors.TooManyFiles: ErrorForm(400, "too_many_files", "Only one file is allowed."),
    errors.FileTooLarge: ErrorForm(413, "file_too_large", "File size exceeded."),
    errors.FileTypeUnsupported: ErrorForm(415, "unsupported_file_type", "File type not allowed."),
    errors.UploadRefused: INVALID,
    BodyTooLarge: ErrorForm(413, "request_entity_too_large"),
    errors.DiskFull: ErrorForm(507, "insufficient_storage"),
    errors.Overloaded: ErrorForm(429, "too_many_requests"),
    errors.CatalogUnusable: ErrorForm(503, "service_unavailable"),
    errors.ModelUnavailable: ErrorForm(503, "service_unavailable"),
    errors.ModelFailed: ErrorForm(502, "bad_gateway"),
    errors.DiglotError: ErrorForm(500, "internal_server_error"),
}
PLAIN = {
    404: ErrorForm(404, "not_found", "The requested URL was not found on the server."),
    405: ErrorForm(405, "method_not_allowed", "The method is not allowed for the requested URL."),
    500: ErrorForm(500, "internal_server_error", "Internal Server Error, please try again later."),
}
CHALLENGE = (b"www-authenticate", b'Bearer realm="api"')
RETRY_SECONDS = 5
# Where Dify checks by hand, its sentences: what is wrong, then "is required" or "is invalid".
LABELS: Mapping[tuple[str, ...], str] = {
    ("process_rule", "mode"): "Process rule mode",
    ("process_rule", "rules"): "Process rule rules",
    ("process_rule", "rules", "parent_mode"): "Process rule parent_mode",
    ("process_rule", "rules", "pre_processing_rules"): "Process rule pre_processing_rules",
    ("process_rule", "rules", "pre_processing_rules", "id"): "Process rule pre_processing_rules id",
    ("process_rule", "rules", "pre_processing_rules", "enabled"): "Process rule pre_processing_rules enabled",
    ("process_rule", "rules", "segmentation"): "Process rule segmentation",
    ("process_rule", "rules", "segmentation", "separator"): "Process rule segmentation separator",
    ("process_rule", "rules", "segmentation", "max_tokens"): "Process rule segmentation max_tokens",
}

# Where a text or a number is taken, pydantic complains of each in turn and puts its type behind the name.
TEXT_OR_NUMBER = ("str",)


def form_of(kind: type[DiglotError], exceptions: Mapping[type[DiglotError], ErrorForm] | None = None) -> ErrorForm:
    """How an error of this class is told; `exceptions` go first."""
    for table in (exceptions or {}, FORMS):
        for ancestor in kind.__mro__:
            if ancestor in table:
                return table[ancestor]
    return FORMS[DiglotError]


def body_of(form: ErrorForm, message: str, argument: str | None = None) -> dict[str, Any]:
    body: dict[str, Any] = {"code": form.code, "message": message, "status": form.status}
    return body if argument is None else body | {"params": argument}


def tell(error: DiglotError, exceptions: Mapping[type[DiglotError], ErrorForm] | None = None) -> Answer:
    """Dify's sentence takes the place of our default one; where ours is more exact, it stays."""
    form = form_of(type(error), exceptions)
    message = _sentence(error, form)
    argument = error.argument if isinstance(error, InvalidArgument) else None
    return json_answer(body_of(form, message, argument), form.status, _headers(error, form))


def tell_status(status: int) -> Answer:
    form = PLAIN[status]
    return json_answer(body_of(form, form.message or ""), status)


def invalid(error: ValidationError) -> InvalidArgument:
    """The first thing that is wrong, in one sentence."""
    first = error.errors(include_url=False, include_context=False, include_input=True)[0]
    names = tuple(part for part in first["loc"] if isinstance(part, str))
    is_absent = first["type"] == "missing" or first["input"] is None
    if names in LABELS:
        return InvalidArgument(f"{LABELS[names]} {'is required' if is_absent else 'is invalid'}", names[0])
    if is_absent:
        return InvalidArgument(f"{'.'.join(names)} is required.", names[0] if names else None)
    if names[-1:] == TEXT_OR_NUMBER:
        return InvalidArgument(f"{'.'.join(names[:-1])}: Input should be a text or a number", names[0])
    return InvalidArgument(f"{'.'.join(names)}: {first['msg']}", names[0] if names else None)


def _sentence(error: DiglotError, form: ErrorForm) -> str:
    if isinstance(error, errors.CatalogUnusable):
        # What the database says, addresses among it, is for operators: /readyz has it.
        return errors.CatalogUnusable().message
    if form.message is None:
        return error.message
    is_default = error.message == error.default_message()
    if isinstance(error, ModelNotFound) and not is_default:
        # Dify's sentence, which clients know, and the name, which people need.
        return f"{form.message} {error.message}"
    return form.message if is_default else error.message


def _headers(error: DiglotError, form: ErrorForm) -> tuple[tuple[bytes, bytes], ...]:
    if form.status == 401:
        return (CHALLENGE,)
    if form.status in (429, 503):
        return ((b"retry-after", b"%d" % error.facts.get("retry_after", RETRY_SECONDS)),)
    if error.facts.get("closes"):
        return ((b"connection", b"close"),)
    return ()
