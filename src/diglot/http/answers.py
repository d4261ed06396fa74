"""What goes back: encoded once, sent as it is; a file piece by piece."""

import asyncio
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import quote

import orjson
from starlette.types import Receive, Send

JSON = b"application/json"
Headers = tuple[tuple[bytes, bytes], ...]
PIECE_BYTES = 1 << 18
NOT_MODIFIED = 304
# What may stand in a quoted file name for clients that know no other: the rest is spelled by RFC 8187 beside it.
PLAIN = frozenset("!#$&+-.^_`|~ ()[]{}@,;='")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    media_type: bytes = JSON
    headers: Headers = ()

    async def send(self, send: Send, receive: Receive) -> None:
        await self._start(send)
        await send({"type": "http.response.body", "body": self.body})

    async def send_head(self, send: Send) -> None:
        """What HEAD is answered: the content stays here, however long it would go on."""
        try:
            await self._start(send)
            await send({"type": "http.response.body", "body": b""})
        finally:
            self.drop()

    def drop(self) -> None:
        """Lets go of what the content would have come from."""

    async def _start(self, send: Send) -> None:
        headers = [*self.described(), *self.headers]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})

    def described(self) -> list[tuple[bytes, bytes]]:
        """What the headers say of the content."""
        described = []
        # Of an answer that the client has already, the length would be that of what it has.
        if self.status != NOT_MODIFIED:
            described.append((b"content-length", b"%d" % len(self.body)))
        if self.body:
            described.append((b"content-type", self.media_type))
        return described


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAnswer(Answer):
    """`content` is at its beginning, has `size` bytes and is closed once it is sent or nobody listens any more."""

    content: BinaryIO
    size: int

    async def send(self, send: Send, receive: Receive) -> None:
        try:
            await self._start(send)
            await self._send_content(send, receive)
        finally:
            self.drop()

    def drop(self) -> None:
        self.content.close()

    def described(self) -> list[tuple[bytes, bytes]]:
        return [(b"content-length", b"%d" % self.size), (b"content-type", self.media_type)]

    async def _send_content(self, send: Send, receive: Receive) -> None:
        leaving = asyncio.ensure_future(gone(receive))
        try:
            left = self.size
            while left > 0 and not leaving.done():
                piece = await asyncio.to_thread(self.content.read, min(PIECE_BYTES, left))
                if not piece:
                    break
                left -= len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            leaving.cancel()


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamAnswer(Answer):
    """Of a size that nobody knows before. `pieces` is closed once all is sent or nobody listens any more."""

    pieces: Generator[bytes, None, None]

    async def send(self, send: Send, receive: Receive) -> None:
        await self._start(send)
        leaving = asyncio.ensure_future(gone(receive))
        try:
            while not leaving.done() and (piece := await asyncio.to_thread(next, self.pieces, b"")):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            self.drop()
            await send({"type": "http.response.body", "body": b""})
        finally:
            leaving.cancel()

    def drop(self) -> None:
        self.pieces.close()

    def described(self) -> list[tuple[bytes, bytes]]:
        return [(b"content-type", self.media_type)]


async def gone(receive: Receive) -> None:
    """Servers say nothing to those who send to a client that has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


# Of files that somebody sent: whatever they are, a browser that shows one runs nothing in it.
SANDBOXED = (b"content-security-policy", b"sandbox; default-src 'none'")


def disposition(kind: str, name: str) -> tuple[bytes, bytes]:
    """`kind`: "attachment" or "inline". The name in both forms of RFC 6266."""
    plain = "".join(one if one in PLAIN or (one.isascii() and one.isalnum()) else "_" for one in name)
    encoded = quote(name, safe="")
    return b"content-disposition", f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}".encode()


def json_answer(content: Any, status: int = 200, headers: Headers = ()) -> Answer:
    return Answer(status, orjson.dumps(content), JSON, headers)


NOTHING = Answer(204)
