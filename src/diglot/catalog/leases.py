"""What has become of jobs that somebody believes to hold."""

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from diglot.catalog import lines
from diglot.catalog.tables import jobs
from diglot.domain.identity import JobId
from diglot.domain.job import Job, JobKind, JobState, Lease


def look(connection: Connection, held: Collection[Job]) -> dict[JobId, Lease]:
    """Without renewing. At most some hundred at once."""
    wanted = select(jobs.c.id, jobs.c.owner, jobs.c.attempts, jobs.c.cancel).where(
        jobs.c.id.in_([job.id for job in held]), jobs.c.state == JobState.RUNNING
    )
    running = {row[0]: (row[1], row[2], row[3]) for row in connection.execute(wanted)}
    return {job.id: _lease(job, running) for job in held}


def _lease(job: Job, running: dict[str, tuple[str | None, int, bool]]) -> Lease:
    owner, attempts, cancel = running.get(job.id, (None, 0, False))
    if (owner, attempts) != (job.owner, job.attempts):
        return Lease.LOST
    return Lease.CANCELLED if cancel else Lease.HELD


def is_any_due(connection: Connection, kinds: Collection[JobKind], priorities: range | None = None) -> bool:
    """Whether a claim could find something. Cheap, and no write."""
    due = select(jobs.c.id).where(*lines.due(connection, kinds, priorities))
    return connection.execute(due.order_by(jobs.c.priority, jobs.c.tag, jobs.c.id).limit(1)).first() is not None


def is_any_running(connection: Connection) -> bool:
    return connection.execute(select(jobs.c.id).where(jobs.c.state == JobState.RUNNING).limit(1)).first() is not None


def count_ended(connection: Connection) -> int:
    ended = select(func.count()).select_from(jobs).where(jobs.c.finished_at.is_not(None))
    return connection.execute(ended).scalar_one()
