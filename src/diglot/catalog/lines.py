"""Whose turn it is: the tags of start-time fair queueing, and the choice of the next job by them."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, FromClause, ScalarSelect, Select, String, func, literal_column, select

from diglot.catalog.clock import database_now
from diglot.catalog.tables import jobs
from diglot.domain.identity import DatasetId
from diglot.domain.job import JobKind

# Written out, not bound: planners recognise the partial indexes by them.
QUEUED = literal_column("'queued'", String)
RUNNING = literal_column("'running'", String)
IS_QUEUED = jobs.c.state == QUEUED
IS_RUNNING = jobs.c.state == RUNNING
# Always true: see `ix_jobs_claim`.
IN_ORDER = IS_QUEUED, jobs.c.run_at >= literal_column("0")
# See `ix_jobs_chores`.
IS_CHORE = jobs.c.kind != literal_column("'ingest'", String)


def next_tag(connection: Connection, dataset_id: DatasetId, priority: int) -> float:
    """Where the dataset's line ends, or the present if that is later. Four steps into an index, however long it is."""
    ends = [_end_of_line(state, dataset_id, priority) for state in (IS_QUEUED, IS_RUNNING)]
    found = connection.execute(select(*_present(priority), *ends)).one()
    return max((tag for tag in found if tag is not None), default=0.0)


def present(connection: Connection, priority: int) -> float:
    """The virtual time: what is served now, or would be next."""
    found = connection.execute(select(*_present(priority))).one()
    return max((tag for tag in found if tag is not None), default=0.0)


def _present(priority: int) -> tuple[ScalarSelect[float], ScalarSelect[float]]:
    running = select(func.max(jobs.c.tag)).where(IS_RUNNING, jobs.c.priority == priority)
    waiting = select(func.min(jobs.c.tag)).where(*IN_ORDER, jobs.c.priority == priority)
    return running.scalar_subquery(), waiting.scalar_subquery()


def _end_of_line(state: ColumnElement[bool], dataset_id: DatasetId, priority: int) -> ScalarSelect[float]:
    line = select(jobs.c.tag + jobs.c.cost).where(state, jobs.c.dataset_id == dataset_id, jobs.c.priority == priority)
    return line.order_by(jobs.c.tag.desc()).limit(1).scalar_subquery()


def first(
    connection: Connection, kinds: Collection[JobKind], per_dataset: int | None, priorities: range | None
) -> "Select[tuple[str]]":
    """The next job's id, locked on PostgreSQL; jobs that another claimer has locked are passed over."""
    full = [] if per_dataset is None else _full_datasets(connection, per_dataset)
    if full:
        # A line that may not move could hold a hundred thousand jobs: look at the heads of the other lines alone. The
        # state is tested again for a job that was just taken, in a form that keeps planners from walking all by state.
        is_queued = func.coalesce(jobs.c.state, "") == QUEUED
        heads = _heads(connection, kinds, full, priorities)
        chosen = select(jobs.c.id).where(jobs.c.id.in_(heads), is_queued)
    else:
        chosen = select(jobs.c.id).where(*due(connection, kinds, priorities))
    return chosen.order_by(jobs.c.priority, jobs.c.tag, jobs.c.id).limit(1).with_for_update(skip_locked=True)


def due(
    connection: Connection, kinds: Collection[JobKind], priorities: range | None = None
) -> tuple[ColumnElement[bool], ...]:
    """What waits for a worker now, in the words of the index that has it in order."""
    line = IN_ORDER if JobKind.INGEST in kinds else (IS_QUEUED, IS_CHORE)
    return *line, *_within(priorities, jobs), jobs.c.run_at <= database_now(connection), jobs.c.kind.in_(sorted(kinds))


def _within(priorities: range | None, among: FromClause) -> tuple[ColumnElement[bool], ...]:
    if priorities is None:
        return ()
    return among.c.priority >= priorities.start, among.c.priority < priorities.stop


def _full_datasets(connection: Connection, per_dataset: int) -> list[str]:
    running = select(jobs.c.dataset_id).where(IS_RUNNING).group_by(jobs.c.dataset_id)
    return list(connection.execute(running.having(func.count() >= per_dataset)).scalars())


def _heads(
    connection: Connection, kinds: Collection[JobKind], full: list[str], priorities: range | None
) -> "Select[tuple[str | None]]":
    lines = select(func.min(jobs.c.dataset_id).label("dataset_id")).where(IS_QUEUED).cte("lines", recursive=True)
    following = select(func.min(jobs.c.dataset_id)).where(IS_QUEUED, jobs.c.dataset_id > lines.c.dataset_id)
    lines = lines.union_all(select(following.scalar_subquery()).where(lines.c.dataset_id.is_not(None)))
    head = jobs.alias("head")
    in_line = (
        select(head.c.id)
        .where(
            head.c.state == QUEUED,
            head.c.dataset_id == lines.c.dataset_id,
            head.c.run_at <= database_now(connection),
            head.c.kind.in_(sorted(kinds)),
            *_within(priorities, head),
        )
        .order_by(head.c.priority, head.c.tag, head.c.id)
        .limit(1)
    )
    return select(in_line.scalar_subquery()).where(lines.c.dataset_id.not_in(full))
