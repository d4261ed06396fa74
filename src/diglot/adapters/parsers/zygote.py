"""A small single-threaded process with all readers loaded, which forks a child for each document.

    python -m diglot.adapters.parsers.zygote SOCKET READING

On the control socket comes one byte with three descriptors a document: the file, the conversation with the child (a
line of JSON in, the answer out) and the vigil. The zygote writes the child's exit onto the vigil; when the other end of
the vigil closes, it kills the child; when the control socket closes, it kills all of them and ends. So whatever way the
server dies, its readers die at once, on every POSIX system.
"""

import gc
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from types import ModuleType

from diglot.adapters.parsers import child
from diglot.adapters.parsers.child import Request
from diglot.adapters.parsers.encodings import decode

_PRELOADED = (
    *("text", "markdown", "html", "delimited", "json", "xml", "pdf", "docx", "spreadsheet", "slides"),
    *("opendocument.text", "opendocument.slides", "epub", "rtf", "legacy_office"),
    *("mail", "outlook", "mailbox", "zip_archive", "subtitles", "tex", "properties"),
)
_ORPHAN_CHECK_MS = 500
_LONGEST_REQUEST = 1 << 20


class Zygote:
    """`vigils`: child's process id -> vigil."""

    def __init__(self, control: socket.socket, reading: ModuleType) -> None:
        self.control = control
        self.reading = reading
        self.vigils: dict[int, socket.socket] = {}
        self.parent = os.getppid()
        self.wakeup, wakeup_end = socket.socketpair()
        self.wakeup.setblocking(False)
        wakeup_end.setblocking(False)
        self.wakeup_end = wakeup_end
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)
        self.poll.register(self.wakeup, select.POLLIN)

    def run(self) -> None:
        """Until the server is gone. The orphan check is for a server whose end of the socket somebody inherited."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wakeup_end.fileno(), warn_on_full_buffer=False)
        while os.getppid() == self.parent and self._turn():
            pass
        # Their deaths wake nobody any more: the socket may be closed before they are told.
        signal.set_wakeup_fd(-1)
        for process in self.vigils:
            kill(process)

    def _turn(self) -> bool:
        """False once the control socket is closed."""
        ready = {number for number, _ in self.poll.poll(_ORPHAN_CHECK_MS)}
        if self.wakeup.fileno() in ready:
            with suppress(BlockingIOError):
                self.wakeup.recv(4096)
        self._reap()
        for process, vigil in self.vigils.items():
            if vigil.fileno() in ready:
                kill(process)
                # It is dying; its vigil would only wake us until it is reaped.
                self.poll.modify(vigil, 0)
        return self.control.fileno() not in ready or self._accept()

    def _accept(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self.control, 1, 3)
        if not message:
            return False
        if len(descriptors) == 3:
            self._fork(*descriptors)
        else:
            _close(*descriptors)
        return True

    def _fork(self, source: int, conversation: int, vigil: int) -> None:
        try:
            process = os.fork()
        except OSError:
            # Closing the vigil without an exit tells the server that no child was born.
            _close(source, conversation, vigil)
            return
        if process == 0:
            self._be_child(source, conversation, vigil)
        _close(source, conversation)
        self.vigils[process] = socket.socket(fileno=vigil)
        self.poll.register(vigil, select.POLLIN | select.POLLHUP)

    def _be_child(self, source: int, conversation: int, vigil: int) -> None:
        """Never returns, not even by an exception."""
        try:
            parent = os.getppid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            child.die_with(parent)
            os.setsid()
            _close(vigil, self.control.fileno(), *(other.fileno() for other in self.vigils.values()))
            talk = socket.socket(fileno=conversation)
            request = _request(talk)
            child.restrict(request.limits)
            with os.fdopen(source, "rb") as file:
                content = file.read()
            child.read_one(self.reading, request, content, talk.sendall)
        finally:
            os._exit(1)

    def _reap(self) -> None:
        while self.vigils:
            process, status, usage = os.wait4(-1, os.WNOHANG)
            if process == 0:
                return
            vigil = self.vigils.pop(process)
            self.poll.unregister(vigil)
            unit = 1 if sys.platform == "darwin" else 1024
            with suppress(OSError):
                vigil.send(child.EXIT.pack(status, usage.ru_maxrss * unit))
            vigil.close()


def _request(talk: socket.socket) -> Request:
    line = b""
    while not line.endswith(b"\n") and len(line) < _LONGEST_REQUEST:
        piece = talk.recv(65536)
        if not piece:
            break
        line += piece
    return Request.decode(line)


def kill(process: int) -> None:
    """The child and whatever it started."""
    for end in (os.kill, os.killpg):
        with suppress(ProcessLookupError, PermissionError):
            end(process, signal.SIGKILL)


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def preload() -> None:
    for name in _PRELOADED:
        import_module(f"diglot.adapters.parsers.{name}")
    # The tables of encodings load with the first text that needs them, 0.1 s.
    decode("编码".encode("gb18030"))
    # What is loaded now is never looked at by a child's garbage collection, so its pages stay shared.
    gc.collect()
    gc.freeze()


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    reading = import_module(sys.argv[2])
    preload()
    Zygote(control, reading).run()


if __name__ == "__main__":
    main()
