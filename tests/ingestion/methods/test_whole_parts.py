"""The methods one, presentation, picture and tag; and what all methods make of nothing."""

import pytest

from diglot.adapters.parsers.reading import read
from diglot.domain.chunk import ChunkKind
from diglot.domain.errors import FileEmpty, ParseFailed
from diglot.domain.parsed import Anchor, Block, BlockKind, Parsed
from diglot.domain.rules import ChunkMethod, MethodOptions
from diglot.domain.tokens import count_tokens
from diglot.ingestion.splitting.methods import METHODS, split_by_method
from diglot.ports.parser import ParseLimits
from tests.ingestion.methods.reading import document, needs_documents, paragraph, table, text
from tests.ingestion.methods.test_naive import workbook

OPTIONS = MethodOptions()


def test_one_holds_all_in_reading_order() -> None:
    blocks = (paragraph("before", 1), table(page=1), Block(BlockKind.FOOTER, "page 1"), paragraph("after", 2))
    (draft,) = split_by_method(Parsed(blocks), ChunkMethod.ONE, MethodOptions(1), "a.pdf")
    assert draft.content == "before\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\nafter"
    assert [anchor.page for anchor in draft.anchors] == [1, 2]
    assert draft.tokens == count_tokens(draft.content)


@needs_documents
def test_one_of_a_real_document() -> None:
    (draft,) = split_by_method(document("zh_contract_lease.docx"), ChunkMethod.ONE, OPTIONS, "zh_contract_lease.docx")
    assert draft.content.startswith("房屋租赁合同\n\n出租方（甲方）")
    assert draft.content.endswith("| 宽带费 | 120元/月 | 乙方 |")


@needs_documents
@pytest.mark.parametrize(
    ("name", "firsts"),
    [
        ("powerpoint_sample.pptx", ["Test Table Slide", "Second slide title", "1. List item4"]),
        ("multi_page.pdf", ["The Evolution of the Word Processor"]),
    ],
)
def test_a_chunk_a_slide_or_page(name: str, firsts: list[str]) -> None:
    drafts = split_by_method(document(name), ChunkMethod.PRESENTATION, OPTIONS, name)
    places = [{anchor.slide or anchor.page for anchor in draft.anchors} for draft in drafts]
    assert places == [{number + 1} for number in range(len(drafts))]
    assert [draft.content.split("\n")[0] for draft in drafts][: len(firsts)] == firsts


def test_empty_slides_are_no_chunks_and_texts_no_slides() -> None:
    blocks = (Block(BlockKind.PARAGRAPH, "a", Anchor(slide=1)), Block(BlockKind.PARAGRAPH, " ", Anchor(slide=2)))
    drafts = split_by_method(Parsed(blocks), ChunkMethod.PRESENTATION, OPTIONS, "a.pptx")
    assert [draft.content for draft in drafts] == ["a"]
    with pytest.raises(ParseFailed, match="slides and PDF files only"):
        split_by_method(text("prose"), ChunkMethod.PRESENTATION, OPTIONS, "a.txt")


def test_a_picture_is_its_text_or_says_that_it_has_none() -> None:
    (draft,) = split_by_method(Parsed((paragraph("a"), paragraph("b"))), ChunkMethod.PICTURE, OPTIONS, "a.png")
    assert (draft.content, draft.kind) == ("a\n\nb", ChunkKind.IMAGE)
    with pytest.raises(FileEmpty, match="No text was recognised"):
        split_by_method(Parsed(()), ChunkMethod.PICTURE, OPTIONS, "a.png")


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (b"how to log in\taccount,log.in, account\nhow to pay\tmoney\n", "a.txt", [("account", "log_in"), ("money",)]),
        (
            b'how to log in,"account,\xef\xbc\x8clog.in"\nhow to pay,money\n',
            "a.csv",
            [("account", "log_in"), ("money",)],
        ),
        (workbook(S=[["content", "tags"], ["one", "a.b"], ["two", "c，d"]]), "a.xlsx", [("a_b",), ("c", "d")]),
    ],
)
def test_descriptions_with_tags(content: bytes, name: str, found: list[tuple[str, ...]]) -> None:
    drafts = split_by_method(read(name, content, ParseLimits()), ChunkMethod.TAG, OPTIONS, name)
    assert [draft.tags for draft in drafts] == found
    assert all(draft.anchors and "," not in draft.content and "\t" not in draft.content for draft in drafts)


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_text_without_tags_is_refused(name: str) -> None:
    parsed = read(name, b"# prose\n\nno columns here", ParseLimits())
    with pytest.raises(ParseFailed, match="needs two columns"):
        split_by_method(parsed, ChunkMethod.TAG, OPTIONS, name)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_nothing_makes_no_chunks(method: ChunkMethod) -> None:
    if method is not ChunkMethod.PICTURE:
        assert split_by_method(Parsed(()), method, OPTIONS, "a.txt") == []
