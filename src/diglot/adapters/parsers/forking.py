"""The server's side of the zygote: starts it, heals it, holds one conversation a document."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from diglot.adapters.parsers import child, wire
from diglot.adapters.parsers.child import Request
from diglot.adapters.parsers.exhaustion import out_of_memory, out_of_time
from diglot.adapters.parsers.waiting import Patience
from diglot.domain.errors import LimitExceeded, ParseFailed, ParserCrashed
from diglot.ports.parser import ParseLimits

_PIECE = 1 << 18
_GOODBYE_SECONDS = 5.0
"""How long a child that has answered may take to die."""

_MEMORY_DEATHS = frozenset({signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGTRAP})


class ZygoteGone(ParserCrashed):
    """The reading service stopped."""


@dataclass(frozen=True, slots=True)
class _Exit:
    status: int
    peak_bytes: int


class Zygotes:
    """At most one zygote lives; a dead one is replaced at the next document."""

    def __init__(self, reading: str) -> None:
        self._reading = reading
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._closed = False

    def start(self) -> None:
        with self._lock:
            self._living()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._end()

    def answer(self, path: Path, request: Request, is_cancelled: Callable[[], bool]) -> bytes:
        """A zygote that dies under a document is replaced once; more would hide what kills it."""
        patience = Patience(request.limits.wall_seconds, is_cancelled)
        try:
            return self._converse(path, request, patience)
        except ZygoteGone:
            return self._converse(path, request, patience)

    def _converse(self, path: Path, request: Request, patience: Patience) -> bytes:
        ours, theirs = socket.socketpair()
        vigil, their_vigil = socket.socketpair()
        # Leaving closes our ends, and with the vigil's the zygote kills the child if it still lives.
        with ours, vigil:
            with theirs, their_vigil, path.open("rb") as source:
                ours.settimeout(patience.interval)
                ours.sendall(request.encode() + b"\n")
                self._send([source.fileno(), theirs.fileno(), their_vigil.fileno()])
            answer = _listen(ours, request.limits, patience)
            ended = _exit(vigil)
        if ended is None and not answer:
            raise ZygoteGone
        if ended is not None and os.WIFSIGNALED(ended.status):
            raise _death(os.WTERMSIG(ended.status), ended, request.limits)
        return answer

    def _send(self, descriptors: list[int]) -> None:
        with self._lock:
            try:
                socket.send_fds(self._living(), [b"+"], descriptors)
            except OSError:
                self._end()
                socket.send_fds(self._living(), [b"+"], descriptors)

    def _living(self) -> socket.socket:
        """The control socket. Called with the lock held."""
        if self._closed:
            raise ParserCrashed("The reading service is closed.")
        if self._control is None or self._process is None or self._process.poll() is not None:
            self._end()
            self._control, theirs = socket.socketpair()
            with theirs:
                command = [
                    sys.executable,
                    "-P",
                    "-m",
                    "diglot.adapters.parsers.zygote",
                    str(theirs.fileno()),
                    self._reading,
                ]
                self._process = subprocess.Popen(
                    command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
                )
        return self._control

    def _end(self) -> None:
        """Closing the control socket is its order to kill its children and end; called with the lock held."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(_GOODBYE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


def _listen(ours: socket.socket, limits: ParseLimits, patience: Patience) -> bytes:
    """All that the child says, until it has no more to say or has died."""
    most = wire.longest_answer(limits)
    answer = bytearray()
    while True:
        patience.check()
        try:
            piece = ours.recv(_PIECE)
        except TimeoutError:
            continue
        except ConnectionError:
            return bytes(answer)
        if not piece:
            return bytes(answer)
        answer += piece
        if len(answer) > most:
            raise LimitExceeded(f"The file holds more than {limits.output_characters:,} characters of text.")


def _exit(vigil: socket.socket) -> _Exit | None:
    """How the child ended; None if the zygote was gone before it could say."""
    vigil.settimeout(_GOODBYE_SECONDS)
    try:
        said = vigil.recv(child.EXIT.size)
    except OSError:
        return None
    return _Exit(*child.EXIT.unpack(said)) if len(said) == child.EXIT.size else None


def _death(number: int, ended: _Exit, limits: ParseLimits) -> ParseFailed:
    """Native libraries abort when they get no memory; the peak tells that from a fault of their own."""
    if number == signal.SIGXCPU:
        return out_of_time(limits.cpu_seconds)
    if number == signal.SIGALRM:
        return out_of_time(limits.wall_seconds)
    if number in _MEMORY_DEATHS and ended.peak_bytes > limits.memory_bytes // 3:
        return out_of_memory(limits)
    return ParserCrashed(f"The reader crashed on this file (signal {number}).")
