"""Archives made piece by piece: what is in memory, what is closed, and names that are no paths."""

import io
import random
import zipfile
from collections.abc import Generator, Iterable
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diglot.library.archive import PIECE_BYTES, ArchivedFile, entry_name, zipped

CREATED = 1_700_000_000_000


class Watched(io.BytesIO):
    """Counts itself among those that are open."""

    open_now = 0

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        Watched.open_now += 1

    def close(self) -> None:
        if not self.closed:
            Watched.open_now -= 1
        super().close()


@pytest.fixture(autouse=True)
def _none_is_open() -> None:
    Watched.open_now = 0


def _file(name: str, content: bytes, modified_at: int = CREATED) -> ArchivedFile:
    return ArchivedFile(name, len(content), modified_at, lambda: Watched(content))


def _read(pieces: Iterable[bytes]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        return {one.filename: archive.read(one) for one in archive.infolist()}


def test_what_goes_in_comes_out() -> None:
    noise = bytes(range(256)) * 5000
    assert _read(zipped([_file("a", b""), _file("b", noise)])) == {"a": b"", "b": noise}
    assert _read(zipped([])) == {}


def test_one_file_at_a_time_and_never_a_whole_one() -> None:
    # Of what cannot be compressed, so that pieces are as large as they get.
    noise = random.Random(1).randbytes(20 * PIECE_BYTES)
    pieces = zipped([_file(str(number), noise) for number in range(5)])
    most = 0
    for piece in pieces:
        assert 0 < len(piece) < 3 * PIECE_BYTES
        most = max(most, Watched.open_now)
    assert (most, Watched.open_now) == (1, 0)


def test_who_leaves_in_the_middle_leaves_nothing_open() -> None:
    pieces: Generator[bytes, None, None] = zipped([_file("a", b"x" * 10 * PIECE_BYTES)])
    next(pieces)
    assert Watched.open_now == 1
    pieces.close()
    assert Watched.open_now == 0


def test_a_file_that_fails_ends_it_without_the_look_of_a_whole_archive() -> None:
    def fail() -> io.BytesIO:
        raise OSError("gone")

    sent: list[bytes] = []
    with pytest.raises(OSError, match="gone"):
        sent.extend(zipped([_file("a", b"x"), ArchivedFile("b", 1, CREATED, fail)]))
    assert sent
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(b"".join(sent)))


@pytest.mark.parametrize("modified_at", [0, -1, CREATED])
def test_times_before_zip_knows_any(modified_at: int) -> None:
    [entry] = zipfile.ZipFile(io.BytesIO(b"".join(zipped([_file("a", b"", modified_at)])))).infolist()
    assert entry.date_time[0] == (2023 if modified_at == CREATED else 1980)


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("..", "_"),
        (".", "_"),
        ("/", "_"),
        ("C:\\windows\\a.dll", "C__windows_a.dll"),
        ("a\x00b\n", "a_b_"),
        ("", "_"),
        ("名" * 300 + ".pdf", "名" * 75 + ".pdf"),
        ("x." + "y" * 300, "x." + "y" * 228),
    ],
)
def test_names_of_entries(name: str, entry: str) -> None:
    assert entry_name(name) == entry


@settings(deadline=None)
@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), max_size=6))
def test_whatever_names_there_are_each_is_one_file_in_one_folder(names: list[str]) -> None:
    found = _read(zipped(_file(name, str(number).encode()) for number, name in enumerate(names)))
    assert list(found.values()) == [str(number).encode() for number in range(len(names))]
    assert len({name.casefold() for name in found}) == len(names)
    for name in found:
        for kind in (PurePosixPath, PureWindowsPath):
            assert kind(name).parts == (name,)
        assert name not in ("", ".", "..")
        assert len(name.encode()) <= 255
