"""How an attempt ends, by what it raised."""

import logging
from functools import partial

from sqlalchemy import Connection

from diglot.catalog import jobs, revisions
from diglot.catalog.database import Database
from diglot.domain.errors import (
    Cancelled,
    DiglotError,
    Invalid,
    LeaseLost,
    ModelMisbehaved,
    NotFound,
    ParseFailed,
    ParserCrashed,
)
from diglot.domain.job import Job, JobKind, JobState
from diglot.ingestion.attempt import AnotherLine, Stopping

logger = logging.getLogger(__name__)

FOR_GOOD = (ParseFailed, ModelMisbehaved, NotFound, Invalid)
MOST_CRASHES = 3
"""Tries for a file that crashes its reader, and for an error that nobody foresaw."""


def conclude(database: Database, job: Job, error: BaseException) -> None:
    """Records the end of an attempt that raised: cancelled, given back, tried again later, or failed for good."""
    if isinstance(error, LeaseLost):
        logger.info("job %s is no longer ours", job.id)
        return None
    if isinstance(error, Cancelled):
        return database.write(partial(_cancel, job=job))
    if isinstance(error, Stopping):
        return database.write(partial(jobs.release, job=job))
    if isinstance(error, AnotherLine):
        return database.write(partial(jobs.release, job=job, priority=error.priority))
    reason = error.message if isinstance(error, DiglotError) else f"Internal error: {type(error).__name__}."
    if not isinstance(error, DiglotError):
        logger.error("job %s failed unexpectedly", job.id, exc_info=error)
    if is_for_good(job, error) or not database.write(partial(jobs.retry, job=job, error=reason)):
        database.write(partial(_fail, job=job, reason=reason))
    return None


def is_for_good(job: Job, error: BaseException) -> bool:
    if job.kind is not JobKind.INGEST:
        return isinstance(error, NotFound)
    if isinstance(error, ParserCrashed) or not isinstance(error, (DiglotError, OSError)):
        # Attempts that ended by the death of the worker say nothing about the file.
        return job.attempts - job.crashes >= MOST_CRASHES
    return isinstance(error, FOR_GOOD)


def _cancel(connection: Connection, job: Job) -> None:
    if job.kind is JobKind.INGEST:
        revisions.cancel(connection, job)
    else:
        jobs.end(connection, job, JobState.CANCELLED)


def _fail(connection: Connection, job: Job, reason: str) -> None:
    if job.kind is JobKind.INGEST:
        revisions.fail(connection, job, reason)
    else:
        jobs.end(connection, job, JobState.FAILED, reason)
