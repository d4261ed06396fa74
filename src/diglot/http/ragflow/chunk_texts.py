"""How a chunk's text is shown: questions with their answers, what was found in it, and where it stands."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from diglot.domain.chunk import Chunk
from diglot.domain.parsed import Anchor, Box
from diglot.http.ragflow.errors import data_error
from diglot.retrieval.highlighting import Place

HAN = re.compile(r"[\u3400-\u9fff]")
PREFIX = re.compile(r"\s*(?:question|answer|q|a|问题|回答|答案|问|答)\s*[:：]\s*", re.IGNORECASE)
SENTENCE = re.compile(r"[^.!?;。！？；\n]+[.!?;。！？；\n]*")
PAIR_MISSING = "Q&A must be separated by TAB/ENTER key."
GAP = "..."


def content_of(chunk: Chunk) -> str:
    if chunk.answer is None:
        return chunk.content
    is_chinese = HAN.search(chunk.content + chunk.answer) is not None
    question, answer = ("问题：", "回答：") if is_chinese else ("Question: ", "Answer: ")
    return f"{question}{chunk.content}\t{answer}{chunk.answer}"


def pair_of(content: str) -> tuple[str, str]:
    """The question and the answer of a text as `content_of` shows it, or of two lines."""
    first, tab, rest = content.partition("\t")
    parts = [first, rest] if tab else [line for line in content.split("\n") if line.strip()]
    bare = [PREFIX.sub("", part, count=1).strip() if PREFIX.match(part) else part.strip() for part in parts]
    if len(bare) != 2 or not all(bare):
        raise data_error(PAIR_MISSING)
    return bare[0], bare[1]


def marked(text: str, places: Sequence[Place]) -> str:
    """The whole text, what was found in it between `<em>` and `</em>`."""
    pieces, done = [], 0
    for start, end in places:
        pieces += [text[done:start], "<em>", text[start:end], "</em>"]
        done = end
    return "".join([*pieces, text[done:]])


def excerpt(text: str, places: Sequence[Place]) -> str:
    """The sentences in which something was found, marked; the whole text where nothing was."""
    if not places:
        return text
    waiting = list(places)
    shown = []
    for sentence in SENTENCE.finditer(text):
        start, end = sentence.span()
        within = [(max(left, start) - start, min(right, end) - start) for left, right in waiting if left < end]
        if within:
            shown.append(marked(sentence.group(), within).strip())
            waiting = [place for place in waiting if place[1] > end]
    return GAP.join(shown) or text


def positions_of(chunk: Chunk) -> list[list[int]]:
    """[page, left, right, top, bottom] of each place; text has no pages, and its chunk's number stands for all five."""
    boxes = [box for anchor in chunk.anchors for box in anchor.boxes]
    if boxes:
        return [_rounded(box) for box in boxes]
    pages = [page for anchor in chunk.anchors if (page := anchor.page or anchor.slide) is not None]
    if pages:
        return [[page, 0, 0, 0, 0] for page in dict.fromkeys(pages)]
    return [[chunk.position] * 5] if chunk.anchors else []


def anchors_of(positions: Any) -> tuple[Anchor, ...]:
    """`Refused` for what `positions_of` would not show."""
    if not isinstance(positions, list):
        raise data_error("`positions` should be a list")
    return tuple(_anchor(one) for one in positions)


def _rounded(box: Box) -> list[int]:
    return [box.page, *(round(side) for side in (box.left, box.right, box.top, box.bottom))]


def _anchor(position: Any) -> Anchor:
    if not isinstance(position, list) or len(position) != 5 or not _are_numbers(position):
        raise data_error("Each sublist in positions must have a length of 5")
    page, left, right, top, bottom = position
    return Anchor(page=int(page), boxes=(Box(int(page), left, top, right, bottom),))


def _are_numbers(values: Iterable[Any]) -> bool:
    return all(isinstance(one, int | float) and not isinstance(one, bool) and abs(one) < 1e9 for one in values)
