"""Everything that can go wrong, on one page. Docstrings are default messages; dialects choose statuses and codes.

DiglotError
├── NotFound: WorkspaceNotFound DatasetNotFound DocumentNotFound BatchNotFound ChunkNotFound ChildNotFound FileNotFound
│             KeyNotFound MemberNotFound JobNotFound ModelNotFound NoPages PageNotFound FieldNotFound TagNotFound,
│             DatasetsMissing DocumentsMissing (name the ids that are not there)
├── Invalid: InvalidArgument (names the argument), NameTaken, NameInvalid
├── NotAllowed: Unauthorized, KeyDisabled, SessionEnded, InvalidCredentials, ScopeMissing, ApiDisabled, LinkRefused,
│               ForeignPage, SetupTokenNeeded
├── Conflict: DocumentNotReady, DocumentArchived, DocumentDisabled, DocumentBusy, ChunkDisabled, ChunkFormDiffers,
│             IndexMissing, ModelInUse, InvalidAction, AlreadySetUp, LoginTaken, LastOwner, KeyNotInForce,
│             SwitchedOffByOperator
├── UploadRefused: NoFile, TooManyFiles, FileTooLarge, FileTypeUnsupported
├── Overloaded: QueueFull, DiskFull, TooManyAttempts
├── CatalogUnusable (for the operator: wrong disk, wrong version, broken file)
├── ParseFailed: FormatUnreadable, PasswordNeeded, FileDamaged, FileEmpty, LimitExceeded, ParserCrashed,
│                MethodUnavailable
├── ModelFailed: ModelUnavailable (worth a retry), ModelMisbehaved (not)
├── IndexFailed
├── Cancelled
└── LeaseLost
"""

from collections.abc import Iterable
from typing import Any


class DiglotError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None, **facts: Any) -> None:
        self.message = message or self.default_message()
        self.facts = facts
        super().__init__(self.message)

    @classmethod
    def default_message(cls) -> str:
        return (cls.__doc__ or "").strip().split("\n")[0]


class NotFound(DiglotError):
    """Not found."""


class WorkspaceNotFound(NotFound):
    """Workspace not found."""


class DatasetNotFound(NotFound):
    """Dataset not found."""


class DocumentNotFound(NotFound):
    """Document not found."""


class DatasetsMissing(NotFound):
    """Some of the datasets are not there."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.ids = tuple(ids)
        super().__init__(ids=self.ids)


class DocumentsMissing(NotFound):
    """Some of the documents are not there."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.ids = tuple(ids)
        super().__init__(ids=self.ids)


class BatchNotFound(NotFound):
    """Documents not found."""


class ChunkNotFound(NotFound):
    """Chunk not found."""


class ChildNotFound(NotFound):
    """Child chunk not found."""


class FileNotFound(NotFound):
    """File not found."""


class KeyNotFound(NotFound):
    """API key not found."""


class MemberNotFound(NotFound):
    """Member not found."""


class JobNotFound(NotFound):
    """Job not found."""


class FieldNotFound(NotFound):
    """Metadata not found."""


class TagNotFound(NotFound):
    """Tag not found"""


class ModelNotFound(NotFound):
    """Model not found."""


class NoPages(NotFound):
    """A document of this kind has no pages that could be shown."""


class PageNotFound(NotFound):
    """The document has no such page."""


class Invalid(DiglotError):
    """The request is not valid."""


class InvalidArgument(Invalid):
    """An argument is not valid."""

    def __init__(self, message: str, argument: str | None = None, **facts: Any) -> None:
        super().__init__(message, argument=argument, **facts)
        self.argument = argument


class NameInvalid(Invalid):
    """The name is not valid."""


class NameTaken(Invalid):
    """The name is taken."""


class NotAllowed(DiglotError):
    """Not allowed."""


class Unauthorized(NotAllowed):
    """The API key is missing or not valid."""


class KeyDisabled(Unauthorized):
    """The API key is disabled or has expired."""


class SessionEnded(Unauthorized):
    """There is no session, or not any more: log in."""


class InvalidCredentials(Unauthorized):
    """The login or the password is wrong."""


class ForeignPage(NotAllowed):
    """This may be asked by the console's own pages alone."""


class SetupTokenNeeded(NotAllowed):
    """From elsewhere the first account is made with the token that the server shows when it starts."""


class ScopeMissing(NotAllowed):
    """The API key does not allow this."""


class ApiDisabled(NotAllowed):
    """API access is switched off."""


class LinkRefused(NotAllowed):
    """This link is not valid, or not any more."""


class Conflict(DiglotError):
    """The thing is in a state that does not allow this."""


class DocumentNotReady(Conflict):
    """The document is not ready."""


class DocumentArchived(Conflict):
    """The document is archived."""


class DocumentDisabled(Conflict):
    """The document is disabled."""


class DocumentBusy(Conflict):
    """The document is being processed."""


class ChunkDisabled(Conflict):
    """The chunk is disabled."""


class ChunkFormDiffers(Conflict):
    """The document's chunk form differs from its dataset's."""


class IndexMissing(Conflict):
    """The dataset has no index yet."""


class AlreadySetUp(Conflict):
    """There is an account already."""


class LoginTaken(Conflict):
    """This login is taken."""


class LastOwner(Conflict):
    """The last owner who can log in must stay one."""


class KeyNotInForce(Conflict):
    """The API key is disabled or has expired."""


class SwitchedOffByOperator(Conflict):
    """The server's setting api_enabled switches the API off."""


class ModelInUse(Conflict):
    """Datasets use the model."""


class InvalidAction(Conflict):
    """This action is not possible."""


class UploadRefused(DiglotError):
    """The upload was refused."""


class NoFile(UploadRefused):
    """There is no file."""


class TooManyFiles(UploadRefused):
    """There are too many files."""


class FileTooLarge(UploadRefused):
    """The file is too large."""


class FileTypeUnsupported(UploadRefused):
    """This type of file is not supported."""


class Overloaded(DiglotError):
    """The server is busy; try again later."""


class QueueFull(Overloaded):
    """Too many documents are waiting; try again later."""


class TooManyAttempts(Overloaded):
    """Too many attempts failed; wait before the next."""


class DiskFull(Overloaded):
    """The disk is nearly full."""


class CatalogUnusable(DiglotError):
    """The catalog's database cannot be used."""


class ParseFailed(DiglotError):
    """The file could not be read."""


class FormatUnreadable(ParseFailed):
    """This type of file is not supported."""


class PasswordNeeded(ParseFailed):
    """The file is protected by a password."""


class FileDamaged(ParseFailed):
    """The file is damaged."""


class FileEmpty(ParseFailed):
    """The file holds no text."""


class LimitExceeded(ParseFailed):
    """Reading the file went past a limit."""


class ParserCrashed(ParseFailed):
    """The reader crashed on this file."""


class MethodUnavailable(ParseFailed):
    """The chunk method cannot be used here."""


class ModelFailed(DiglotError):
    """The model failed."""


class ModelUnavailable(ModelFailed):
    """The model cannot be reached."""


class ModelMisbehaved(ModelFailed):
    """The model answered nonsense."""


class IndexFailed(DiglotError):
    """The search index cannot be written or read now."""


class Cancelled(DiglotError):
    """Cancelled."""


class LeaseLost(DiglotError):
    """The job is no longer ours."""
