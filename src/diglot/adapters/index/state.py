"""What a generation's folder holds, as of its last commit.

The text index's commit is the commit of the whole: its meta file names an operation stamp, and the state file with the
greatest stamp below it belongs to that commit. So vectors, removals and `applied` become true in the same instant as
the words. A state file is on disk before its commit; a crash between the two leaves one that nothing names, which the
next writer removes before it does anything else.
"""

import json
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

from diglot.adapters.index.durable import remove_file, write_at

FORMAT = 1
META = "meta.json"
_PREFIX = "state-"


@dataclass(frozen=True, slots=True)
class State:
    """`table` numbers the row files; their `main` part was made by compaction, `tail` rows came after it.

    `removed` entries of the removal list count. `live` rows are left, `vectors` of them with a vector. `graph`
    is the size of the graph's file, 0 without one; `drift` how many rows entered or left it since it was built from
    nothing.
    """

    applied: int = 0
    dimension: int = 0
    table: int = 0
    main: int = 0
    tail: int = 0
    removed: int = 0
    live: int = 0
    vectors: int = 0
    graph: int = 0
    drift: int = 0

    @property
    def rows(self) -> int:
        """Of both parts, removed ones too."""
        return self.main + self.tail


class Damaged(Exception):
    """The folder's files do not fit together."""


def commit_stamp(folder: Path) -> int | None:
    """The stamp of the last commit, None where nothing was ever committed. `Damaged` if that cannot be read."""
    try:
        stamp = json.loads((folder / META).read_bytes())["opstamp"]
    except FileNotFoundError:
        if any(_state_files(folder)):
            raise Damaged("the commit record is missing") from None
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged("the commit record cannot be read") from error
    if not isinstance(stamp, int):
        raise Damaged("the commit record names no stamp")
    # A new index comes with a record of its own making, before anything is committed to it.
    return stamp or None


def read_state(folder: Path, stamp: int) -> State:
    """The state that belongs to a commit. `Damaged` if there is none."""
    below = [(number, path) for number, path in _state_files(folder) if number < stamp]
    if not below:
        raise Damaged("the commit has no state")
    try:
        content = max(below)[1].read_bytes()
    except FileNotFoundError:
        raise Damaged("the state is gone") from None
    return _decode(content)


def write_state(folder: Path, stamp: int, state: State) -> None:
    """On disk when it returns, but for the name: the caller syncs the folder."""
    path = folder / f"{_PREFIX}{stamp}"
    remove_file(path)
    write_at(path, 0, _encode(state))


def remove_states(folder: Path, keep: int | None) -> None:
    """All but the one that belongs to the commit `keep`."""
    files = sorted(_state_files(folder))
    kept = max((number for number, _ in files if keep is not None and number < keep), default=None)
    for number, path in files:
        if number != kept:
            remove_file(path)


def _state_files(folder: Path) -> list[tuple[int, Path]]:
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if path.name.startswith(_PREFIX)]
    return [(int(number), path) for path in found if (number := path.name.removeprefix(_PREFIX)).isdecimal()]


def _encode(state: State) -> bytes:
    body = json.dumps({"format": FORMAT, **asdict(state)}).encode()
    return b"%08x\n" % zlib.crc32(body) + body


def _decode(content: bytes) -> State:
    checksum, _, body = content.partition(b"\n")
    if checksum != b"%08x" % zlib.crc32(body):
        raise Damaged("the state cannot be read")
    fields = json.loads(body)
    if fields.pop("format") != FORMAT:
        raise Damaged("the state is of another format")
    return State(**fields)
