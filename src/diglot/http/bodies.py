"""Reading what is sent, capped on the way: nothing is held that was not allowed."""

import asyncio
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import unquote

import orjson
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Message, Receive

from diglot.domain.errors import DiglotError, FileTooLarge, InvalidArgument, TooManyFiles

MOST_FILES = 16
MOST_FIELDS = 32
# Past this an answer to a refused body closes the connection; up to it the rest is read and dropped, because clients
# that send all before they listen would see a broken connection in place of the answer.
DRAINED_BYTES = 1 << 30
SILENT_SECONDS = 60
# Ten megabytes of "[{},{},..." would become a quarter of a gigabyte of objects.
MOST_CONTAINERS = 500_000


# Older clients name a file in another script than Latin by RFC 2231 alone, which RFC 7578 forbids in forms.
ENCODED_NAME = re.compile(rb"""filename\*=(?:"?)([\w-]+)'[\w-]*'([^;"\s]+)""", re.ASCII | re.IGNORECASE)
PLAIN_NAME = re.compile(rb"(?:^|[;\s])filename=", re.IGNORECASE)


class FormParser(MultiPartParser):
    """Refuses a body whose last part has no end: it would be passed over without a word."""

    def __init__(self, headers: Headers, pieces: AsyncGenerator[bytes, None], **limits: int) -> None:
        super().__init__(headers, self._whole(pieces), **limits)
        self._is_in_part = False

    async def _whole(self, pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
        async for piece in pieces:
            yield piece
        if self._is_in_part:
            raise MultiPartException("Its last part has no end.")

    def on_headers_finished(self) -> None:
        self._is_in_part = True
        self._current_part.content_disposition = _with_plain_name(self._current_part.content_disposition)
        super().on_headers_finished()

    def on_part_end(self) -> None:
        self._is_in_part = False
        super().on_part_end()


def _with_plain_name(disposition: bytes | None) -> bytes | None:
    encoded = None if disposition is None else ENCODED_NAME.search(disposition)
    if disposition is None or encoded is None or PLAIN_NAME.search(disposition):
        return disposition
    if encoded[1].lower() not in (b"utf-8", b"iso-8859-1"):
        return disposition
    name = unquote(encoded[2].decode("latin-1"), encoded[1].decode(), "replace")
    quoted = re.sub(r'["\r\n]', "_", name)
    return disposition + b'; filename="' + quoted.encode() + b'"'


class BodyTooLarge(DiglotError):
    """The request body is too large."""


class ClientGone(Exception):
    """The client left before it had sent everything."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """`name` as the client sent it: text to judge, never a path."""

    field: str
    name: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Form:
    fields: dict[str, str]
    files: list[SentFile]


async def read_body(headers: Headers, receive: Receive, limit: int) -> bytes:
    """The whole body. `BodyTooLarge` before more than `limit` bytes are held."""
    pieces = [piece async for piece in _pieces(headers, receive, limit, BodyTooLarge)]
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


async def read_form(
    headers: Headers,
    receive: Receive,
    *,
    file_bytes: int,
    field_bytes: int,
    most_files: int = MOST_FILES,
    data_part: str = "",
) -> Form:
    """A multipart body; files lie on disk once they are large. A part is a file if it has a non-empty file name and is
    not the `data_part`. `file_bytes` is what all files together may have.

    `FileTooLarge`, `TooManyFiles`, `InvalidArgument`.
    """
    limit = file_bytes + field_bytes
    parser = FormParser(
        headers,
        _pieces(headers, receive, limit, FileTooLarge),
        max_files=most_files,
        max_fields=MOST_FIELDS,
        max_part_size=field_bytes,
    )
    try:
        parsed = await parser.parse()
    except MultiPartException as error:
        if error.message.startswith("Too many files"):
            raise TooManyFiles from error
        raise InvalidArgument(f"The multipart body cannot be read: {error.message}") from error
    form = Form({}, [])
    for name, part in parsed.multi_items():
        await _sort(form, name, part, field_bytes, data_part)
    return form


async def _sort(form: Form, name: str, part: UploadFile | str, field_bytes: int, data_part: str) -> None:
    if isinstance(part, str):
        form.fields[name] = part
    elif part.filename and name != data_part:
        form.files.append(SentFile(name, part.filename, part.file))
    else:
        form.fields[name] = _decoded(await part.read(field_bytes))
        await part.close()


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise InvalidArgument("A field of the multipart body is not UTF-8.") from error


def parse_object(raw: bytes | str) -> dict[str, Any]:
    """A JSON object; nothing at all counts as an empty one. `InvalidArgument` for what is no JSON, NaN, lone
    surrogates, nesting past 1,024 levels, and the NUL character in any text."""
    if not raw.strip():
        return {}
    encoded = raw.encode() if isinstance(raw, str) else raw
    try:
        parsed = parse_json(encoded)
    except orjson.JSONDecodeError as error:
        raise InvalidArgument(f"The body is not valid JSON: {error}") from error
    if not isinstance(parsed, dict):
        raise InvalidArgument("The body must be a JSON object.")
    return parsed


def parse_json(encoded: bytes) -> Any:
    """Any JSON. `orjson.JSONDecodeError`; `InvalidArgument` for more than can be held and for the NUL character."""
    if encoded.count(b"{") + encoded.count(b"[") > MOST_CONTAINERS:
        raise InvalidArgument("The body holds too many objects and lists.")
    parsed = orjson.loads(encoded)
    if b"\\u0000" in encoded and _holds_nul(parsed):
        raise InvalidArgument("Text must not contain the NUL character.")
    return parsed


def _holds_nul(value: Any) -> bool:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and "\0" in one:
            return True
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
    return False


async def _next(receive: Receive) -> Message:
    """A client that sends nothing for a while is as good as gone; it must not hold a connection for ever."""
    try:
        async with asyncio.timeout(SILENT_SECONDS):
            return await receive()
    except TimeoutError as error:
        raise ClientGone from error


async def _pieces(
    headers: Headers, receive: Receive, limit: int, too_large: type[DiglotError]
) -> AsyncGenerator[bytes, None]:
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise too_large(limit=limit, closes=int(declared) > DRAINED_BYTES)
    size = 0
    while True:
        message = await _next(receive)
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            raise too_large(limit=limit, closes=not declared)
        if piece:
            yield piece
        if not message.get("more_body", False):
            return
