"""Recognised pages in the catalog: exact, one a page, kept apart by workspace, gone with the file."""

from functools import partial

import pytest
from sqlalchemy import delete, func, select

from diglot.catalog import jobs, recognised
from diglot.catalog.database import Database
from diglot.catalog.tables import documents, recognised_pages, revisions
from diglot.domain.errors import Cancelled, LeaseLost
from diglot.domain.identity import new_id
from diglot.domain.job import Job
from diglot.domain.recognised import RecognisedPage, TextLine
from tests.catalog.rows import SOURCE, Shelf, a_shelf, claimed, upload

PAGE = RecognisedPage(0.36, (TextLine("第一章 \u2029 one", 0.1, 1 / 3, 805.1668701171875, 4e-9, 0.9969),))
BLANK = RecognisedPage(1.0, ())


def keep(database: Database, job: Job, page: int = 1, found: RecognisedPage = PAGE, edition: str = "a 1") -> None:
    named = partial(recognised.keep, job=job, source=SOURCE, edition=edition)
    database.write(partial(named, page=page, found=found))


def kept(database: Database, shelf: Shelf, edition: str = "a 1") -> dict[int, RecognisedPage]:
    with database.read() as connection:
        return recognised.kept(connection, shelf.workspace_id, SOURCE, dict.fromkeys(range(1, 10), edition))


def rows(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(recognised_pages)).scalar_one()


def forget(database: Database) -> int:
    return database.write(partial(recognised.forget_unnamed, sources=[SOURCE]))


def test_pages_come_back_as_they_were(database: Database) -> None:
    shelf = a_shelf(database)
    upload(database, shelf)
    job = claimed(database)
    keep(database, job, 1)
    keep(database, job, 7, BLANK)
    assert kept(database, shelf) == {1: PAGE, 7: BLANK}


def test_another_edition_takes_the_place_of_the_one_before(database: Database) -> None:
    shelf = a_shelf(database)
    upload(database, shelf)
    job = claimed(database)
    keep(database, job)
    keep(database, job, found=BLANK, edition="b 1")
    assert (kept(database, shelf), kept(database, shelf, "b 1"), rows(database)) == ({}, {1: BLANK}, 1)


def test_workspaces_keep_apart_what_they_know_of_a_file(database: Database) -> None:
    mine, theirs = a_shelf(database), a_shelf(database)
    upload(database, mine)
    job = claimed(database)
    upload(database, theirs)
    keep(database, job)
    assert (kept(database, mine), kept(database, theirs)) == ({1: PAGE}, {})


def test_whoever_lost_the_job_keeps_nothing(database: Database) -> None:
    shelf = a_shelf(database)
    document_id = upload(database, shelf)
    job = claimed(database)
    database.write(partial(jobs.cancel_document, document_id=document_id))
    with pytest.raises(Cancelled):
        keep(database, job)
    database.write(lambda connection: jobs.reap(connection, dead_owners=["worker"]) and None)
    with pytest.raises(LeaseLost):
        keep(database, job)
    assert rows(database) == 0


def test_pages_stay_while_a_document_or_a_revision_of_the_workspace_names_the_file(database: Database) -> None:
    mine, theirs = a_shelf(database), a_shelf(database)
    first = upload(database, mine)
    keep(database, claimed(database))
    second = upload(database, mine)
    upload(database, theirs)
    keep(database, claimed(database, "b"))
    keep(database, claimed(database, "c"))
    for document_id in (first, second):
        assert forget(database) == 0
        changed = documents.update().where(documents.c.id == document_id).values(source="6" * 64)
        database.write(lambda connection, changed=changed: connection.execute(changed).rowcount)  # type: ignore[misc]
        assert forget(database) == 0
        gone = delete(revisions).where(revisions.c.document_id == document_id)
        database.write(lambda connection, gone=gone: connection.execute(gone).rowcount)  # type: ignore[misc]
    assert forget(database) == 1
    assert (kept(database, mine), kept(database, theirs)) == ({}, {1: PAGE})


def test_what_nobody_names_is_found(database: Database) -> None:
    upload(database, a_shelf(database))
    keep(database, claimed(database))
    stray = {"source": SOURCE, "workspace_id": new_id(), "page": 1, "edition": "a 1", "content": b""}
    with database.read() as connection:
        assert recognised.unnamed(connection) == (1, [])
    database.write(lambda connection: connection.execute(recognised_pages.insert().values(stray)).rowcount)
    with database.read() as connection:
        assert recognised.unnamed(connection) == (2, [SOURCE])
    assert (forget(database), rows(database)) == (1, 1)
