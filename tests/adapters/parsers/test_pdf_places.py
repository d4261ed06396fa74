"""Places of chunks of real PDFs: what the engine reads inside a chunk's boxes is the chunk's text."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pytest

from diglot.adapters.parsers.pdf.frame import Frame
from diglot.adapters.parsers.pdf.lines import cleaned
from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import Box
from diglot.domain.rules import AUTOMATIC
from diglot.ingestion.splitting import split_document
from tests.adapters.parsers.reading_here import parsed

DOCUMENTS = Path(__file__).parents[3].parent / "shared" / "documents"
PDFS = sorted(DOCUMENTS.glob("*.pdf"))
_WORD = re.compile(r"[^\W_]+")

pytestmark = pytest.mark.skipif(not PDFS, reason=f"there are no development documents at {DOCUMENTS}")


def letters(text: str) -> str:
    return "".join(_WORD.findall(text)).lower()


class Pages:
    """What the engine reads in a box, less what its neighbours' tails reach into."""

    def __init__(self, path: Path) -> None:
        self.document = pdfium.PdfDocument(path)
        self.page = cache(lambda number: self.document[number - 1])
        self.text = cache(lambda number: self.page(number).get_textpage())

    def inside(self, box: Box) -> str:
        edge = min((box.bottom - box.top) / 5, 1.5)
        narrow = box._replace(top=box.top + edge, bottom=box.bottom - edge)
        page = self.page(box.page)
        left, bottom, right, top = page.get_bbox()
        sides = in_user_space(Frame(left, bottom, right, top, page.get_rotation() // 90), narrow)
        return cleaned(self.text(box.page).get_text_bounded(*sides))


def in_user_space(frame: Frame, box: Box) -> tuple[float, float, float, float]:
    assert frame.quarters == 0, "no document here is turned"
    return frame.left + box.left, frame.top - box.bottom, frame.left + box.right, frame.top - box.top


def is_there(draft: ChunkDraft, found: str) -> bool:
    """Cells of a table may be repeated, so that its words are looked for one by one."""
    wanted, had = letters(draft.content), letters(found)
    return wanted in had or all(word.lower() in had for word in _WORD.findall(draft.content))


def chunks() -> Iterator[tuple[str, ChunkDraft, str]]:
    for path in PDFS:
        pages = Pages(path)
        for draft in split_document(parsed(path.name, path.read_bytes()), AUTOMATIC):
            boxes = [box for anchor in draft.anchors for box in anchor.boxes]
            yield path.name, draft, "\n".join(map(pages.inside, boxes))


def test_boxes_hold_the_text_of_their_chunk() -> None:
    found = list(chunks())
    missing = [(name, draft.content[:80]) for name, draft, text in found if not is_there(draft, text)]
    assert len(found) > 100
    assert len(missing) <= 0.02 * len(found), missing
