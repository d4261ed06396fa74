"""Files as they were sent: one by a link that is signed and expires, or many as one archive."""

import hashlib
import hmac
import secrets
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from sqlalchemy import Connection

from diglot.catalog import datasets, documents, settings
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.document import Document
from diglot.domain.errors import ApiDisabled, DocumentNotFound, FileNotFound, LinkRefused
from diglot.domain.identity import DatasetId, DocumentId, now_ms, parse_id
from diglot.library.access import require, require_reach, there
from diglot.library.archive import ArchivedFile, zipped
from diglot.ports.blobs import Blobs

SECRET = "link_secret"
# Past this no expiry was ever given out.
EXPIRY_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Link:
    """Whoever has it may fetch the document's newest file, without a key, until `expires`, in seconds since 1970."""

    document_id: DocumentId
    expires: int
    signature: str


class Downloads:
    def __init__(self, database: Database, blobs: Blobs, *, link_seconds: int) -> None:
        self._database = database
        self._blobs = blobs
        self._link_seconds = link_seconds
        self._secret: bytes | None = None

    def link(self, document: Document) -> Link:
        """To the file of a document that whoever asks has been given. `FileNotFound`."""
        self._require_file(document)
        expires = now_ms() // 1000 + self._link_seconds
        return Link(document.id, expires, self._signature(document.id, expires))

    def follow(self, document_id: str, expires: str, signature: str) -> tuple[Document, BinaryIO]:
        """The document and its newest file, open; whoever asked closes it. Takes what was sent, whatever it is.

        `LinkRefused` if the link was not given out here or has expired; `DocumentNotFound`, `ApiDisabled`."""
        plain = self._verified(document_id, expires, signature)
        with self._database.read() as connection:
            document = documents.by_id(connection, plain)
            if document is None:
                raise DocumentNotFound
            dataset = there(datasets.get(connection, document.workspace_id, document.dataset_id))
        if not dataset.api_enabled:
            raise ApiDisabled
        return document, self._open(document)

    def archive(
        self, caller: Caller, dataset_id: DatasetId, document_ids: Iterable[DocumentId]
    ) -> Generator[bytes, None, None]:
        """The documents' newest files as a zip archive, in the order given, each once. `DocumentNotFound` if one is
        not there, `FileNotFound`: both before the first piece."""
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        wanted = list(dict.fromkeys(document_ids))
        with self._database.read() as connection:
            found = documents.anywhere(connection, caller.workspace_id, wanted)
        known = {one.id: one for one in found if one.dataset_id == dataset_id}
        if len(known) < len(wanted):
            raise DocumentNotFound
        chosen = [known[one] for one in wanted]
        for document in chosen:
            self._require_file(document)
        return zipped(map(self._archived, chosen))

    def _archived(self, document: Document) -> ArchivedFile:
        return ArchivedFile(document.name, document.size, document.updated_at, partial(self._open, document))

    def _open(self, document: Document) -> BinaryIO:
        try:
            return self._blobs.open(document.source)
        except FileNotFound as missing:
            # Without the blob's name: whoever follows a link has no business with it.
            raise FileNotFound from missing

    def _require_file(self, document: Document) -> None:
        if self._blobs.size(document.source) is None:
            raise FileNotFound

    def _verified(self, document_id: str, expires: str, signature: str) -> DocumentId:
        plain = parse_id(document_id)
        is_number = expires.isascii() and expires.isdigit() and len(expires) <= EXPIRY_DIGITS
        if plain is None or not is_number:
            raise LinkRefused
        right = self._signature(DocumentId(plain), int(expires))
        # First the signature: only who has one learns that it has expired.
        if not hmac.compare_digest(right.encode(), signature.encode()) or int(expires) * 1000 <= now_ms():
            raise LinkRefused
        return DocumentId(plain)

    def _signature(self, document_id: DocumentId, expires: int) -> str:
        if self._secret is None:
            self._secret = bytes.fromhex(self._database.write(_secret))
        return hmac.new(self._secret, f"file {document_id} {expires}".encode(), hashlib.sha256).hexdigest()


def _secret(connection: Connection) -> str:
    return str(settings.keep_first(connection, SECRET, secrets.token_hex(32)))
