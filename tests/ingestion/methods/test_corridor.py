"""Chunk methods as a worker follows them."""

import pytest
from sqlalchemy import select

from diglot.catalog.tables import jobs
from diglot.domain.document import DocumentStatus
from diglot.domain.job import JobKind
from diglot.domain.rules import ChunkingRules, ChunkMethod, MethodOptions
from diglot.worker import run_once
from tests.ingestion.conftest import Bench


def rules(method: ChunkMethod, **options: object) -> ChunkingRules:
    return ChunkingRules(method=method, options=MethodOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "name", "text", "chunks"),
    [
        (ChunkMethod.NAIVE, "a.txt", "one two\nthree", ["one two", "three"]),
        (ChunkMethod.ONE, "a.md", "# A\n\nb", ["# A\n\nb"]),
        (ChunkMethod.TABLE, "a.csv", "a,b\n1,2\n", ["- a: 1\n- b: 2"]),
        (ChunkMethod.TAG, "a.txt", "words\tx,y.z\n", ["words"]),
    ],
)
def test_a_document_is_split_by_its_method(
    bench: Bench, method: ChunkMethod, name: str, text: str, chunks: list[str]
) -> None:
    document = bench.add(text, name=name, rules=rules(method, chunk_tokens=1))
    run_once(bench.house)
    assert (bench.get(document).status, bench.texts(document)) == (DocumentStatus.READY, chunks)


def test_a_method_goes_by_what_the_file_is_not_by_its_present_name(bench: Bench) -> None:
    document = bench.add(
        '{"a": 1}\n{"b": 2}\n', name="a.txt", file_name="a.jsonl", rules=rules(ChunkMethod.NAIVE, delimiter=":")
    )
    run_once(bench.house)
    assert bench.texts(document) == ['{"a": 1}\n{"b": 2}']


def test_a_blank_file_is_ready_without_chunks(bench: Bench) -> None:
    document = bench.add(b" \n ", name="a.txt", rules=rules(ChunkMethod.NAIVE))
    run_once(bench.house)
    done = bench.get(document)
    assert (done.status, done.chunk_count) == (DocumentStatus.READY, 0)


@pytest.mark.parametrize(
    ("name", "content", "media_type", "reason"),
    [
        (
            "a.png",
            b"\x89PNG\r\n\x1a\n\x00",
            "image/png",
            "The file is damaged: it is not a complete image.",
        ),
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00",
            "application/msword",
            "The file is damaged: it is not a complete .doc file.",
        ),
        ("a.mp3", b"ID3\x04\x00\x00", "audio/mpeg", "Files of the type .mp3 cannot be read yet."),
    ],
)
def test_a_file_that_nothing_reads_fails_at_once_and_harms_nobody(
    bench: Bench, name: str, content: bytes, media_type: str, reason: str
) -> None:
    document = bench.add(content, name=name, media_type=media_type, rules=rules(ChunkMethod.NAIVE))
    good = bench.add("All is well.", name="good.txt")
    run_once(bench.house)
    done = bench.get(document)
    assert (done.status, done.error) == (DocumentStatus.FAILED, reason)
    assert bench.get(good).status is DocumentStatus.READY
    with bench.house.database.read() as connection:
        attempts = connection.execute(select(jobs.c.attempts).where(jobs.c.kind == JobKind.INGEST)).scalars().all()
    assert attempts == [1, 1]
