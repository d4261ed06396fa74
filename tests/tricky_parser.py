"""A parser whose files say how it shall misbehave, inside the worker's own process."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from diglot.assembly import Diglot
from diglot.domain.errors import Cancelled
from diglot.domain.parsed import Parsed
from diglot.ports.parser import FileType, ParseLimits, Parser


class TrickyParser:
    """WAIT: until the file "go" is in `folder` or it is cancelled. HOLD: computes for four seconds without letting
    another thread run. DIE: takes the worker with it."""

    def __init__(self, parser: Parser, folder: Path) -> None:
        self._parser = parser
        self._folder = folder

    def file_type(self, name: str, head: bytes = b"") -> FileType | None:
        return self._parser.file_type(name, head)

    def extensions(self) -> list[str]:
        return self._parser.extensions()

    def parse(
        self,
        path: Path,
        name: str,
        limits: ParseLimits,
        is_cancelled: Callable[[], bool],
        media_type: str | None = None,
    ) -> Parsed:
        text = path.read_text()
        if "DIE" in text:
            os._exit(9)
        if "HOLD" in text:
            self._hold()
        while "WAIT" in text and not (self._folder / "go").exists():
            if is_cancelled():
                (self._folder / "cancelled").touch()
                raise Cancelled
            time.sleep(0.05)
        return self._parser.parse(path, name, limits, is_cancelled, media_type)

    def _hold(self) -> None:
        began = time.perf_counter()
        sum(range(5_000_000))
        (self._folder / "holding").touch()
        sum(range(int(5_000_000 * 4 / (time.perf_counter() - began))))

    def close(self) -> None:
        self._parser.close()


def tricky(house: Diglot) -> Diglot:
    return replace(house, parser=TrickyParser(house.parser, house.settings.data))
