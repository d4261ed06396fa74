"""What a reading child says to its parent: JSON of compact lists, believed by the parent only as far as it checks.

An answer is {"parsed": [...]}, {"error": [name, message]} or {"surprise": traceback}; a picture is a line {"picture":
[...]} and its pixels, a page for people {"page": [...]} and its PNG. Not pickle: a child that a file
has taken over must not be able to run anything in the parent.
"""

import logging
from typing import Any

import orjson

from diglot.adapters.parsers import pages_png
from diglot.domain import errors
from diglot.domain.parsed import Anchor, Block, BlockKind, Box, Parsed, Span
from diglot.domain.picture import PageImage, Picture
from diglot.ports.parser import ParseLimits

log = logging.getLogger(__name__)

MOST_PARTS = 400_000
"""Blocks, spans and boxes of one document: the parent's memory is what they cost."""

_ERRORS = {
    kind.__name__: kind
    for kind in (
        errors.ParseFailed,
        errors.FormatUnreadable,
        errors.PasswordNeeded,
        errors.FileDamaged,
        errors.FileEmpty,
        errors.LimitExceeded,
        errors.ParserCrashed,
        errors.MethodUnavailable,
        errors.NoPages,
        errors.PageNotFound,
    )
}
_NUMBERS = frozenset({"page", "start", "end", "slide", "start_ms", "end_ms"})


def encode(parsed: Parsed) -> bytes:
    blocks = [_packed_block(block) for block in parsed.blocks]
    return orjson.dumps({"parsed": [blocks, parsed.title, parsed.page_count, parsed.notes, parsed.scans]})


def encode_picture(picture: Picture) -> bytes:
    return orjson.dumps({"picture": [picture.width, picture.height, picture.points]}) + b"\n" + picture.pixels


def encode_page(page: PageImage) -> bytes:
    return orjson.dumps({"page": [page.width, page.height, page.points, page.pages]}) + b"\n" + page.png


def encode_error(error: errors.ParseFailed | errors.NotFound) -> bytes:
    return orjson.dumps({"error": [type(error).__name__, error.message]})


def encode_surprise(trace: str) -> bytes:
    """An exception that no reader foresaw."""
    return orjson.dumps({"surprise": trace[-4000:].encode("utf-8", "replace").decode()})


def decode(answer: bytes) -> Parsed:
    """Raises the child's error, or `ParserCrashed` if the answer is not one."""
    try:
        said = orjson.loads(answer)
        if "parsed" in said:
            return _parsed(*said["parsed"])
        failure = _failure(said)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as broken:
        raise errors.ParserCrashed("The reader gave an answer that makes no sense.") from broken
    raise failure


def decode_picture(answer: bytes) -> Picture:
    """As `decode`."""
    head, _, pixels = answer.partition(b"\n")
    try:
        said = orjson.loads(head)
        if "picture" in said:
            width, height, points = said["picture"]
            return _picture(width, height, points, pixels)
        failure = _failure(said)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as broken:
        raise errors.ParserCrashed("The reader gave an answer that makes no sense.") from broken
    raise failure


def decode_page(answer: bytes) -> PageImage:
    """As `decode`."""
    head, _, png = answer.partition(b"\n")
    try:
        said = orjson.loads(head)
        if "page" in said:
            width, height, points, pages = said["page"]
            return _page(width, height, points, pages, png)
        failure = _failure(said)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as broken:
        raise errors.ParserCrashed("The reader gave an answer that makes no sense.") from broken
    raise failure


def _failure(said: dict[str, Any]) -> errors.DiglotError:
    """A surprise is the file's fault as far as anyone can tell, and reading it again would end the same way."""
    if "surprise" in said:
        log.warning("a reader failed unforeseen: %s", _text(said["surprise"])[-4000:])
        return errors.FileDamaged("The file could not be read; it is probably damaged.")
    name, message = said["error"]
    return _ERRORS.get(name, errors.ParseFailed)(_text(message)[:1000])


