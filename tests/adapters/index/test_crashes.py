"""What a crash leaves: kill -9 at random moments, and the leftovers that a power cut between two steps would leave."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from diglot.adapters.index.compaction import Thresholds
from diglot.adapters.index.embedded import EmbeddedIndex
from diglot.adapters.index.state import State, commit_stamp, read_state, write_state
from diglot.domain.dataset import Generation
from diglot.domain.errors import IndexFailed
from tests.contracts.index import a_generation, a_row, a_vector, keys_of, put

REPOSITORY = Path(__file__).parents[3]
KILLER = Path(__file__).with_name("writing_until_killed.py")
ROUNDS = 20


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks its writers")
def test_what_was_acknowledged_survives_kill_9_whole(tmp_path: Path) -> None:
    seed = int.from_bytes(os.urandom(4))
    run = subprocess.run(
        [sys.executable, str(KILLER), str(tmp_path), str(ROUNDS), str(seed)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, f"seed {seed}\n{run.stdout}\n{run.stderr}"
    lines = run.stdout.split("\n")
    assert len(lines) == ROUNDS + 1
    assert int(lines[-2].split()[1]) > ROUNDS // 2, "hardly anything was written: nothing is proved"


def _folder(index_folder: Path, generation: Generation) -> Path:
    return index_folder / generation.dataset_id / generation.id


def _written(index_folder: Path) -> Generation:
    """Two rows, change 5, compacted, then a third row, change 6."""
    generation = a_generation()
    with closing(EmbeddedIndex(index_folder, Thresholds(graph=0, tail=0))) as index:
        put(index, generation, a_row(1, "word", vector=a_vector(1)), a_row(2, "word", vector=a_vector(2)), applied=5)
        assert index.compact(generation)
        put(index, generation, a_row(3, "word", vector=a_vector(3)), removed_keys=[2], applied=6)
    return generation


def _assert_as_written(index: EmbeddedIndex, generation: Generation) -> None:
    assert index.applied(generation) == 6
    assert keys_of(index.search_text(generation, ["word"], 10)) == [1, 3]
    assert sorted(keys_of(index.search_vector(generation, a_vector(1), 10))) == [1, 3]
    assert index.keys(generation) == {1: 1, 3: 1}


def _longer_tails(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name.startswith(("tail", "removed-")):
            path.write_bytes(path.read_bytes() + b"\x07" * 1000)


def _uncommitted_state(folder: Path) -> None:
    stamp = commit_stamp(folder)
    assert stamp is not None
    write_state(folder, stamp + 20, State(applied=999, dimension=16, table=1, tail=70))


def _half_an_uncommitted_state(folder: Path) -> None:
    (folder / f"state-{(commit_stamp(folder) or 0) + 1}").write_bytes(b"{")


def _older_state(folder: Path) -> None:
    write_state(folder, 1, State(applied=1, dimension=16, table=1))


def _unfinished_compaction(folder: Path) -> None:
    stamp = commit_stamp(folder)
    assert stamp is not None
    table = read_state(folder, stamp).table
    for kind in ("keys", "codes", "graph", "tail"):
        (folder / f"{kind}-{table + 1}").write_bytes(b"\xff" * 100)
        (folder / f"{kind}-{table - 1}").write_bytes(b"\xff" * 100)


def _stray_words(folder: Path) -> None:
    (folder / "0123456789abcdef0123456789abcdef.idx").write_bytes(b"stray")
    (folder / ".tmpAbCdEf").write_bytes(b"stray")


def _half_a_commit_of_words(folder: Path) -> None:
    record = json.loads((folder / "meta.json").read_bytes())
    managed = json.loads((folder / ".managed.json").read_bytes())
    for segment in record["segments"]:
        for stamp in range(record["opstamp"], record["opstamp"] + 60):
            name = f"{segment['segment_id'].replace('-', '')}.{stamp}.del"
            if name not in managed:
                managed.append(name)
                (folder / name).write_bytes(b"")
    (folder / ".managed.json").write_text(json.dumps(managed))


LEFTOVERS = [
    _half_a_commit_of_words,
    _longer_tails,
    _uncommitted_state,
    _half_an_uncommitted_state,
    _older_state,
    _unfinished_compaction,
    _stray_words,
]


@pytest.mark.parametrize("leave", LEFTOVERS, ids=lambda leave: leave.__name__)
def test_leftovers_of_a_crash_are_not_believed(tmp_path: Path, leave: Callable[[Path], None]) -> None:
    generation = _written(tmp_path)
    leave(_folder(tmp_path, generation))
    with closing(EmbeddedIndex(tmp_path)) as index:
        _assert_as_written(index, generation)
        # Enough operations to pass any stamp that a leftover carries.
        for number in range(7, 20):
            rows = a_row(1, "word", vector=a_vector(1)), a_row(4, "more", vector=a_vector(number))
            put(index, generation, *rows, applied=number)
            assert index.applied(generation) == number
        assert index.keys(generation) == {1: 1, 3: 1, 4: 1}
        assert index.search_vector(generation, a_vector(19), 1)[0].score > 0.99


def _remove(pattern: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for path in list(folder.glob(pattern)):
            path.unlink()

    damage.__name__ = f"without {pattern}"
    return damage


def _overwrite(pattern: str, content: bytes) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for path in list(folder.glob(pattern)):
            path.write_bytes(content)

    damage.__name__ = f"{pattern} as {content[:6]!r}"
    return damage


DAMAGES = [
    _remove("meta.json"),
    _remove("state-*"),
    _remove("tail-*"),
    _remove("tailvectors-*"),
    _remove("keys-*"),
    _remove("graph-*"),
    _remove("removed-*"),
    _remove("*.fast"),
    _remove("*.term"),
    _overwrite("meta.json", b""),
    _overwrite("meta.json", b"{}"),
    _overwrite("meta.json", b'{"opstamp": 9'),
    _overwrite("meta.json", b'{"opstamp": 1000000}'),
    _overwrite("state-*", b""),
    _overwrite("state-*", b"00000000\n{}"),
    _overwrite("codes-*", b"short"),
    _overwrite("tailcodes-*", b""),
    _overwrite("graph-*", b""),
    _overwrite("graph-*", b"garbage" * 100),
    _overwrite("*.idx", b"garbage" * 100),
    _overwrite("*.term", b""),
    _overwrite("*.fast", b"\x00" * 400),
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_generation_reads_as_never_written_and_starts_clean(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    generation = _written(tmp_path)
    damage(_folder(tmp_path, generation))
    with closing(EmbeddedIndex(tmp_path)) as index:
        assert index.search_text(generation, ["word"], 10) == []
        assert index.search_vector(generation, a_vector(1), 10) == []
        assert index.keys(generation) == {}
        assert index.compact(generation) is False
        assert index.stats(generation).rows == 0
        assert index.applied(generation) == 0
        put(index, generation, a_row(9, "fresh", vector=a_vector(9)), applied=1)
        assert index.applied(generation) == 1
        assert index.keys(generation) == {9: 1}
        assert keys_of(index.search_text(generation, ["word", "fresh"], 10)) == [9]
        assert keys_of(index.search_vector(generation, a_vector(1), 10)) == [9]


def test_a_change_to_a_damaged_generation_fails_until_its_caller_was_told(tmp_path: Path) -> None:
    generation = _written(tmp_path)
    _remove("state-*")(_folder(tmp_path, generation))
    with closing(EmbeddedIndex(tmp_path)) as index:
        with pytest.raises(IndexFailed, match="damaged"):
            put(index, generation, a_row(4, "word"), applied=7)
        assert index.applied(generation) == 0
        put(index, generation, a_row(4, "word"), applied=7)
        assert index.keys(generation) == {4: 1}


def test_damage_under_an_open_reader_is_survived(tmp_path: Path) -> None:
    generation = _written(tmp_path)
    with closing(EmbeddedIndex(tmp_path)) as index:
        _assert_as_written(index, generation)
        _overwrite("meta.json", b"garbage")(_folder(tmp_path, generation))
        assert index.search_text(generation, ["word"], 10) == []
        assert index.applied(generation) == 0
        put(index, generation, a_row(9, "fresh"), applied=1)
        assert keys_of(index.search_text(generation, ["fresh"], 10)) == [9]
