"""Processes that write to one catalog at once, and that are killed while they do."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from diglot.catalog.database import Database, open_database
from diglot.catalog.file_lock import FileLock
from diglot.catalog.group_commit import GroupCommit
from diglot.catalog.sqlite import writing_engine
from diglot.domain.errors import Overloaded
from tests.catalog.rows import adding, names

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")

KILLS = 6
WRITER = Path(__file__).with_name("writing.py")


def start(url: str, prefix: str, seconds: float, threads: int = 4) -> "subprocess.Popen[str]":
    command = [sys.executable, str(WRITER), url, prefix, str(threads), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_killed_process_loses_nothing_it_acknowledged(database: Database, database_url: str) -> None:
    acknowledged: set[str] = set()
    for turn in range(KILLS):
        process = start(database_url, f"t{turn}w", seconds=30)
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(random.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        rest, said = process.communicate(timeout=30)
        assert said == ""
        acknowledged |= {first.strip(), *rest.split()}
    found = names(database)
    assert acknowledged <= set(found)
    assert len(acknowledged) > KILLS
    # Wholly or not at all.
    assert {name for name in found if not name.endswith("+")} == {name[:-1] for name in found if name.endswith("+")}
    assert database.write(adding("after")) == "after"


def test_two_processes_write_at_once(database: Database, database_url: str) -> None:
    processes = [start(database_url, prefix, seconds=2) for prefix in "ab"]
    said = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    done = [set(lines.split()) for lines, _ in said]
    assert done[0] | done[1] == {name for name in names(database) if not name.endswith("+")}
    # Neither starves.
    assert min(map(len, done)) > max(map(len, done)) / 5


def test_a_frozen_process_is_waited_for_then_told_of(sqlite_url: str) -> None:
    """One that stops in the middle of a commit blocks SQLite: the others get an answer, not a hang."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    engine, lock = writing_engine(path), FileLock(path)
    writer = GroupCommit(engine, lock, turn_seconds=0.5)
    process = start(sqlite_url, "x", seconds=20, threads=8)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        assert _freeze_until_refused(process, writer)
    finally:
        process.kill()
        process.communicate(timeout=30)
    assert writer.write(adding("after")) == "after"
    writer.close()
    engine.dispose()
    lock.close()


def _freeze_until_refused(process: "subprocess.Popen[str]", writer: GroupCommit) -> bool:
    for number in range(100):
        process.send_signal(signal.SIGSTOP)
        try:
            writer.write(adding(f"try-{number}"))
        except Overloaded:
            return True
        process.send_signal(signal.SIGCONT)
        time.sleep(random.uniform(0, 0.02))
    return False


def test_a_foreign_writer_is_waited_for(sqlite_url: str) -> None:
    """Such as the sqlite3 command line, which knows nothing of our lock."""
    database = open_database(sqlite_url)
    foreign = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    foreign.execute("INSERT INTO settings VALUES ('foreign', '1')")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(database.write, adding("ours"))
        time.sleep(0.3)
        assert not answer.done()
        foreign.execute("COMMIT")
        assert answer.result(10) == "ours"
    assert names(database) == ["foreign", "ours"]
    foreign.close()
    database.close()


def test_readers_go_on_while_somebody_writes(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    foreign = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    before = time.monotonic()
    assert names(database) == []
    assert time.monotonic() - before < 1
    foreign.close()
    database.close()
