"""Where a process cannot fork: a fresh interpreter for each document. Slower to start, and only the clock limits it.

python -m diglot.adapters.parsers.spawning READING FILE < request > answer
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from diglot.adapters.parsers import child, wire
from diglot.adapters.parsers.child import Request
from diglot.adapters.parsers.waiting import Patience
from diglot.domain.errors import LimitExceeded, ParserCrashed


class Spawner:
    def __init__(self, reading: str) -> None:
        self._reading = reading

    def start(self) -> None:
        """Nothing to warm up."""

    def close(self) -> None:
        """Nothing lives between two documents."""

    def answer(self, path: Path, request: Request, is_cancelled: Callable[[], bool]) -> bytes:
        limits = request.limits
        patience = Patience(limits.wall_seconds, is_cancelled)
        command = [sys.executable, "-P", "-m", "diglot.adapters.parsers.spawning", self._reading, str(path)]
        with tempfile.TemporaryFile() as answer:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=answer, stderr=subprocess.DEVNULL)
            with process:
                try:
                    _wait(process, request.encode(), patience)
                finally:
                    process.kill()
            if answer.tell() > wire.longest_answer(limits):
                raise LimitExceeded(f"The file holds more than {limits.output_characters:,} characters of text.")
            answer.seek(0)
            said = answer.read()
        if not said:
            raise ParserCrashed
        return said


def _wait(process: subprocess.Popen[bytes], request: bytes, patience: Patience) -> None:
    """Raises what runs out of patience; the caller kills."""
    if process.stdin is not None:
        # A request is smaller than a pipe; a child that died before it listened is seen below.
        with suppress(OSError), process.stdin:
            process.stdin.write(request)
    while process.returncode is None:
        patience.check()
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience.interval)


def main() -> None:
    reading = import_module(sys.argv[1])
    request = Request.decode(sys.stdin.buffer.read())
    if sys.platform != "win32":
        child.restrict(request.limits)
    content = Path(sys.argv[2]).read_bytes()
    child.read_one(reading, request, content, _send)


def _send(answer: bytes) -> None:
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
