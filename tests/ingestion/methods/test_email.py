"""Mails: headers with the text, attachments by themselves."""

import pytest

from diglot.domain.parsed import Anchor, Block, BlockKind, Parsed
from diglot.domain.rules import ChunkMethod, MethodOptions
from tests.ingestion.methods.reading import contents, document, lost, needs_documents, paragraph, split

EMAIL = ChunkMethod.EMAIL


def attached(words: str, part: str) -> Block:
    return Block(BlockKind.PARAGRAPH, words, Anchor(part=part))


def test_attachments_do_not_run_into_the_mail_or_each_other() -> None:
    blocks = (
        paragraph("From: Ann\nSubject: x"),
        paragraph("Hello."),
        attached("one", "a.txt"),
        attached("two", "a.txt"),
        attached('{"k": 1}', "b.json"),
    )
    drafts = split(Parsed(blocks), EMAIL, name="a.eml")
    assert [draft.content for draft in drafts[:2]] == ["From: Ann\nSubject: x\nHello.", "one\ntwo"]
    assert [[anchor.part for anchor in draft.anchors] for draft in drafts] == [[], ["a.txt"], ["b.json"]]


def test_a_long_mail_is_merged_to_the_size() -> None:
    lines = [f"line {number} of a long letter" for number in range(40)]
    drafts = contents(Parsed((paragraph("\n".join(lines)),)), EMAIL, MethodOptions(chunk_tokens=30))
    assert len(drafts) > 4
    assert "\n".join(drafts).split("\n") == lines


@needs_documents
@pytest.mark.parametrize(
    ("name", "first", "last", "parts"),
    [
        ("zh_mail_gb2312.eml", "From: 张三 <zhangsan@", "项目：服务器; 金额：12000", [None, "预算.csv"]),
        ("eml_with_attachment.eml", "From: Alice Example", "This is a test attachment", [None, "test.txt"]),
        ("fake-email-attachment.eml", "From: Mallori", "Hey this is a fake", [None, "fake-attachment.txt"]),
        ("email-with-image.eml", "From: Mallori", "From: Mallori", [None]),
        ("msg_with_attachment.msg", "From: Alice Example", "This is a test attachment", [None, "test.txt"]),
        ("testMBOX_complex.mbox", "xxxxxxx\nFrom:", "xxxxxxx\nFrom:", ["message 1"]),
    ],
)
def test_real_mails(name: str, first: str, last: str, parts: list[str | None]) -> None:
    parsed = document(name)
    drafts = split(parsed, EMAIL, name=name)
    assert drafts[0].content.startswith(first)
    assert drafts[-1].content.startswith(last)
    assert [draft.anchors[0].part for draft in drafts] == parts
    # A csv becomes lines with the names of its columns.
    assert name.startswith("zh") or lost(parsed, drafts) == []
