"""What goes back: encoded once, sent as it is."""

from dataclasses import dataclass
from typing import Any

import orjson
from starlette.types import Send

JSON = b"application/json"
Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    media_type: bytes = JSON
    headers: Headers = ()

    async def send(self, send: Send) -> None:
        headers = [(b"content-length", b"%d" % len(self.body)), *self.headers]
        if self.body:
            headers.append((b"content-type", self.media_type))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def json_answer(content: Any, status: int = 200, headers: Headers = ()) -> Answer:
    return Answer(status, orjson.dumps(content), JSON, headers)


NOTHING = Answer(204)
