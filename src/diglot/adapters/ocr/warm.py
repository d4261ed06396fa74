"""The worker's side of the process that recognises: starts it with the first picture, keeps it, replaces it."""

import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any

import orjson

from diglot.adapters.ocr.engines import ENGINES
from diglot.domain.errors import Cancelled, LimitExceeded, ParserCrashed
from diglot.domain.picture import Picture
from diglot.domain.recognised import TextLine

logger = logging.getLogger(__name__)

LOAD_SECONDS = 120.0
MOST_PAGES = 500
MOST_BYTES = 2_500_000_000
"""Memory at its peak, after which a process is replaced: pictures of unlike sizes leave holes."""

_INTERVAL = 0.3
"""Seconds between two questions whether to stop: a cancel must be felt within a second."""

_TRIES = 2


class _Gone(Exception):
    """The process died."""


class WarmOcr:
    """Implements `ports.ocr.Ocr` by one process, which ends by itself when it has had nothing to do for a while."""

    def __init__(self, engine: str, languages: str, memory_bytes: int) -> None:
        self._engine = engine
        self._languages = languages
        self._memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._process: _Process | None = None

    def missing(self) -> str | None:
        return self._missing

    @cached_property
    def _missing(self) -> str | None:
        return ENGINES[self._engine].missing(self._languages)

    def name(self) -> str:
        return f"{ENGINES[self._engine].name} ({self._languages})"

    def edition(self) -> str:
        return self._edition

    @cached_property
    def _edition(self) -> str:
        return ENGINES[self._engine].edition(self._languages)

    def lines(self, picture: Picture, seconds: float, is_cancelled: Callable[[], bool]) -> list[TextLine]:
        with self._turn(is_cancelled):
            for _ in range(_TRIES):
                with suppress(_Gone):
                    return self._recognised(picture, seconds, is_cancelled)
        raise ParserCrashed("Text recognition crashed on a page of this file.")

    def close(self) -> None:
        with self._lock:
            self._end()

    @contextmanager
    def _turn(self, is_cancelled: Callable[[], bool]) -> Iterator[None]:
        while not self._lock.acquire(timeout=_INTERVAL):
            if is_cancelled():
                raise Cancelled
        try:
            yield
        finally:
            self._lock.release()

    def _recognised(self, picture: Picture, seconds: float, is_cancelled: Callable[[], bool]) -> list[TextLine]:
        try:
            process = self._living(is_cancelled)
            process.ask(picture)
            peak, found = process.answer(seconds, is_cancelled)
        except BaseException:
            # Whatever it is doing, nobody waits for it any more.
            self._end()
            raise
        if peak > MOST_BYTES or process.asked >= MOST_PAGES:
            self._end()
        return [_within(TextLine(*line), picture) for line in found if line[0].strip()]

    def _living(self, is_cancelled: Callable[[], bool]) -> "_Process":
        if self._process is None or not self._process.is_alive:
            self._end()
            self._process = _Process([self._engine, self._languages, str(self._memory_bytes)])
            self._process.answer(LOAD_SECONDS, is_cancelled)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()


class _Process:
    """A thread of its own talks with it, so that whoever waits can stop waiting."""

    def __init__(self, arguments: list[str]) -> None:
        command = [sys.executable, "-P", "-m", "diglot.adapters.ocr.serving", *arguments]
        # A group of its own: what it starts dies with it.
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        self.asked = 0
        self._pictures: queue.Queue[Picture | None] = queue.Queue()
        self._answers: queue.Queue[bytes] = queue.Queue()
        self._thread = threading.Thread(target=self._converse, name="ocr", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None and self._thread.is_alive()

    def ask(self, picture: Picture) -> None:
        self.asked += 1
        self._pictures.put(picture)

    def answer(self, seconds: float, is_cancelled: Callable[[], bool]) -> Any:
        deadline = time.monotonic() + seconds
        while True:
            with suppress(queue.Empty):
                return _decoded(self._answers.get(timeout=min(_INTERVAL, seconds)))
            if is_cancelled():
                raise Cancelled
            if time.monotonic() > deadline:
                raise LimitExceeded(f"Recognising the text of a page takes more than {seconds:,.0f} seconds.")

    def kill(self) -> None:
        self._pictures.put(None)
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self._thread.join()

    def _converse(self) -> None:
        """An empty answer says that there will be no more."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(OSError), process.stdout, process.stdin:
            self._answers.put(process.stdout.readline())
            while (picture := self._pictures.get()) is not None:
                head = orjson.dumps([picture.width, picture.height, picture.points])
                process.stdin.write(head + b"\n" + picture.pixels)
                process.stdin.flush()
                self._answers.put(process.stdout.readline())
        self._answers.put(b"")


def _decoded(answer: bytes) -> Any:
    if not answer.endswith(b"\n"):
        raise _Gone
    return orjson.loads(answer)


def _within(line: TextLine, picture: Picture) -> TextLine:
    """Engines draw boxes somewhat beyond the edge."""
    return TextLine(
        line.text.replace("\x00", "").strip(),
        max(line.left, 0.0),
        max(line.top, 0.0),
        min(line.right, float(picture.width)),
        min(line.bottom, float(picture.height)),
        line.confidence,
    )