def longest_answer(limits: ParseLimits) -> int:
    """Bytes: three for a character, a third again for places, and a floor for small limits."""
    return 4 * limits.output_characters + (32 << 20)


def count_parts(parsed: Parsed) -> int:
    return sum(1 + len(block.anchor.boxes) + 2 * len(block.spans) for block in parsed.blocks)


def _packed_block(block: Block) -> list[Any]:
    spans = [(span.start, span.end, _packed_anchor(span.anchor)) for span in block.spans]
    return [block.kind, block.text, _packed_anchor(block.anchor), block.level, block.rows, spans, block.gap]


def _packed_anchor(anchor: Anchor) -> dict[str, Any]:
    values = zip(Anchor._fields, anchor, strict=True)
    packed: dict[str, Any] = {name: value for name, value in values if value is not None and value != ()}
    if anchor.boxes:
        # The encoder knows tuples, but not tuples with names.
        packed["boxes"] = [tuple(box) for box in anchor.boxes]
    return packed


def _parsed(blocks: Any, title: Any, page_count: Any, notes: Any, scans: Any) -> Parsed:
    return Parsed(
        tuple(_block(*packed) for packed in _list(blocks, MOST_PARTS)),
        title=None if title is None else _text(title),
        page_count=None if page_count is None else _number(page_count),
        notes=tuple(_text(note) for note in _list(notes, 1000)),
        scans=tuple(_number(page) for page in _list(scans, MOST_PARTS)),
    )


def _picture(width: Any, height: Any, points: Any, pixels: bytes) -> Picture:
    if _number(width) * _number(height) != len(pixels) or not pixels:
        raise ValueError("pixels that are not those of the picture")
    if not isinstance(points, (int, float)) or not 0 < points < 1000:
        raise ValueError("pixels of no size")
    return Picture(width, height, pixels, points)


def _page(width: Any, height: Any, points: Any, pages: Any, png: bytes) -> PageImage:
    if pages_png.size(png) != (_number(width), _number(height)):
        raise ValueError("a PNG that is not that of the page")
    if not isinstance(points, (int, float)) or not 0 < points < 1_000_000:
        raise ValueError("pixels of no size")
    return PageImage(png, width, height, points, _number(pages))


def _block(kind: Any, text: Any, anchor: Any, level: Any, rows: Any, spans: Any, gap: Any) -> Block:
    return Block(
        BlockKind(kind),
        _text(text),
        _anchor(anchor),
        level=_number(level),
        rows=tuple(tuple(_text(cell) for cell in row) for row in _list(rows, len(text) + 1)),
        spans=_spans(_list(spans, MOST_PARTS), len(text)),
        gap=_text(gap),
    )


def _spans(packed: list[Any], length: int) -> tuple[Span, ...]:
    spans = []
    reached = 0
    for start, end, anchor in packed:
        if not reached <= _number(start) <= _number(end) <= length:
            raise ValueError("spans out of order")
        spans.append(Span(start, end, _anchor(anchor)))
        reached = end
    return tuple(spans)


def _anchor(packed: Any) -> Anchor:
    fields: dict[str, Any] = {}
    for name, value in packed.items():
        if name in _NUMBERS:
            fields[name] = _number(value)
        elif name == "boxes":
            fields[name] = tuple(_box(*box) for box in _list(value, MOST_PARTS))
        elif name == "headings":
            fields[name] = tuple(_text(title) for title in _list(value, 100))
        else:
            fields[name] = _text(value)
    return Anchor(**fields)


def _box(page: Any, *sides: Any) -> Box:
    if not all(isinstance(side, (int, float)) for side in sides):
        raise TypeError("a side of a box is not a number")
    return Box(_number(page), *sides)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value.replace("\x00", "")


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 40:
        raise TypeError("not a count")
    return value


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise TypeError("not a list of a reasonable length")
    return value
