"""A program for test_crashes: forks a writer, kills it at a random moment, checks what is left; many times over.

Change n puts two rows into group n, rewrites one row of group n - 1 and removes group n - 3: what a generation must
hold follows from the number of the last change alone. Usage: FOLDER ROUNDS SEED. Prints a line a round.
"""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from diglot.adapters.index.compaction import Thresholds
from diglot.adapters.index.embedded import EmbeddedIndex
from diglot.domain.dataset import Generation
from diglot.domain.identity import ChunkKey, DatasetId, GenerationId, RevisionKey
from diglot.ports.index import IndexRow
from tests.contracts.index import a_vector

GENERATION = Generation(GenerationId("0" * 31 + "1"), DatasetId("0" * 31 + "2"), "model", 8, "tokens", 1, 0)
# Compaction takes part, and now and then a graph.
THRESHOLDS = Thresholds(graph=16 * 8, tail=1, tail_share=0.5, removed=3, removed_share=0.1)


def rows_of(number: int) -> list[IndexRow]:
    return [
        _row(10 * number, number, "new"),
        _row(10 * number + 1, number, "new"),
        _row(10 * number - 10, number - 1, "again"),
    ]


def _row(key: int, group: int, word: str) -> IndexRow:
    vector = a_vector(key + len(word), 8)
    return IndexRow(ChunkKey(key), RevisionKey(group), ["same", word], vector=vector)


def expected_after(number: int) -> dict[int, tuple[int, str]]:
    """Key to group and word."""
    held: dict[int, tuple[int, str]] = {}
    for change in range(max(1, number - 5), number + 1):
        held = {key: row for key, row in held.items() if row[0] != change - 3}
        held |= {row.key: (row.group, row.tokens[1]) for row in rows_of(change)}
    return held


def write_on(folder: Path) -> None:
    index = EmbeddedIndex(folder, THRESHOLDS)
    number = index.applied(GENERATION)
    while True:
        number += 1
        index.apply(GENERATION, rows=rows_of(number), removed_groups=[number - 3], removed_keys=[], applied=number)
        os.write(1, b"%d\n" % number)
        if number % 3 == 0:
            index.compact(GENERATION)


def check(folder: Path, acknowledged: int) -> None:
    index = EmbeddedIndex(folder, THRESHOLDS)
    number = index.applied(GENERATION)
    assert number in (acknowledged, acknowledged + 1), (number, acknowledged)
    held = expected_after(number) if number else {}
    assert index.keys(GENERATION) == {key: group for key, (group, _) in held.items()}
    for word in ("same", "new", "again"):
        wanted = {key for key, (_, own) in held.items() if word in ("same", own)}
        assert {hit.key for hit in index.search_text(GENERATION, [word], 100)} == wanted, word
    assert {hit.key for hit in index.search_vector(GENERATION, a_vector(1, 8), 100)} == held.keys()
    for key, (_, word) in held.items():
        assert index.vector_scores(GENERATION, a_vector(key + len(word), 8), [key])[0] > 0.99
    index.close()


def forked(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    # Whatever happens, the child must not go on with its parent's loop.
    try:
        work()
        os._exit(0)
    finally:
        traceback.print_exc()
        os._exit(1)


def last_number(descriptor: int, before: int) -> int:
    """The greatest number in a pipe that nobody writes to any more."""
    content = b""
    while part := os.read(descriptor, 65536):
        content += part
    whole = content[: content.rfind(b"\n") + 1].split()
    return int(whole[-1]) if whole else before


def main(folder: Path, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    acknowledged = 0
    for turn in range(rounds):
        read_end, write_end = os.pipe()

        def write(end: int = write_end) -> None:
            os.dup2(end, 1)
            write_on(folder)

        child = forked(write)
        os.close(write_end)
        time.sleep(chance.uniform(0.005, 0.3))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        # The one that died may have finished a change without living to say so.
        acknowledged = last_number(read_end, acknowledged)
        os.close(read_end)
        checker = forked(lambda acknowledged=acknowledged: check(folder, acknowledged))  # type: ignore[misc]
        status = os.waitpid(checker, 0)[1]
        assert status == 0, f"round {turn}: after change {acknowledged}"
        sys.stdout.write(f"{turn} {acknowledged}\n")
        sys.stdout.flush()
        acknowledged = max(acknowledged, _applied(folder))


def _applied(folder: Path) -> int:
    from diglot.adapters.index.state import commit_stamp, read_state

    place = folder / GENERATION.dataset_id / GENERATION.id
    stamp = commit_stamp(place)
    return read_state(place, stamp).applied if stamp else 0


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
