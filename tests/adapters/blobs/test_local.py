"""Blobs in a folder: the contract, and what only a folder can get wrong."""

import errno
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from diglot.adapters.blobs.local import STALE_SECONDS, LocalBlobs
from diglot.domain.errors import DiskFull
from tests.contracts.blobs import BlobsContract, OpenBlobs


@pytest.fixture
def open_blobs(tmp_path: Path) -> OpenBlobs:
    return lambda: LocalBlobs(tmp_path / "blobs")


class TestContract(BlobsContract):
    pass


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_blob_stands_in_its_shard(tmp_path: Path) -> None:
    info = LocalBlobs(tmp_path).put([b"text"])
    assert files_in(tmp_path) == [tmp_path / info.sha256[:2] / info.sha256[2:4] / info.sha256]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_nobody_else_can_read(tmp_path: Path) -> None:
    LocalBlobs(tmp_path / "blobs").put([b"secret"])
    assert all(not stat.S_IMODE(path.stat().st_mode) & 0o077 for path in files_in(tmp_path))


def test_old_leftovers_go_and_fresh_ones_stay(tmp_path: Path) -> None:
    LocalBlobs(tmp_path)
    old, fresh = tmp_path / "tmp" / "old", tmp_path / "tmp" / "fresh"
    for path in (old, fresh):
        path.write_bytes(b"half")
    then = time.time() - STALE_SECONDS - 60
    os.utime(old, (then, then))

    blobs = LocalBlobs(tmp_path)

    assert not old.exists()
    assert fresh.exists()
    assert list(blobs.list()) == []


@pytest.mark.skipif(os.name == "nt", reason="folders are not flushed on Windows")
def test_file_then_folders_are_flushed_before_it_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = LocalBlobs(tmp_path)
    flushed: list[str] = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        flushed.append(os.readlink(f"/proc/self/fd/{descriptor}") if sys.platform == "linux" else "?")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    info = blobs.put([b"text"])
    shard = tmp_path / info.sha256[:2] / info.sha256[2:4]
    assert flushed[0].startswith(str(tmp_path / "tmp"))
    assert flushed[1:] == [str(shard), str(shard.parent), str(tmp_path)]

    flushed.clear()
    blobs.put([b"text"])
    assert flushed[1:] == [str(shard)]


def test_a_failed_flush_is_an_error_and_leaves_no_blob(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = LocalBlobs(tmp_path)
    calls = []

    def failing(descriptor: int) -> None:
        calls.append(descriptor)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OSError, match="Input/output"):
        blobs.put([b"text"])
    assert len(calls) == 1
    assert files_in(tmp_path) == []


def test_a_full_disk_is_told_as_such_and_keeps_no_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = LocalBlobs(tmp_path)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        blobs.put([b"text"])
    assert files_in(tmp_path) == []


_WRITER = """
import sys
from pathlib import Path
from diglot.adapters.blobs.local import LocalBlobs
blobs = LocalBlobs(Path(sys.argv[1]))
for number in range(100_000):
    info = blobs.put([b"%d " % number] * 5000)
    print(info.sha256, flush=True)
"""


def test_kill_leaves_whole_blobs_only(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    with writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline().strip() for _ in range(20)]
        writer.kill()
        acknowledged += writer.stdout.read().split()
    blobs = LocalBlobs(tmp_path)
    found = {info.sha256 for info in blobs.list()}
    assert set(acknowledged[:-1]) <= found
    for name in found:
        with blobs.open(name) as opened:
            assert opened.read().count(b" ") == 5000
