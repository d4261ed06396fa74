"""The merge rule, by worked examples and against a naive restatement."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diglot.domain.parsed import Anchor, Span
from diglot.domain.rules import MethodOptions
from diglot.domain.tokens import count_tokens
from diglot.ingestion.splitting.methods.merging import SHORT, merge
from diglot.ingestion.splitting.methods.sections import Section

TEXTS = st.lists(st.text(alphabet="ab字龘 .。;\n\t|", max_size=60), max_size=6)
SIZES = st.integers(1, 12)


def contents(texts: list[str], options: MethodOptions) -> list[str]:
    return [draft.content for draft in merge([Section(text) for text in texts], options)]


# In these words every letter and mark is one token.
@pytest.mark.parametrize(
    ("options", "texts", "chunks"),
    [
        # A chunk is full once it exceeds the target: one part may overflow.
        (MethodOptions(2), ["a\nb\nc\nd\ne"], ["a\nb\nc", "d\ne"]),
        (MethodOptions(3), ["a b\nc d\ne f"], ["a b\nc d", "e f"]),
        (MethodOptions(100), ["a\n\n b", "c"], ["a\n b\nc"]),
        # A part larger than the target is neither cut nor joined.
        (MethodOptions(2), ["a\nb c d e\nf"], ["a", "b c d e", "f"]),
        # Each character of the delimiter separates, and goes.
        (MethodOptions(2, "。;"), ["a。b;c\nd"], ["a\nb", "c\nd"]),
        (MethodOptions(1, "]^-["), ["a]b^c-d[e"], ["a\nb", "c\nd", "e"]),
        # Backquotes: one delimiter, and every part is a chunk.
        (MethodOptions(100, "`##`"), ["a#b ## c##d\ne", "f"], ["a#b", "c", "d\ne", "f"]),
        (MethodOptions(100, "\n`a``ab`"), ["xaby\naz"], ["x", "y", "z"]),
        # No delimiter at all.
        (MethodOptions(2, ""), ["a\nb\nc", "d"], ["a\nb\nc", "d"]),
        # The tail is a share of the characters, and the target is less by that share.
        (MethodOptions(4, "\n", 50), ["a b\nc d\ne f\ng h"], ["a b\nc d", "c d\ne f\ng h"]),
        (MethodOptions(2, "\n", 25), ["a b c d\ne"], ["a b c d", "d\ne"]),
        (MethodOptions(), [], []),
        (MethodOptions(), ["", " \n "], []),
    ],
)
def test_worked_examples(options: MethodOptions, texts: list[str], chunks: list[str]) -> None:
    assert contents(texts, options) == chunks


def restated(texts: list[str], options: MethodOptions) -> list[str]:
    """The rule word for word, of whole strings."""
    parts: list[str] = []
    for text in texts:
        pieces = re.split("|".join(map(re.escape, options.delimiter)), text)
        parts += [piece.rstrip() for piece in pieces if piece.strip()]
    chunks: list[str] = []
    total = 0
    for part in parts:
        size = max(count_tokens(part), 1)
        target = options.chunk_tokens * (100 - options.overlap_percent) / 100
        if chunks and total <= target and size <= options.chunk_tokens:
            chunks[-1] += "\n" + part
            total += size
            continue
        before = chunks[-1] if chunks else ""
        tail = before[len(before) * (100 - options.overlap_percent) // 100 :].strip()
        chunks.append(f"{tail}\n{part}" if tail else part.lstrip())
        total = size
    return chunks


@given(TEXTS, SIZES, st.sampled_from(["\n", "。;", "\n.", "|"]), st.sampled_from([0, 10, 33, 50, 90]))
def test_the_rule_as_it_is_written(texts: list[str], size: int, delimiter: str, overlap: int) -> None:
    options = MethodOptions(size, delimiter, overlap)
    assert contents(texts, options) == restated(texts, options)


@given(TEXTS, SIZES, st.sampled_from(["\n", "。", "`ab`"]), st.sampled_from([0, 40]))
def test_every_chunk_is_where_it_says(texts: list[str], size: int, delimiter: str, overlap: int) -> None:
    """White space and delimiters apart: they go, or become line ends."""
    whole = "\n\n".join(texts)
    sections = []
    at = 0
    for text in texts:
        anchor = Anchor(start=at, end=at + len(text))
        sections.append(Section(text, (Span(0, len(text), anchor),) if text else ()))
        at += len(text) + 2
    for draft in merge(sections, MethodOptions(size, delimiter, overlap)):
        source = "".join(whole[anchor.start : anchor.end] for anchor in draft.anchors)
        bare = re.compile(r"[\s。]")
        assert bare.sub("", source) == bare.sub("", draft.content)
        assert draft.tokens == count_tokens(draft.content)
        assert draft.content == draft.content.strip() != ""


def test_whole_sections_are_cut_only_if_they_are_larger_than_a_chunk() -> None:
    code = Section("a\n\n  b", is_whole=True)
    assert [draft.content for draft in merge([code], MethodOptions(5))] == ["a\n\n  b"]
    assert [draft.content for draft in merge([code], MethodOptions(1))] == ["a\n  b"]
    assert [draft.content for draft in merge([code], MethodOptions(5, "`\n\n`"))] == ["a", "b"]


def test_a_short_heading_is_never_a_chunk() -> None:
    long = Section("x " * 9)
    heading = Section("h", is_heading=True)
    options = MethodOptions(4)
    chunks = [draft.content for draft in merge([long, heading, long, heading], options)]
    assert chunks == ["x" + " x" * 8, "h\nx" + " x" * 8 + "\nh"]
    assert [draft.content for draft in merge([heading], options)] == ["h"]
    lengthy = Section("h " * SHORT, is_heading=True)
    assert len(merge([long, lengthy, long], options)) == 3


@pytest.mark.parametrize("text", ["a\n" * 50_000, "a" * 1_000_000, "字" * 100_000 + "\n" + "b\n" * 30_000])
def test_much_text_is_no_trouble(text: str) -> None:
    drafts = merge([Section(text, (Span(0, len(text), Anchor(start=0, end=len(text))),))], MethodOptions(8, "\n", 90))
    assert sum(len(draft.content) for draft in drafts) <= 13 * len(text)
