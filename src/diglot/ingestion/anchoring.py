"""Text that is changed and cut without losing where its parts come from."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from diglot.domain.parsed import Anchor, AnchoredText, Span
from diglot.ingestion.joining import joined

MOST_CUTS = 8
"""Edits inside one span that it is cut at. With more it stays whole, its place exact to the span: places must not
cost more than the text."""

MOST_ANCHORS = 50
"""Of one chunk: more places than anyone looks at."""


class Edit(NamedTuple):
    """Characters start to end (exclusive) become `replacement`."""

    start: int
    end: int
    replacement: str


def substitute(text: AnchoredText, pattern: re.Pattern[str], replacement: Callable[[str], str] | str) -> AnchoredText:
    """`re.sub` with places. A replacement text is taken literally; a function gets the matched text."""
    found = pattern.finditer(text.text)
    if isinstance(replacement, str):
        return edited(text, (Edit(*match.span(), replacement) for match in found))
    return edited(text, (Edit(*match.span(), replacement(match.group())) for match in found))


def edited(text: AnchoredText, edits: Iterable[Edit]) -> AnchoredText:
    """Edits in order, not overlapping, none longer than what it replaces."""
    kept = list(edits)
    if not kept:
        return text
    return AnchoredText(_changed(text.text, kept), tuple(_moved(text.spans, kept)))


def _changed(text: str, edits: Sequence[Edit]) -> str:
    parts: list[str] = []
    at = 0
    for start, end, replacement in edits:
        parts += (text[at:start], replacement)
        at = end
    parts.append(text[at:])
    return "".join(parts)


def _moved(spans: Sequence[Span], edits: Sequence[Edit]) -> Iterator[Span]:
    shift, upcoming = 0, 0
    for span in spans:
        while upcoming < len(edits) and edits[upcoming].end <= span.start:
            shift += _growth(edits[upcoming])
            upcoming += 1
        after = upcoming
        while after < len(edits) and edits[after].start < span.end:
            after += 1
        yield from _moved_span(span, edits[upcoming:after], shift)
        # An edit that reaches into the next span is looked at again there.
        while upcoming < after and edits[upcoming].end <= span.end:
            shift += _growth(edits[upcoming])
            upcoming += 1


def _moved_span(span: Span, edits: Sequence[Edit], shift: int) -> Iterator[Span]:
    """`shift` is what the edits before these have added up to."""
    if edits and span.anchor.start is not None and len(edits) <= MOST_CUTS:
        yield from _cut_span(span, edits, shift)
        return
    start, end = span.start + shift, span.end + shift
    for edit in edits:
        if edit.start < span.start:
            start = edit.start + shift + len(edit.replacement)
        end += _growth(edit) if edit.end <= span.end else edit.start - span.end
    if start < end:
        yield Span(start, end, span.anchor)


def _cut_span(span: Span, edits: Sequence[Edit], shift: int) -> Iterator[Span]:
    """The stretches between the edits, each with its own exact place."""
    at = span.start
    for edit in edits:
        if at < edit.start:
            yield _placed(part_of(span, at, edit.start), shift)
        at = max(at, edit.end)
        shift += _growth(edit)
    if at < span.end:
        yield _placed(part_of(span, at, span.end), shift)


def _placed(span: Span, shift: int) -> Span:
    return Span(span.start + shift, span.end + shift, span.anchor)


def _growth(edit: Edit) -> int:
    return len(edit.replacement) - (edit.end - edit.start)


def part_of(span: Span, start: int, end: int) -> Span:
    """The span's characters from start to end; its anchor narrows if it holds its source character by character."""
    anchor = span.anchor
    if anchor.start is None or anchor.end is None or anchor.end - anchor.start != span.end - span.start:
        return Span(start, end, anchor)
    first = anchor.start + start - span.start
    return Span(start, end, anchor._replace(start=first, end=first + end - start))


class Places:
    """Looks up where a part of a text comes from."""

    def __init__(self, text: AnchoredText) -> None:
        self._spans = text.spans
        self._starts = [span.start for span in text.spans]

    def between(self, start: int, end: int) -> tuple[Anchor, ...]:
        """The anchors of characters start to end, neighbours joined where one anchor can say both."""
        anchors: list[Anchor] = []
        for index in range(max(bisect_right(self._starts, start) - 1, 0), len(self._spans)):
            span = self._spans[index]
            if span.start >= end or len(anchors) > MOST_ANCHORS:
                break
            if span.end > start:
                _add(anchors, part_of(span, max(span.start, start), min(span.end, end)).anchor)
        return tuple(anchors[:MOST_ANCHORS])


def _add(anchors: list[Anchor], anchor: Anchor) -> None:
    both = joined(anchors[-1], anchor) if anchors else None
    if both is None:
        anchors.append(anchor)
    else:
        anchors[-1] = both
