"""Real scans and images: what is recognised of them, in which order, and where it says that it stands."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from benchmarks.parsing import DOCUMENTS, judge
from diglot.adapters.ocr.choosing import AUTO, choose
from diglot.adapters.parsers.sandbox import SandboxedParser
from diglot.domain.parsed import Parsed
from diglot.domain.picture import Picture
from diglot.ingestion.recognising import OcrLimits, PageReader, recognise
from diglot.ports.ocr import Ocr
from diglot.ports.parser import ParseLimits

pytestmark = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"there are no development documents at {DOCUMENTS}")


@pytest.fixture(scope="module")
def parser() -> Iterator[SandboxedParser]:
    with closing(SandboxedParser()) as parser:
        yield parser


@pytest.fixture(scope="module")
def ocr() -> Iterator[Ocr]:
    with closing(choose(AUTO, "chi_sim+eng", 4_000_000_000)) as ocr:
        yield ocr


def read(name: str, parser: SandboxedParser, ocr: Ocr) -> Parsed:
    path, limits = DOCUMENTS / name, ParseLimits()

    def show(page: int) -> Picture:
        return parser.picture(path, name, page, limits, lambda: False)

    reader = PageReader(ocr, OcrLimits().page_seconds, show, lambda: False)
    parsed = parser.parse(path, name, limits, lambda: False)
    return recognise(parsed, OcrLimits().pages, reader.read, lambda _: None)


def test_clean_scans_are_read_well_and_in_order() -> None:
    scores = {score.name: score for score in judge(["en_scan_two_column", "ocr_test", "zh_scan_law"])}
    assert len(scores) == 3
    # What the law lacks are its page numbers, and spaces that the print does not show.
    assert {name: score.f1 for name, score in scores.items() if score.f1 < 0.965} == {}
    assert {name: score.order for name, score in scores.items() if score.order < 0.965} == {}


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        ("zh_ocr_test.pdf", ["我是文字", "横向文本框", "English text"]),
        ("ch_en_num.jpg", ["正品促销", "大桶装更划算", "-40℃深度防冻不结冰"]),
        ("chi_sim_image.jpeg", ["新鲜甘草黄酮养分", "适用人群：适合任何肌肤"]),
        ("zh_ocr_test.jpg", ["横向文本框", "English text"]),
    ],
)
def test_images_are_read(name: str, sentences: list[str], parser: SandboxedParser, ocr: Ocr) -> None:
    found = read(name, parser, ocr)
    text = "\n".join(block.text for block in found.blocks)
    assert [sentence for sentence in sentences if sentence not in text] == []
    assert len(text) > 10
    assert found.scans == found.notes == ()


def test_every_line_of_a_scan_says_where_it_stands(parser: SandboxedParser, ocr: Ocr) -> None:
    found = read("ocr_test.pdf", parser, ocr)
    (block,) = found.blocks
    assert [block.text[span.start : span.end].split()[0] for span in block.spans] == ["Docling", "JSON", "package"]
    for span in block.spans:
        (box,) = span.anchor.boxes
        assert box.page == 1
        # The page is 595 by 842 points, its three lines in the upper left.
        assert 60 < box.left < 80
        assert 70 < box.top < box.bottom < 160
