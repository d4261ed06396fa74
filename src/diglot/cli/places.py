"""Anchors in a few words: page 3, slide 2, Sheet1!A1:C9, 0:01:05-0:01:12, under a heading."""

from collections.abc import Sequence

from diglot.domain.parsed import Anchor


def place(anchors: Sequence[Anchor]) -> str:
    """Where a chunk stands: pages, slides or times first, then its innermost heading or its sheet."""
    pages = _range("page", [anchor.page for anchor in anchors])
    slides = _range("slide", [anchor.slide for anchor in anchors])
    sheet = next((_cells(anchor) for anchor in anchors if anchor.sheet), "")
    heading = "" if sheet else next((anchor.headings[-1] for anchor in anchors if anchor.headings), "")
    return ", ".join(part for part in (pages, slides, _times(anchors), sheet, heading) if part)


def _cells(anchor: Anchor) -> str:
    return f"{anchor.sheet}!{anchor.cells}" if anchor.cells else str(anchor.sheet)


def _times(anchors: Sequence[Anchor]) -> str:
    starts = [anchor.start_ms for anchor in anchors if anchor.start_ms is not None]
    ends = [anchor.end_ms for anchor in anchors if anchor.end_ms is not None]
    return f"{_clock(min(starts))}-{_clock(max(ends))}" if starts and ends else ""


def _clock(milliseconds: int) -> str:
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _range(word: str, numbers: list[int | None]) -> str:
    known = sorted({number for number in numbers if number is not None})
    if not known:
        return ""
    return f"{word} {known[0]}" if len(known) == 1 else f"{word}s {known[0]}-{known[-1]}"
