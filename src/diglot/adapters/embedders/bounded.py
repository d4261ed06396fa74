"""An HTTP client for model servers that reads of each answer no more than what was asked for may take.

The limit counts what an answer is unpacked to: a few kilobytes of compressed zeros would else fill the memory.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

OTHER_BYTES = 1_000_000
"""Beside numbers and texts: names, counters, spaces."""
# Written out, indented, each on a line of its own.
_NUMBER_BYTES = 64
# What is made anew once it is unpacked, or means nothing any more.
_OF_THE_WAY = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_most_bytes: ContextVar[int] = ContextVar("most_bytes")


class AnswerTooLong(Exception):
    """More than what was asked for can take."""


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """What is asked for in the block is answered in so many bytes or not at all: `AnswerTooLong`."""
    token = _most_bytes.set(size)
    try:
        yield
    finally:
        _most_bytes.reset(token)


def size_of_vectors(count: int, dimension: int) -> int:
    """Bytes that so many vectors take at most."""
    return OTHER_BYTES + count * dimension * _NUMBER_BYTES


def bounded_client(**options: Any) -> Any:
    """A client as openai's own, whose requests must be inside `at_most`."""
    import openai

    class BoundedClient(openai.DefaultHttpxClient):
        def send(self, request: Any, **sending: Any) -> Any:
            return _read(super().send(request, **sending | {"stream": True}))

    return BoundedClient(**options)


def _read(answer: Any) -> Any:
    """The same answer, with its content. Of one that tells an error, which may repeat what was asked, the beginning."""
    most, size = _most_bytes.get(), 0
    pieces = []
    try:
        for piece in answer.iter_bytes():
            pieces.append(piece)
            size += len(piece)
            if size > most:
                break
    finally:
        answer.close()
    if size > most and answer.is_success:
        raise AnswerTooLong
    headers = [(name, value) for name, value in answer.headers.items() if name.lower() not in _OF_THE_WAY]
    content = b"".join(pieces)[:most]
    return type(answer)(answer.status_code, headers=headers, content=content, request=answer.request)
