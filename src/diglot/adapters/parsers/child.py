"""The life of one reading process: limits on itself, one document, one answer, death."""

import gc
import logging
import os
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from types import ModuleType

import orjson

from diglot.adapters.parsers import wire
from diglot.adapters.parsers.exhaustion import out_of_memory
from diglot.ports.parser import ParseLimits

Answer = Callable[[str, bytes, ParseLimits], bytes]


@dataclass(frozen=True, slots=True)
class Request:
    """What one child shall do. `page`: its picture is wanted, not the text of all. With `fit` (most width and
    height, in pixels) that is one for people. `media_type`: see `Parser.parse`. `unpacks`: archives of documents are
    read."""

    name: str
    limits: ParseLimits
    page: int | None = None
    media_type: str | None = None
    fit: tuple[int, int] | None = None
    unpacks: bool = False

    def encode(self) -> bytes:
        return orjson.dumps(asdict(self))

    @staticmethod
    def decode(said: bytes) -> "Request":
        fields = orjson.loads(said)
        return Request(**fields | {"limits": ParseLimits(**fields["limits"])})

    def answer_by(self, reading: ModuleType) -> Answer:
        """`answer`, `picture` or `page_image` of the module that reads."""
        if self.page is None:
            return partial(reading.answer, media_type=self.media_type, unpacks=self.unpacks)
        if self.fit is None:
            return partial(reading.picture, page=self.page, unpacks=self.unpacks)
        return partial(reading.page_image, page=self.page, fit=self.fit)


EXIT = struct.Struct("<iq")
"""What the zygote reports of a dead child: wait status and peak memory in bytes."""

OPEN_FILES = 64
_PR_SET_PDEATHSIG = 1


def restrict(limits: ParseLimits) -> None:
    """From here on the process can hurt only itself. POSIX; elsewhere the parent's clock is the only limit."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Readers write no files; 0 would kill them for a line on a redirected stderr.
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    if sys.platform != "darwin":
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    os.umask(0o077)
    # The parent watches the clock; this one is for a child whose parents are all gone.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds + 5)


def die_with(parent: int) -> None:
    """Linux kills this process when the one that forked it dies. `parent` must be single-threaded: the signal is tied
    to the forking thread, not to its process."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def read_one(reading: ModuleType, request: Request, content: bytes, send: Callable[[bytes], None]) -> None:
    """Never returns. An exception that no reader foresaw is told to the parent as such, for its log."""
    gc.set_threshold(50_000)
    logging.disable()
    code = 1
    try:
        send(request.answer_by(reading)(request.name, content, request.limits))
        code = 0
    finally:
        if _is_for_want_of_memory(sys.exc_info()[1], request.limits):
            send(wire.encode_error(out_of_memory(request.limits)))
        elif sys.exc_info()[0] is not None:
            send(wire.encode_surprise(traceback.format_exc()))
        os._exit(code)


def _is_for_want_of_memory(failure: BaseException | None, limits: ParseLimits) -> bool:
    """Native libraries panic where they get none, and a panic is no `Exception`; the peak tells that from a fault."""
    if failure is None or isinstance(failure, Exception) or sys.platform == "win32":
        return isinstance(failure, MemoryError)
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit > limits.memory_bytes // 3
