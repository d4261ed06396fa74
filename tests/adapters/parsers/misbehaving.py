"""What runs in a child instead of the real readers, to see that it can hurt nobody. The file's text chooses."""

import ctypes
import os
import signal
import time

from diglot.adapters.parsers import wire
from diglot.domain.parsed import Block, BlockKind, Parsed
from diglot.ports.parser import ParseLimits


def answer(
    name: str, content: bytes, limits: ParseLimits, media_type: str | None = None, unpacks: bool = False
) -> bytes:
    deed, _, argument = content.decode().partition(" ")
    return _DEEDS[deed](argument)


def _say(text: str) -> bytes:
    return wire.encode(Parsed((Block(BlockKind.PARAGRAPH, text),)))


def _loop(_: str) -> bytes:
    while True:
        pass


def _sleep(seconds: str) -> bytes:
    time.sleep(float(seconds))
    return _say("slept")


def _die(number: str) -> bytes:
    os.kill(os.getpid(), int(number))
    time.sleep(30)
    return b""


def _eat(_: str) -> bytes:
    eaten = []
    while True:
        eaten.append(bytearray(1 << 24))


def _eat_natively(_: str) -> bytes:
    """As a native library does: no memory, so it aborts."""
    library = ctypes.CDLL(None)
    library.malloc.restype = ctypes.c_void_p
    library.memset.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t)
    while place := library.malloc(1 << 24):
        library.memset(place, 1, 1 << 24)
    os.kill(os.getpid(), signal.SIGABRT)
    return b""


def _write(path: str) -> bytes:
    with open(path, "wb") as file:
        for _ in range(64):
            file.write(bytes(1 << 20))
    return _say("written")


def _raise(_: str) -> bytes:
    raise KeyError("nobody foresaw this")


def _babble(count: str) -> bytes:
    return b"x" * int(count)


def _orphan(path: str) -> bytes:
    """Tells its process id, then loops."""
    with open(path, "w") as file:
        file.write(str(os.getpid()))
    return _loop("")


_DEEDS = {
    "say": _say,
    "loop": _loop,
    "sleep": _sleep,
    "die": _die,
    "eat": _eat,
    "eat_natively": _eat_natively,
    "write": _write,
    "raise": _raise,
    "babble": _babble,
    "orphan": _orphan,
}
