"""/events: documents as they change, by server-sent events. Nobody who listens has a thread."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import orjson
from starlette.types import Receive, Send

from diglot.catalog.watched import DocumentState
from diglot.domain.errors import ApiDisabled, DatasetNotFound, DiglotError, Overloaded
from diglot.http.answers import Answer, gone
from diglot.http.native import wire_operations as wire
from diglot.http.native.jobs import dataset_named
from diglot.http.native.reasons import reason_of
from diglot.http.operations import Call, Operation
from diglot.library.watching import Listener, Watching

EVENT_STREAM = "text/event-stream"
HEADERS = ((b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"))
PING_SECONDS = 15.0
CHECK_SECONDS = 5.0
"""How long somebody who may listen no more is still told."""
STATES_AT_ONCE = 100
OPENING = b"retry: 1000\n\n"
PING = b"event: ping\ndata: {}\n\n"
SHOWN = tuple(name for name in wire.DocumentEvent.model_fields if name in DocumentState.__slots__)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsAnswer(Answer):
    """`check` raises when the caller may listen no more."""

    watching: Watching
    listener: Listener
    check: Callable[[], None]

    async def send(self, send: Send, receive: Receive) -> None:
        news = asyncio.Event()
        leaving = asyncio.ensure_future(gone(receive))
        leaving.add_done_callback(lambda _: news.set())
        self.listener.on_change(partial(_wake, asyncio.get_running_loop(), news))
        try:
            await self._start(send)
            await _say(send, OPENING)
            await self._tell(send, leaving, news)
            await send({"type": "http.response.body", "body": b""})
        finally:
            leaving.cancel()
            self.drop()

    def drop(self) -> None:
        self.watching.leave(self.listener)

    def described(self) -> list[tuple[bytes, bytes]]:
        return [(b"content-type", self.media_type)]

    async def _tell(self, send: Send, leaving: "asyncio.Future[None]", news: asyncio.Event) -> None:
        ping_at = time.monotonic() + PING_SECONDS
        check_at = time.monotonic() + CHECK_SECONDS
        while not leaving.done() and not self.listener.is_over:
            news.clear()
            states = self.listener.take()
            for start in range(0, len(states), STATES_AT_ONCE):
                await _say(send, b"".join(map(_event, states[start : start + STATES_AT_ONCE])))
            now = time.monotonic()
            if now >= ping_at:
                ping_at = now + PING_SECONDS
                await _say(send, PING)
            if now >= check_at:
                check_at = now + CHECK_SECONDS
                if not await self._may_listen():
                    return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, min(ping_at, check_at) - time.monotonic())):
                    await news.wait()

    async def _may_listen(self) -> bool:
        try:
            await asyncio.to_thread(self.check)
        except DiglotError:
            return False
        return True


def events(call: Call) -> Answer:
    sent: wire.EventsQuery = call.query
    dataset_id = dataset_named(sent.dataset_id)
    watching = call.house.watching
    return EventsAnswer(
        200,
        media_type=EVENT_STREAM.encode(),
        headers=HEADERS,
        watching=watching,
        listener=watching.listen(call.caller, dataset_id),
        check=partial(_require_still, call),
    )


def _require_still(call: Call) -> None:
    """`Unauthorized`, `ApiDisabled`"""
    caller = call.identify()
    if caller.key_id is not None and not call.house.switches.now().api_enabled:
        raise ApiDisabled


async def _say(send: Send, piece: bytes) -> None:
    await send({"type": "http.response.body", "body": piece, "more_body": True})


def _event(state: DocumentState) -> bytes:
    said = {name: getattr(state, name) for name in SHOWN} | reason_of(state.error)
    return b"event: document\ndata: " + orjson.dumps(said) + b"\n\n"


def _wake(loop: asyncio.AbstractEventLoop, news: asyncio.Event) -> None:
    # The thread that watches may be at it while the server's loop ends.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(news.set)


EXAMPLE = (
    "event: document\n"
    'data: {"id":"0192f0c47a0b7d2c8e613f5a9b0c1d2e","dataset_id":"0192f0c4791c7e4fa0b1c2d3e4f5a6b7",'
    '"name":"manual.pdf","status":"embedding","phase":"running","progress":0.6,"error":null,"error_code":null,'
    '"error_facts":null,"chunk_count":0,"updated_at":1750000000000}\n\n'
)
OPERATIONS = (
    Operation(
        id="events",
        method="GET",
        path="/events",
        tag="Events",
        summary="Documents as they change",
        description="A stream of server-sent events that does not end. `event: document` tells how a document stands: "
        "first each that is being read or waits for it, a thousand at most, then each that changes, within a second. "
        "Its `data` is a JSON object with `id`, `dataset_id`, `name`, `status`, `phase`, `progress`, `error`, "
        "`error_code`, `error_facts`, `chunk_count` and `updated_at`; changes that come faster than they are read are "
        "told as one. `event: ping` comes every 15 seconds. A hundred may listen to each process.",
        handler=events,
        query=wire.EventsQuery,
        answer_example=EXAMPLE,
        answer_description="The events.",
        answer_media=EVENT_STREAM,
        errors=(DatasetNotFound, Overloaded),
    ),
)
