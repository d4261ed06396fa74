"""What every `Blobs` adapter must do. An adapter's test class inherits `BlobsContract` and gives it `open_blobs`."""

import hashlib
import threading
import time
from collections.abc import Callable

import pytest

from diglot.domain.errors import FileNotFound
from diglot.ports.blobs import Blobs

OpenBlobs = Callable[[], Blobs]
UNKNOWN = "0" * 64
# Names that are no sha256 in hex, some of them paths.
FOREIGN = ["", "a", "../../etc/passwd", "/etc/passwd", "A" * 64, "0" * 63, "0" * 65, "0" * 63 + "/", "tmp", "é" * 64]


class BlobsContract:
    @pytest.mark.parametrize("pieces", [[b""], [], [b"one"], [b"one", b"", b" two"], [b"x" * 300_000] * 4])
    def test_what_is_put_is_read_and_named_by_its_content(self, open_blobs: OpenBlobs, pieces: list[bytes]) -> None:
        blobs, whole = open_blobs(), b"".join(pieces)
        before = time.time_ns() // 1_000_000

        info = blobs.put(iter(pieces))

        assert info.sha256 == hashlib.sha256(whole).hexdigest()
        assert info.size == len(whole) == blobs.size(info.sha256)
        assert before - 2000 <= info.modified_at <= time.time_ns() // 1_000_000 + 2000
        with blobs.open(info.sha256) as opened:
            assert opened.read() == whole
        with blobs.local_path(info.sha256) as path:
            assert path.read_bytes() == whole

    def test_another_opening_sees_it(self, open_blobs: OpenBlobs) -> None:
        info = open_blobs().put([b"kept"])
        with open_blobs().open(info.sha256) as opened:
            assert opened.read() == b"kept"

    def test_the_same_bytes_are_stored_once(self, open_blobs: OpenBlobs) -> None:
        blobs = open_blobs()
        first, second = blobs.put([b"same"]), blobs.put([b"sa", b"me"])
        assert first.sha256 == second.sha256
        assert [info.sha256 for info in blobs.list()] == [first.sha256]

    def test_an_unknown_blob_is_not_found(self, open_blobs: OpenBlobs) -> None:
        blobs = open_blobs()
        assert blobs.size(UNKNOWN) is None
        with pytest.raises(FileNotFound):
            blobs.open(UNKNOWN)
        with pytest.raises(FileNotFound), blobs.local_path(UNKNOWN):
            pass

    @pytest.mark.parametrize("name", FOREIGN)
    def test_a_name_that_is_none_of_ours_is_not_found(self, open_blobs: OpenBlobs, name: str) -> None:
        blobs = open_blobs()
        kept = blobs.put([b"kept"])
        assert blobs.size(name) is None
        with pytest.raises(FileNotFound):
            blobs.open(name)
        blobs.delete(name)
        assert [info.sha256 for info in blobs.list()] == [kept.sha256]

    def test_deleting_is_idempotent(self, open_blobs: OpenBlobs) -> None:
        blobs = open_blobs()
        gone, kept = blobs.put([b"gone"]), blobs.put([b"kept"])
        blobs.delete(gone.sha256)
        blobs.delete(gone.sha256)
        assert blobs.size(gone.sha256) is None
        assert [info.sha256 for info in blobs.list()] == [kept.sha256]

    def test_a_blob_can_come_back_after_it_was_deleted(self, open_blobs: OpenBlobs) -> None:
        blobs = open_blobs()
        info = blobs.put([b"again"])
        blobs.delete(info.sha256)
        assert blobs.put([b"again"]).sha256 == info.sha256
        assert blobs.size(info.sha256) == 5

    def test_the_list_tells_all(self, open_blobs: OpenBlobs) -> None:
        blobs = open_blobs()
        put = {blobs.put([f"blob {number}".encode()]) for number in range(20)}
        assert {(info.sha256, info.size) for info in blobs.list()} == {(info.sha256, info.size) for info in put}

    def test_a_source_that_breaks_off_leaves_nothing(self, open_blobs: OpenBlobs) -> None:
        blobs = open_blobs()

        def broken() -> object:
            yield b"half"
            raise ConnectionError("the client is gone")

        with pytest.raises(ConnectionError):
            blobs.put(broken())  # type: ignore[arg-type]
        assert list(blobs.list()) == []

    def test_many_writers_of_the_same_and_of_other_bytes(self, open_blobs: OpenBlobs) -> None:
        blobs, failures = open_blobs(), []

        def write(number: int) -> None:
            try:
                for turn in range(10):
                    blobs.put([b"shared"])
                    blobs.put([f"{number} {turn}".encode()])
            except OSError as failure:
                failures.append(failure)

        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert failures == []
        assert sum(1 for _ in blobs.list()) == 41
