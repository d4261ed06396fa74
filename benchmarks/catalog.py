"""The catalog's costs: durable writes by one and by many threads, reads, and the queue with a long line waiting.

`python -m benchmarks.catalog` prints them. Everything on a SQLite file in the system's temporary folder.
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, insert, select

from diglot.catalog import jobs
from diglot.catalog.database import Database, migrate, open_database
from diglot.catalog.tables import jobs as job_rows
from diglot.catalog.tables import settings
from diglot.domain.identity import DatasetId, WorkspaceId, new_id
from diglot.domain.job import JobKind

WRITES_A_THREAD = 300
READS = 3000
WAITING = 100_000
TRIES = 50


def measure() -> dict[str, float]:
    """Rates a second, times in milliseconds of wall clock, CPU in microseconds, by name."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'catalog.sqlite3'}"
        migrate(url)
        database = open_database(url)
        try:
            return _writes(database) | _reads(database) | _queue(database)
        finally:
            database.close()


def _writes(database: Database) -> dict[str, float]:
    found: dict[str, float] = {}
    for threads in (1, 16, 64):
        times: list[float] = []
        cpu, wall = time.process_time(), time.perf_counter()
        _run(threads, lambda number: times.extend(_write_some(database, f"{threads}-{number}")))  # noqa: B023  # run now
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        name = f"durable writes, {threads} threads"
        found[f"{name}, a second"] = len(times) / wall
        found[f"{name}, CPU us each"] = 1e6 * cpu / len(times)
        found[f"{name}, p50 ms"] = 1e3 * statistics.median(times)
        found[f"{name}, p99 ms"] = 1e3 * statistics.quantiles(times, n=100)[98]
    return found


def _write_some(database: Database, prefix: str) -> list[float]:
    times = []
    for number in range(WRITES_A_THREAD):
        row = {"name": f"{prefix}-{number}", "value": number}
        before = time.perf_counter()
        database.write(lambda connection, row=row: connection.execute(insert(settings), row).rowcount)
        times.append(time.perf_counter() - before)
    return times


def _reads(database: Database) -> dict[str, float]:
    wanted = select(settings.c.value).where(settings.c.name == "1-0-7")
    cpu = time.process_time()
    for _ in range(READS):
        with database.read() as connection:
            connection.execute(wanted).one()
    return {"point read, CPU us": 1e6 * (time.process_time() - cpu) / READS}


def _queue(database: Database) -> dict[str, float]:
    crowd, single = DatasetId(new_id()), DatasetId(new_id())
    database.write(lambda connection: _fill(connection, crowd))
    found = {"queue: depth of 100,000, ms": _time(database, lambda connection: jobs.depth(connection))}
    found["queue: enqueue behind 100,000, ms"] = _time(database, lambda connection: _enqueue(connection, crowd))
    found["queue: claim before 100,000, ms"] = _time(database, lambda connection: jobs.claim(connection, "w"))
    found["queue: claim with a full line of 100,000, ms"] = _time(
        database, lambda connection: _enqueue(connection, single) and jobs.claim(connection, "w", per_dataset=1000)
    )
    found["queue: nothing to claim but a full line, ms"] = _time(
        database, lambda connection: jobs.claim(connection, "w", per_dataset=1)
    )
    found["queue: reap, ms"] = _time(database, jobs.reap)
    return found


def _fill(connection: Connection, dataset_id: DatasetId) -> None:
    row = {"kind": JobKind.INGEST, "workspace_id": "w", "dataset_id": dataset_id, "cost": 1.0, "state": "queued"}
    row |= {"run_at": 0, "payload": {}, "created_at": 1}
    rows = [row | {"id": new_id(), "tag": float(number)} for number in range(WAITING)]
    connection.execute(insert(job_rows), rows)


def _enqueue(connection: Connection, dataset_id: DatasetId) -> str:
    return jobs.enqueue(connection, JobKind.INGEST, workspace_id=WorkspaceId("w"), dataset_id=dataset_id)


def _time(database: Database, work: Callable[[Connection], object]) -> float:
    times = []
    for _ in range(TRIES):
        before = time.perf_counter()
        database.write(work)
        times.append(time.perf_counter() - before)
    return 1e3 * statistics.median(times)


def _run(threads: int, work: Callable[[int], object]) -> None:
    running = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:50} {value:10.2f}")
