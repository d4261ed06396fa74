"""The splitting of running text, by worked examples and by its laws."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diglot.domain.parsed import Anchor, AnchoredText, Block, BlockKind, Box, Parsed, Span
from diglot.domain.rules import AUTOMATIC, ChunkingRules, CleaningRules, RuleMode
from diglot.domain.tokens import count_tokens
from diglot.ingestion.splitting import assemble, split, split_document

TEXTS = st.text(alphabet="ab字龘𠮷😀 .。\n\t\ud800", max_size=120)


def custom(separator: str = "\n\n", max_tokens: int = 100, overlap: int = 0) -> ChunkingRules:
    return ChunkingRules(RuleMode.CUSTOM, CleaningRules(), separator, max_tokens, overlap)


def contents(text: str, rules: ChunkingRules) -> list[str]:
    return [draft.content for draft in split(AnchoredText(text), rules)]


# In these words, letters, Han characters and marks are one token each.
@pytest.mark.parametrize(
    ("rules", "text", "chunks"),
    [
        # Pieces between separators are chunks, however short; empty ones are not.
        (custom("\n"), "a\nb\n\nc", ["a", "b", "c"]),
        (custom("。"), "一。上。下", ["一", "上", "下"]),
        (custom("##"), "intro ## one## two", ["intro", "one", "two"]),
        (custom("###"), "no such separator", ["no such separator"]),
        (custom(""), "a\n\nb", ["a\n\nb"]),
        (custom("\n"), "  \n \t\n", []),
        (custom("\n"), "", []),
        # A piece of exactly the size is a chunk, a longer one is split at the next separator that occurs.
        (custom(max_tokens=5), "a b c d e", ["a b c d e"]),
        (custom(max_tokens=5), "a b c d e f g", ["a b c d e", "f g"]),
        (custom(max_tokens=6), "aa bb. cc dd. ee ff.", ["aa bb. cc dd.", "ee ff."]),
        (custom(max_tokens=4), "一上下。不与。专东两。", ["一上下。", "不与。", "专东两。"]),
        (custom("|", max_tokens=4), "a b\n\nc d|e", ["a b", "c d", "e"]),
        # Short pieces before a long one are a chunk, and nothing is carried over it.
        (custom(max_tokens=4, overlap=2), "a b. c d e f g h. i", ["a b.", "c d e f", "e f g", "f g h.", "i"]),
        # The tail that is carried over: whole pieces, at most the overlap, and room for the next piece.
        (custom(max_tokens=5, overlap=2), "a b c d e f g", ["a b c d e", "d e f g"]),
        (custom(max_tokens=6, overlap=3), "aa bb. cc dd. ee ff.", ["aa bb. cc dd.", "cc dd. ee ff."]),
        (custom(max_tokens=6, overlap=2), "aa bb. cc dd. ee ff.", ["aa bb. cc dd.", "ee ff."]),
        (custom(max_tokens=6, overlap=3), "aa bb. cc dd. e f g h.", ["aa bb. cc dd.", "e f g h."]),
        # Without any separator: between tokens, what lies beyond size - overlap goes along.
        (custom(max_tokens=3), "一三上下不与专", ["一三上", "下不与", "专"]),
        (custom(max_tokens=3, overlap=1), "一三上下不与专", ["一三上", "上下不", "不与专"]),
        (custom(max_tokens=2), "abcdefghijklmnopqrstuvwxyz", ["abcdefghijklmnopqr", "stuvwxyz"]),
        # What a separator left at the head goes; other marks stay.
        (custom("|"), "x|. a|。b|.|...c", ["x", "a", "b", "..c"]),
        (custom("|"), "# Title|(a)|*b*|- c", ["# Title", "(a)", "*b*", "- c"]),
    ],
)
def test_worked_examples(rules: ChunkingRules, text: str, chunks: list[str]) -> None:
    assert contents(text, rules) == chunks


def words(first: int, last: int) -> str:
    return " ".join(f"w{'abcdefghij'[number % 10]}" for number in range(first, last))


def test_automatic_gathers_paragraphs_up_to_500() -> None:
    paragraph = words(0, 200)
    assert contents("\n\n".join([paragraph] * 3), AUTOMATIC) == [f"{paragraph}\n\n{paragraph}", paragraph]


def test_automatic_carries_50_over() -> None:
    assert contents(words(0, 1200), AUTOMATIC) == [words(0, 500), words(450, 950), words(900, 1200)]


def test_automatic_has_its_own_numbers() -> None:
    other = ChunkingRules(RuleMode.AUTOMATIC, separator="w", max_tokens=60, overlap=0)
    assert contents(words(0, 1200), other) == contents(words(0, 1200), AUTOMATIC)


@given(TEXTS, st.sampled_from(["\n", "。", "\n\n", "ab", ".", " "]), st.integers(1, 12))
def test_nothing_is_lost(text: str, separator: str, size: int) -> None:
    """But separators, white space and full stops at the head."""
    kept = "".join(contents(text, custom(separator, size)))
    assert re.sub(r"[\s.。]", "", kept) == re.sub(r"[\s.。]", "", "".join(text.split(separator)))


@given(TEXTS, st.sampled_from(["\n", "。", ""]), st.integers(2, 12), st.integers(0, 14))
def test_no_chunk_is_too_long(text: str, separator: str, size: int, overlap: int) -> None:
    for draft in split(AnchoredText(text), custom(separator, size, overlap)):
        assert 0 <= draft.tokens <= size
        assert draft.tokens == count_tokens(draft.content)
        assert draft.content == draft.content.strip() != ""


@given(TEXTS, st.integers(1, 12), st.integers(0, 6))
def test_every_chunk_is_where_it_says(text: str, size: int, overlap: int) -> None:
    anchored = AnchoredText(text, (Span(0, len(text), Anchor(start=0, end=len(text))),))
    before = (-1, -1)
    for draft in split(anchored, custom("。", size, overlap)):
        (anchor,) = draft.anchors
        assert anchor.start is not None
        assert anchor.end is not None
        assert text[anchor.start : anchor.end] == draft.content
        assert before < (anchor.start, anchor.end)
        before = (anchor.start, anchor.end)


@given(st.text(), st.integers(1, 4000), st.integers(0, 5000))
def test_any_text_splits_alike_every_time(text: str, size: int, overlap: int) -> None:
    rules = custom("\n", size, overlap)
    assert split(AnchoredText(text), rules) == split(AnchoredText(text), rules)


@given(TEXTS)
def test_a_chunk_by_itself_stays_one(text: str) -> None:
    for content in contents(text, custom("\n", 10)):
        if not content.startswith((".", "。")):
            assert contents(content, custom("\n", 10)) == [content]


@pytest.mark.parametrize("text", ["a" * 1_000_000, "a " * 500_000, "字" * 300_000, "。" * 300_000, "\n\n" * 500_000])
def test_much_text_is_no_trouble(text: str) -> None:
    rules = custom("|", 4000, 4000)
    drafts = split(AnchoredText(text, (Span(0, len(text), Anchor(start=0, end=len(text))),)), rules)
    assert sum(len(draft.content) for draft in drafts) <= 2 * len(text)


def test_blocks_are_joined_by_their_gaps() -> None:
    parsed = Parsed(
        (
            Block(BlockKind.HEADER, "Company", Anchor(page=1)),
            Block(BlockKind.HEADING, "Title", Anchor(page=1), level=1),
            Block(BlockKind.LIST_ITEM, "one", Anchor(page=1), gap="\n"),
            Block(BlockKind.PARAGRAPH, ""),
            Block(BlockKind.LIST_ITEM, "two", spans=(Span(0, 1, Anchor(page=1)), Span(1, 3, Anchor(page=2)))),
            Block(BlockKind.FOOTER, "page 1", Anchor(page=1)),
            Block(BlockKind.PARAGRAPH, "nowhere"),
        )
    )
    assert assemble(parsed) == AnchoredText(
        "Title\n\none\ntwo\n\nnowhere",
        (
            Span(0, 5, Anchor(page=1)),
            Span(7, 10, Anchor(page=1)),
            Span(11, 12, Anchor(page=1)),
            Span(12, 14, Anchor(page=2)),
        ),
    )


def test_assembling_nothing() -> None:
    assert assemble(Parsed(())) == AnchoredText("")
    assert split_document(Parsed(()), AUTOMATIC) == []


def test_lines_of_a_page_are_one_place_with_their_boxes() -> None:
    lines = ["first line", "second line", "third line"]
    boxes = [Box(1, 10.0, 20.0 * row, 90.0, 20.0 * row + 10) for row in (1, 2)] + [Box(2, 10.0, 20.0, 90.0, 30.0)]
    blocks = [
        Block(BlockKind.PARAGRAPH, line, Anchor(page=box.page, boxes=(box,)), gap="\n")
        for line, box in zip(lines, boxes, strict=True)
    ]
    (draft,) = split_document(Parsed(tuple(blocks)), AUTOMATIC)
    assert draft.anchors == (Anchor(page=1, boxes=tuple(boxes[:2])), Anchor(page=2, boxes=(boxes[2],)))


@pytest.mark.parametrize(
    ("cells", "joined"),
    [
        (["A1:C1", "A2:C2", "A3:C3"], ["A1:C3"]),
        (["B2", "B3"], ["B2:B3"]),
        (["Z1:AA1", "Z2:AB2"], ["Z1:AB2"]),
        (["A1", "A1"], ["A1"]),
        (["A1", "table one"], ["A1", "table one"]),
    ],
)
def test_rows_of_a_sheet_are_one_range(cells: list[str], joined: list[str]) -> None:
    blocks = [Block(BlockKind.TABLE, "row", Anchor(sheet="S", cells=each)) for each in cells]
    (draft,) = split_document(Parsed(tuple(blocks)), AUTOMATIC)
    assert [anchor.cells for anchor in draft.anchors] == joined


def test_what_is_said_at_several_times_is_one_stretch_of_time() -> None:
    places = [
        Anchor(start=0, end=3, start_ms=1_000, end_ms=9_000),
        Anchor(start=20, end=23, start_ms=2_000, end_ms=3_000),
        Anchor(start=40, end=45),
    ]
    blocks = [Block(BlockKind.PARAGRAPH, word, at) for word, at in zip(("one", "two", "three"), places, strict=True)]
    (draft,) = split_document(Parsed(tuple(blocks)), AUTOMATIC)
    assert draft.anchors == (Anchor(start=0, end=23, start_ms=1_000, end_ms=9_000), places[2])


def test_other_headings_are_other_places() -> None:
    blocks = [
        Block(BlockKind.PARAGRAPH, "one", Anchor(headings=("A",), start=0, end=3)),
        Block(BlockKind.PARAGRAPH, "two", Anchor(headings=("A",), start=5, end=8)),
        Block(BlockKind.PARAGRAPH, "three", Anchor(headings=("B",), start=10, end=15)),
    ]
    (draft,) = split_document(Parsed(tuple(blocks)), AUTOMATIC)
    assert draft.anchors == (Anchor(headings=("A",), start=0, end=8), Anchor(headings=("B",), start=10, end=15))


@given(st.text(alphabet="ab字 \t\n\x00\u3000", max_size=80), st.integers(2, 12))
def test_cleaned_chunks_are_found_again_in_the_source(text: str, size: int) -> None:
    spans = tuple(
        Span(at, min(at + 5, len(text)), Anchor(start=at, end=min(at + 5, len(text)))) for at in range(0, len(text), 5)
    )
    block = Block(BlockKind.PARAGRAPH, text, Anchor(start=0, end=len(text)), spans=spans)
    for draft in split_document(Parsed((block,)), custom("\n", size)):
        (anchor,) = draft.anchors
        (again,) = split_document(
            Parsed((Block(BlockKind.PARAGRAPH, text[anchor.start : anchor.end]),)), custom("\n", size)
        )
        assert again.content == draft.content
