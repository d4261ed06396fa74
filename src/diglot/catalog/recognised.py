"""What was recognised of pages that are pictures, by file and page: no page of a workspace is recognised twice.

Files are named by their content, but workspaces keep apart what they know of one: whoever puts a file in learns nothing
of who else has it. A page that another edition of the engine recognises takes the place of the one before.
"""

import zlib
from collections.abc import Collection, Mapping

import orjson
from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select

from diglot.catalog import jobs
from diglot.catalog.encoding import to_json
from diglot.catalog.tables import documents, recognised_pages, revisions
from diglot.catalog.upsert import insert_into
from diglot.domain.identity import WorkspaceId
from diglot.domain.job import Job
from diglot.domain.recognised import RecognisedPage, TextLine


def kept(
    connection: Connection, workspace_id: WorkspaceId, source: str, editions: Mapping[int, str]
) -> dict[int, RecognisedPage]:
    """Of the pages that are named with their editions those that are there."""
    columns = recognised_pages.c.page, recognised_pages.c.edition, recognised_pages.c.content
    theirs = recognised_pages.c.source == source, recognised_pages.c.workspace_id == workspace_id
    rows = connection.execute(select(*columns).where(*theirs))
    return {page: _unpacked(content) for page, edition, content in rows if editions.get(page) == edition}


def keep(connection: Connection, job: Job, source: str, edition: str, page: int, found: RecognisedPage) -> None:
    """For the workspace of the job, which reads the file. `LeaseLost`, `Cancelled`"""
    # Whoever deletes the document cancels its job first: what is kept here the purge will see.
    jobs.hold(connection, job)
    row = {"source": source, "workspace_id": job.workspace_id, "page": page}
    value = {"edition": edition, "content": _packed(found)}
    added = insert_into(connection, recognised_pages).values(row | value)
    connection.execute(added.on_conflict_do_update(index_elements=list(row), set_=value))


def forget_unnamed(connection: Connection, sources: Collection[str]) -> int:
    """Of these files, what was recognised for workspaces where no document or revision names them; how many pages."""
    gone = recognised_pages.c.source.in_(sorted(sources)), ~_is_named()
    return connection.execute(delete(recognised_pages).where(*gone)).rowcount


def unnamed(connection: Connection) -> tuple[int, list[str]]:
    """How many pages there are, and the files of those that `forget_unnamed` would forget."""
    total = connection.execute(select(func.count()).select_from(recognised_pages)).scalar_one()
    lost = select(recognised_pages.c.source).where(~_is_named()).distinct().order_by(recognised_pages.c.source)
    return total, list(connection.execute(lost).scalars())


def _is_named() -> ColumnElement[bool]:
    theirs = documents.c.workspace_id == recognised_pages.c.workspace_id
    by_document = select(documents.c.id).where(theirs, documents.c.source == recognised_pages.c.source)
    by_revision = (
        select(revisions.c.key)
        .select_from(revisions)
        .join(documents, and_(documents.c.id == revisions.c.document_id, theirs))
        .where(revisions.c.source == recognised_pages.c.source)
        .correlate(recognised_pages)
    )
    return or_(by_document.exists(), by_revision.exists())


def _packed(found: RecognisedPage) -> bytes:
    """A third of its JSON, which repeats itself."""
    return zlib.compress(to_json([found.points, [tuple(line) for line in found.lines]]).encode())


def _unpacked(content: bytes) -> RecognisedPage:
    points, lines = orjson.loads(zlib.decompress(content))
    return RecognisedPage(points, tuple(TextLine(*line) for line in lines))
