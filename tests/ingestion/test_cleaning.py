"""What cleaning takes out, and that places stay true through it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diglot.domain.parsed import Anchor, AnchoredText, Span
from diglot.domain.rules import CleaningRules
from diglot.ingestion.anchoring import MOST_CUTS, substitute
from diglot.ingestion.cleaning import clean

NOTHING = CleaningRules(remove_extra_spaces=False, remove_urls_emails=False)
SPACES = CleaningRules(remove_extra_spaces=True, remove_urls_emails=False)
ADDRESSES = CleaningRules(remove_extra_spaces=False, remove_urls_emails=True)

MESSY = st.text(alphabet="ab字𠮷😀 \t\n\r\x00\x0c\u3000\u00a0<|>.@", max_size=60)


def placed(text: str, length: int = 5) -> AnchoredText:
    """Spans of `length` characters, each exactly at its place."""
    cuts = range(0, len(text), length)
    ends = [min(start + length, len(text)) for start in cuts]
    return AnchoredText(
        text, tuple(Span(start, end, Anchor(start=start, end=end)) for start, end in zip(cuts, ends, strict=True))
    )


@pytest.mark.parametrize(
    ("rules", "text", "cleaned"),
    [
        (NOTHING, "<|im_start|>", "<im_start>"),
        (NOTHING, "<||>", "<>"),
        (NOTHING, "a\x00b\x07c\x7fd\ufffee", "abcde"),
        (NOTHING, "tab\tline\nreturn\r", "tab\tline\nreturn\r"),
        (NOTHING, "ï¿¾", "ï¿¾"),
        (NOTHING, "a  b\n\n\n\nc", "a  b\n\n\n\nc"),
        (SPACES, "a\n\nb\n\n\nc\n\n\n\n\nd", "a\n\nb\n\nc\n\nd"),
        (SPACES, "a  b \t c\u3000\u3000d\u00a0\u2003e", "a b c d e"),
        (SPACES, "one\ttab one\u3000space", "one\ttab one\u3000space"),
        (SPACES, "a \n b", "a \n b"),
        (SPACES, "mail a@b.org see http://c.org", "mail a@b.org see http://c.org"),
        (ADDRESSES, "mail first.last+tag@mail.example.org now", "mail  now"),
        (ADDRESSES, "see https://example.org/a?b=c#d now", "see  now"),
        (ADDRESSES, "[text](http://example.org/page) stays", "[text]() stays"),
        (ADDRESSES, "![a cat](https://example.org/cat.png) stays", "![a cat](https://example.org/cat.png) stays"),
        (ADDRESSES, "a@b no@host. @x", "a@b no@host. @x"),
        (ADDRESSES, "a@b.c_d@e.f", ""),
        (ADDRESSES, "详见https://example.org/x，然后点击", "详见，然后点击"),
        (ADDRESSES, "联系admin@example.org或来电", "联系或来电"),
        (ADDRESSES, "ftp://example.org www.example.org", "ftp://example.org www.example.org"),
        (ADDRESSES, "a  b\n\n\nc", "a  b\n\n\nc"),
    ],
)
def test_clean(rules: CleaningRules, text: str, cleaned: str) -> None:
    assert clean(AnchoredText(text), rules).text == cleaned


def test_a_part_after_what_was_removed_is_at_its_place() -> None:
    source = "one  two\x00 three\n\n\n\nfour"
    text = clean(placed(source, len(source)), SPACES)
    assert text.text == "one two three\n\nfour"
    assert [source[span.anchor.start : span.anchor.end] for span in text.spans] == ["one", "two", " three", "four"]


def test_places_without_offsets_only_move() -> None:
    page = Anchor(page=7)
    text = clean(AnchoredText("a   b\x00c", (Span(0, 5, Anchor(page=6)), Span(5, 7, page))), SPACES)
    assert text == AnchoredText("a bc", (Span(0, 3, Anchor(page=6)), Span(3, 4, page)))


def test_a_span_with_very_many_edits_stays_whole() -> None:
    source = "a  " * (MOST_CUTS + 1)
    text = clean(placed(source, len(source)), SPACES)
    assert text.spans == (Span(0, len(text.text), Anchor(start=0, end=len(source))),)


@given(MESSY, st.integers(1, 12), st.sampled_from(["", "x"]), st.sampled_from([r"\s+", r"[ab]{2,}", r"[^a]", "字"]))
def test_substitution_is_that_of_re_and_spans_stay_true(text: str, length: int, new: str, pattern: str) -> None:
    changed = substitute(placed(text, length), re.compile(pattern), new)
    assert changed.text == re.sub(pattern, new, text)
    at = 0
    for start, end, anchor in changed.spans:
        assert at <= start < end <= len(changed.text)
        at = end
        assert anchor.start is not None
        assert anchor.end is not None
        if not re.search(pattern, text[anchor.start : anchor.end]):
            assert changed.text[start:end] == text[anchor.start : anchor.end]


@given(MESSY, st.integers(1, 12))
def test_spans_without_offsets_keep_their_characters(text: str, length: int) -> None:
    """Every character that was kept is still in the span it was in."""
    by_page = AnchoredText(text, tuple(Span(s, e, Anchor(page=a.start)) for s, e, a in placed(text, length).spans))
    cleaned = clean(by_page, NOTHING)
    for start, end, anchor in cleaned.spans:
        assert anchor.page is not None
        kept = cleaned.text[start:end].replace("<", "").replace(">", "")
        source = text[anchor.page : anchor.page + length]
        assert all(character in source for character in kept)


@given(st.text(alphabet="ab字😀 \t\n\r\x00\x0c\u3000", max_size=80))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(AnchoredText(text), SPACES)
    assert clean(once, SPACES) == once


@given(st.text())
def test_any_text_can_be_cleaned(text: str) -> None:
    cleaned = clean(placed(text), CleaningRules(remove_extra_spaces=True, remove_urls_emails=True))
    assert len(cleaned.text) <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "@a" * 500_000,
        "a@" + "a" * 1_000_000,
        "![" * 500_000,
        "![](" * 250_000,
        "http://" * 150_000,
        "\n" * 1_000_000,
        " \n" * 500_000,
        "<|" * 500_000,
        "a@a.a " * 100_000,
    ],
    ids=lambda text: text[:6].encode("unicode_escape").decode(),
)
def test_no_text_is_slow(text: str) -> None:
    """A million characters; anything quadratic would take hours here."""
    clean(placed(text, 1000), CleaningRules(remove_extra_spaces=True, remove_urls_emails=True))
