"""What size asks for: the graph's recall, compaction beside writing, many generations, one writer, failing disks."""

import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from diglot.adapters.index import embedded, generation
from diglot.adapters.index.compaction import Thresholds
from diglot.adapters.index.embedded import EmbeddedIndex
from diglot.domain.dataset import Generation
from diglot.domain.errors import IndexFailed
from diglot.domain.identity import ChunkKey, GenerationId, RevisionKey
from diglot.ports.index import IndexRow
from tests.contracts.index import a_generation, a_row, a_vector, keys_of, put

DIMENSION = 64
WALKED = Thresholds(graph=1000 * DIMENSION, tail=500 * DIMENSION, tail_share=0.05, removed=100, removed_share=0.1)


def clustered(count: int, seed: int) -> npt.NDArray[np.float32]:
    chance = np.random.default_rng(seed)
    centres = np.random.default_rng(0).standard_normal((30, DIMENSION))
    vectors = centres[chance.integers(0, 30, count)] + 0.7 * chance.standard_normal((count, DIMENSION))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def rows_of(vectors: npt.NDArray[np.float32], first: int = 0) -> Iterator[IndexRow]:
    for place, vector in enumerate(vectors):
        key = first + place
        yield IndexRow(ChunkKey(key), RevisionKey(key // 50), [f"w{key % 100}"], vector=vector)


def recall(
    index: EmbeddedIndex, where: Generation, held: dict[int, npt.NDArray[np.float32]], groups: set[int] | None = None
) -> float:
    keys = np.array([key for key in held if groups is None or key // 50 in groups])
    matrix = np.stack([held[int(key)] for key in keys])
    shares = []
    for query in clustered(40, 99):
        exact = set(keys[np.argsort(-(matrix @ query))[:10]].tolist())
        shares.append(len(exact & set(keys_of(index.search_vector(where, query, 10, groups)))) / 10)
    return float(np.mean(shares))


def test_the_graph_keeps_its_recall_through_updates_and_compactions(tmp_path: Path) -> None:
    where = a_generation(DIMENSION)
    vectors = clustered(4000, 1)
    held = dict(enumerate(vectors))
    with closing(EmbeddedIndex(tmp_path, WALKED)) as index:
        put(index, where, *rows_of(vectors))
        assert recall(index, where, held) == pytest.approx(1.0, abs=0.005)
        for turn in range(1, 5):
            assert index.compact(where)
            assert recall(index, where, held) >= 0.95
            fresh = clustered(800, 10 + turn)
            first = 600 * turn
            put(index, where, *rows_of(fresh, first), removed_groups=[60 + turn], removed_keys=range(turn, 600, 7))
            held = {
                key: vector for key, vector in held.items() if key // 50 != 60 + turn and key not in range(turn, 600, 7)
            }
            held |= {first + place: vector for place, vector in enumerate(fresh)}
            assert recall(index, where, held) >= 0.95
            assert index.keys(where).keys() == held.keys()
            for groups in ({3, 30, 70}, set(range(0, 80, 2)), set(range(3, 80))):
                assert recall(index, where, held, groups) >= 0.95
        assert index.compact(where)
        assert index.compact(where) is False
        assert index.stats(where).pending == 0


def test_changes_during_a_compaction_are_kept(tmp_path: Path) -> None:
    where = a_generation(DIMENSION)
    vectors = clustered(6000, 1)
    with closing(EmbeddedIndex(tmp_path, WALKED)) as index:
        put(index, where, *rows_of(vectors), applied=1)
        expected = dict.fromkeys(range(6000))
        compaction = threading.Thread(target=index.compact, args=(where,))
        compaction.start()
        number = 1
        while compaction.is_alive() or number < 3:
            number += 1
            put(
                index,
                where,
                *rows_of(vectors[:1], 7000 + number),
                removed_keys=[number, 7000 + number - 3],
                applied=number,
            )
            expected.pop(number)
            expected.pop(7000 + number - 3, None)
            expected[7000 + number] = None
        compaction.join()
        assert index.stats(where).pending < 6000
        assert index.keys(where).keys() == expected.keys()
        assert index.applied(where) == number
        found = keys_of(index.search_vector(where, vectors[0], 10_000))
        assert set(found) <= expected.keys()
        assert 7000 + number in found
        assert 2 not in found


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts threads and files in /proc")
def test_many_generations_do_not_hold_many_threads_or_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_MOST_READERS", 10)
    monkeypatch.setattr(embedded, "_MOST_WRITERS", 3)
    generations = [a_generation() for _ in range(40)]
    with closing(EmbeddedIndex(tmp_path)) as index:
        for number, where in enumerate(generations):
            put(index, where, a_row(number, "word", vector=a_vector(number)), applied=number + 1)
        for number, where in enumerate(generations):
            assert keys_of(index.search_text(where, ["word"], 10)) == [number]
        assert index.applied(generations[0]) == 1
        # The engine's threads look twice a second whether they are still wanted.
        time.sleep(0.7)
        assert len(os.listdir("/proc/self/task")) < 60
        assert len(os.listdir("/proc/self/fd")) < 100
        assert set(index.generations()) == {where.id for where in generations}


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="looks for mapped files in /proc")
def test_what_is_only_written_is_let_go_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_WRITER_IDLE_SECONDS", 60.0)
    searched, *written = [a_generation() for _ in range(5)]
    with closing(EmbeddedIndex(tmp_path)) as index:
        for where in (searched, *written):
            put(index, where, a_row(1, "word", vector=a_vector(1)), applied=1)
        assert keys_of(index.search_text(searched, ["word"], 10)) == [1]
        assert [index.applied(where) for where in written] == [1] * 4
        assert _mapped((searched, *written)) == 5
        monkeypatch.setattr(embedded, "_WRITER_IDLE_SECONDS", 0.2)
        deadline = time.monotonic() + 10
        while _mapped(written) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert _mapped(written) == 0
        assert _mapped([searched]) == 1
        assert [index.applied(where) for where in written] == [1] * 4


def _mapped(generations: Collection[Generation]) -> int:
    """How many of them have files in this process's memory."""
    maps = Path("/proc/self/maps").read_text()
    return sum(where.id in maps for where in generations)


def test_what_another_process_dropped_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_FORGET_SECONDS", 0.2)
    monkeypatch.setattr(embedded, "_WRITER_IDLE_SECONDS", 0.2)
    monkeypatch.setattr(embedded, "_READER_IDLE_SECONDS", 0.2)
    kept, *dropped = [a_generation() for _ in range(5)]
    with closing(EmbeddedIndex(tmp_path)) as writer, closing(EmbeddedIndex(tmp_path)) as reader:
        for where in (kept, *dropped):
            put(writer, where, a_row(1, "word"), applied=1)
            assert keys_of(reader.search_text(where, ["word"], 10)) == [1]
        for where in dropped:
            writer.drop(where)
            assert reader.search_text(where, ["word"], 10) == []
        ids = {where.id for where in dropped}
        deadline = time.monotonic() + 10
        while _names(ids) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert _names(ids) == 0
        assert _names({kept.id}) > 0
        assert keys_of(reader.search_text(kept, ["word"], 10)) == [1]


def _names(ids: set[GenerationId]) -> int:
    """How many dicts of this process have one of them for a key."""
    return sum(type(one) is dict and not ids.isdisjoint(one) for one in gc.get_objects())


def test_one_process_writes_a_generation_and_lets_go_when_idle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = a_generation()
    monkeypatch.setattr(embedded, "_WRITER_IDLE_SECONDS", 1.0)
    with closing(EmbeddedIndex(tmp_path)) as first, closing(EmbeddedIndex(tmp_path)) as second:
        put(first, where, a_row(1, "word"), applied=1)
        monkeypatch.setattr(generation, "_PATIENCE_SECONDS", 0.1)
        with pytest.raises(IndexFailed, match="Another process"):
            put(second, where, a_row(2, "word"), applied=2)
        assert keys_of(second.search_text(where, ["word"], 10)) == [1]
        monkeypatch.setattr(generation, "_PATIENCE_SECONDS", 10.0)
        put(second, where, a_row(2, "word"), applied=2)
        assert keys_of(first.search_text(where, ["word"], 10)) == [1, 2]


_FILLING = """
import resource, signal, sys
from contextlib import closing
from pathlib import Path
from diglot.adapters.index.embedded import EmbeddedIndex
from diglot.domain.errors import DiglotError
from tests.contracts.index import *
folder, limit = Path(sys.argv[1]), int(sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
where = a_generation(64)
with closing(EmbeddedIndex(folder)) as index:
    put(index, where, a_row(1, "word", vector=a_vector(1, 64)), applied=1)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    many = [a_row(key, "word " * 50, vector=a_vector(key, 64)) for key in range(2, 2000)]
    for _ in range(2):
        try:
            put(index, where, *many, removed_keys=[1], applied=2)
        except DiglotError as error:
            print(type(error).__name__)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert index.applied(where) == 1
    assert index.keys(where) == {1: 1}
    assert keys_of(index.search_text(where, ["word"], 10)) == [1]
    put(index, where, *many, removed_keys=[1], applied=2)
    assert len(index.keys(where)) == len(many)
    assert len(index.search_text(where, ["word"], 5000)) == len(many)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits file sizes by setrlimit")
@pytest.mark.parametrize("limit", [200, 3_000, 20_000, 60_000])
def test_a_change_that_cannot_be_written_did_not_happen(tmp_path: Path, limit: int) -> None:
    repository = Path(__file__).parents[3]
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", _FILLING, str(tmp_path), str(limit)],
        env={**os.environ, "PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() in (["IndexFailed"] * 2, ["DiskFull"] * 2)
