"""The place that a chunk names holds the chunk: of every development document of a kind."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import python_calamine as calamine

from diglot.adapters.parsers.encodings import decode, decode_markup
from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import Anchor, BlockKind, Parsed
from diglot.domain.rules import AUTOMATIC, ChunkingRules, CleaningRules, RuleMode
from diglot.ingestion.splitting import split_document
from tests.adapters.parsers.reading_here import parsed, running_text

DOCUMENTS = Path(__file__).parents[3] / "../shared/documents"
AS_IT_STANDS = (
    ChunkingRules(RuleMode.CUSTOM, CleaningRules(remove_extra_spaces=False), "\n", 60, 10),
    ChunkingRules(RuleMode.CUSTOM, CleaningRules(remove_extra_spaces=False), "\n\n", 200, 0),
)
_WORD = re.compile(r"[^\W_]+")

pytestmark = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"there are no development documents at {DOCUMENTS}")


def of_kind(*endings: str) -> list[Path]:
    return sorted(path for path in DOCUMENTS.glob("*") if path.suffix in endings and ".truth." not in path.name)


def chunks(path: Path) -> Iterator[tuple[Parsed, ChunkDraft, bool]]:
    """With each whether its text is that of the document, not cleaned."""
    document = parsed(path.name, path.read_bytes())
    for rules in (AUTOMATIC, *AS_IT_STANDS):
        for draft in split_document(document, rules):
            assert draft.anchors, draft.content
            yield document, draft, rules is not AUTOMATIC


def cut(text: str, anchors: tuple[Anchor, ...]) -> str:
    return "".join(text[anchor.start : anchor.end] for anchor in anchors)


def squeezed(text: str) -> str:
    return "".join(text.split())


def check(found: str, draft: ChunkDraft, is_exact: bool) -> None:
    """Where cleaning changed much, a place is as wide as the paragraph."""
    wanted = squeezed(draft.content)
    assert found == wanted if is_exact else wanted in found


@pytest.mark.parametrize("path", of_kind(".md", ".mdx", ".txt", ".py"), ids=lambda path: path.name)
def test_a_text_is_cut_where_its_chunks_say(path: Path) -> None:
    source = decode(path.read_bytes())
    for _, draft, is_exact in chunks(path):
        check(squeezed(cut(source, draft.anchors)), draft, is_exact)


@pytest.mark.parametrize("path", of_kind(".docx"), ids=lambda path: path.name)
def test_a_word_document_is_cut_where_its_chunks_say(path: Path) -> None:
    for document, draft, is_exact in chunks(path):
        check(squeezed(cut(running_text(document), draft.anchors)), draft, is_exact)
        headings = {block.text[:200] for block in document.blocks if block.kind is BlockKind.HEADING}
        assert all(set(anchor.headings) <= headings for anchor in draft.anchors)


@pytest.mark.parametrize("path", of_kind(".html"), ids=lambda path: path.name)
def test_the_markup_of_a_chunk_holds_its_words(path: Path) -> None:
    source = decode_markup(path.read_bytes())
    # Pictures may stand before or behind all the text of a block; the numbers of lists stand nowhere.
    described = set(_WORD.findall(" ".join(re.findall('alt="([^"]*)"', source))))
    for _, draft, _ in chunks(path):
        found = squeezed(re.sub(r"<!--.*?-->|<[^>]*>", "", unescape(cut(source, draft.anchors)), flags=re.S))
        missing = [word for word in _WORD.findall(draft.content) if word not in found and word not in described]
        assert not [word for word in missing if not word.isdecimal()]


@pytest.mark.parametrize("path", of_kind(".xlsx", ".xls", ".ods"), ids=lambda path: path.name)
def test_the_cells_of_a_chunk_hold_its_values(path: Path) -> None:
    workbook = calamine.CalamineWorkbook.from_path(path)
    for _, draft, _ in chunks(path):
        found = squeezed(
            "".join(value for anchor in draft.anchors for value in [*values(workbook, anchor), anchor.sheet or ""])
        )
        assert not [word for word in _WORD.findall(draft.content) if word not in found]


def values(workbook: calamine.CalamineWorkbook, anchor: Anchor) -> Iterator[str]:
    assert anchor.sheet is not None
    sheet = workbook.get_sheet_by_name(anchor.sheet)
    rows = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])
    if anchor.cells is None:
        return
    corners = re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", anchor.cells)
    assert corners is not None
    for row in rows[int(corners[2]) - 1 : int(corners[4])]:
        for value in row[number(corners[1]) - 1 : number(corners[3])]:
            yield f"{value:g}" if isinstance(value, float) else str(value)


def number(letters: str) -> int:
    total = 0
    for letter in letters:
        total = total * 26 + ord(letter) - 64
    return total
