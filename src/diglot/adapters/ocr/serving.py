"""The process that recognises: one engine, loaded once, picture after picture until standard input ends.

python -P -m diglot.adapters.ocr.serving ENGINE LANGUAGES MEMORY_BYTES

In: a line of JSON [width, height, points] and the pixels. Out: a line of JSON [peak memory in bytes, [lines]]; the line
before all others, [], says that the engine is loaded. It ends when nobody has asked for a while, and at once when the
worker is gone, together with what it started.
"""

import gc
import os
import queue
import signal
import sys
import threading
from typing import BinaryIO

import orjson

from diglot.adapters.ocr.engines import ENGINES
from diglot.domain.picture import Picture

IDLE_SECONDS = 300.0
"""After which the memory of the engine, a gigabyte, is given back."""

_NICENESS = 10
"""Texts, questions and uploads go first."""


def main(engine: str, languages: str, memory_bytes: int) -> None:
    answers = os.fdopen(os.dup(1), "wb")
    # What libraries print must not stand among the answers.
    os.dup2(2, 1)
    pictures: queue.Queue[Picture] = queue.Queue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, pictures), daemon=True).start()
    _restrict(memory_bytes)
    recogniser = ENGINES[engine].load(languages)
    gc.freeze()
    _say(answers, [])
    while True:
        try:
            picture = pictures.get(timeout=IDLE_SECONDS)
        except queue.Empty:
            return
        found = recogniser.lines(picture)
        # The encoder knows tuples, but not tuples with names.
        _say(answers, [_peak_bytes(), [tuple(line) for line in found]])


def _listen(source: BinaryIO, pictures: "queue.Queue[Picture]") -> None:
    """In a thread of its own, so that the end of the worker is heard in the middle of a page."""
    while head := source.readline():
        width, height, points = orjson.loads(head)
        pixels = source.read(width * height)
        if len(pixels) == width * height:
            pictures.put(Picture(width, height, pixels, points))
    _end_all()


def _end_all() -> None:
    """This process and the command that it may have started."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _restrict(memory_bytes: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "darwin":
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _peak_bytes() -> int:
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _say(answers: BinaryIO, said: object) -> None:
    answers.write(orjson.dumps(said) + b"\n")
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
