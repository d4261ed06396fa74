"""Pages as pictures, and the places of chunks on them."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageStat

from diglot.adapters.parsers import wire
from diglot.adapters.pictures.local import LocalPictures
from diglot.domain.document import Document
from diglot.domain.errors import FileDamaged, ParserCrashed
from diglot.domain.picture import PageImage
from diglot.library.documents import DocumentChange
from tests.adapters.parsers.crafting import Piece, docx, paragraph, pdf, pdf_of_contents
from tests.dialects.native.conftest import API, DOCUMENTS, Shelf
from tests.house import a_client, a_house, finish

PAPER = "paper_two_column_acl.pdf"
SIDEWAYS = b"/Rotate 90 /MediaBox"


def _get(shelf: Shelf, document: Document, rest: str, **headers: str) -> Any:
    return shelf.client.get(f"{API}/documents/{document.id}/{rest}", headers=headers)


def _picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("L")


def _png(width: int = 600, height: int = 300, kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(made, kind)
    return made.getvalue()


def _words(*lines: str) -> bytes:
    return pdf([[Piece(72, 720 - 40 * number, line) for number, line in enumerate(lines)]])


@pytest.fixture(scope="module")
def paper(shelf: Shelf) -> Document:
    if not DOCUMENTS.is_dir():
        pytest.skip(f"there are no development documents at {DOCUMENTS}")
    return shelf.read(PAPER, (DOCUMENTS / PAPER).read_bytes())


def test_a_page_is_as_wide_as_asked_for(shelf: Shelf, paper: Document) -> None:
    for width in (100, 1000):
        answer = _get(shelf, paper, f"pages/2.png?width={width}")
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["cache-control"] == "private, no-cache"
        shown = _picture(answer.content)
        assert shown.width == width
        # White paper with black words.
        assert 150 < ImageStat.Stat(shown).mean[0] < 250
        assert shown.getextrema()[0] < 90


def test_chunks_stand_where_their_ink_is(shelf: Shelf, paper: Document) -> None:
    places = _get(shelf, paper, "pages/1.json?width=1200").json()
    shown = _picture(_get(shelf, paper, "pages/1.png?width=1200").content)
    assert (places["page"], places["pages"]) == (1, 15)
    assert (places["width"], places["height"]) == shown.size
    assert [one["position"] for one in places["chunks"]] == sorted(one["position"] for one in places["chunks"])
    boxes = [box for one in places["chunks"] for box in one["boxes"]]
    assert len(boxes) > 20
    inked = [box for box in boxes if shown.crop(tuple(map(round, box))).getextrema()[0] < 128]
    assert len(inked) == len(boxes)
    for left, top, right, bottom in boxes:
        shown.paste(255, (int(left) - 2, int(top) - 2, int(right) + 3, int(bottom) + 3))
    # What is left is figures and what runs through all pages.
    assert ImageStat.Stat(shown).mean[0] > 250


def test_chunks_of_a_page_are_the_document_s(shelf: Shelf, paper: Document) -> None:
    chunks = shelf.house.chunks.list(shelf.house.keys.owner(), shelf.dataset.id, paper.id).items
    on_third = [one.id for one in chunks if any(box.page == 3 for anchor in one.anchors for box in anchor.boxes)]
    assert [one["chunk_id"] for one in _get(shelf, paper, "pages/3.json").json()["chunks"]] == on_third


def test_a_page_that_is_turned(shelf: Shelf) -> None:
    content = _words("sideways words here").replace(b"/MediaBox", SIDEWAYS)
    document = shelf.read("turned.pdf", content)
    places = _get(shelf, document, "pages/1.json?width=800").json()
    shown = _picture(_get(shelf, document, "pages/1.png?width=800").content)
    assert places["width"] > places["height"]
    [box] = places["chunks"][0]["boxes"]
    assert shown.crop(tuple(map(round, box))).getextrema()[0] < 128
    shown.paste(255, tuple(round(side + grown) for side, grown in zip(box, (-2, -2, 2, 2), strict=True)))
    assert shown.getextrema()[0] > 200


def test_whoever_has_it_is_told_so(shelf: Shelf, paper: Document) -> None:
    first = _get(shelf, paper, "pages/1.png")
    again = _get(shelf, paper, "pages/1.png", **{"if-none-match": f'"x", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = _get(shelf, paper, "pages/1.png?width=500", **{"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


def test_a_picture_is_kept(shelf: Shelf, paper: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _get(shelf, paper, "pages/4.png").content

    def none(*_: object) -> PageImage:
        raise AssertionError("it was made again")

    monkeypatch.setattr(shelf.house.parser, "page_image", none)
    assert _get(shelf, paper, "pages/4.png").content == first
    assert _get(shelf, paper, "pages/4.json").status_code == 200


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP"])
def test_a_picture_file_is_its_own_page(shelf: Shelf, kind: str) -> None:
    document = shelf.add(f"a.{kind.lower()}", _png(kind=kind))
    small = Image.open(io.BytesIO(_get(shelf, document, "pages/1.png?width=300").content))
    assert (small.size, small.mode) == ((300, 150), "RGB")
    assert all(abs(got - made) < 8 for got, made in zip(small.getpixel((9, 9)), (200, 30, 30), strict=True))
    # Never larger than it is.
    assert _get(shelf, document, "pages/1.json").json()["width"] == 600
    assert _get(shelf, document, "pages/2.png").json()["error"]["code"] == "page_not_found"


def test_what_can_be_seen_through_is_white(shelf: Shelf) -> None:
    made = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(made, "PNG")
    document = shelf.add("clear.png", made.getvalue())
    assert _picture(_get(shelf, document, "pages/1.png").content).getextrema() == (255, 255)


def test_a_thumbnail_is_small(shelf: Shelf, paper: Document) -> None:
    answer = _get(shelf, paper, "thumbnail.png")
    assert max(Image.open(io.BytesIO(answer.content)).size) == 256
    assert _get(shelf, paper, "thumbnail.png", **{"if-none-match": answer.headers["etag"]}).status_code == 304
    wide = shelf.add("wide.png", _png(1000, 100))
    assert Image.open(io.BytesIO(_get(shelf, wide, "thumbnail.png").content)).size == (256, 26)


@pytest.mark.parametrize("rest", ["pages/1.png", "pages/1.json", "thumbnail.png"])
@pytest.mark.parametrize(("name", "content"), [("a.docx", docx(paragraph("words"))), ("a.txt", b"words")])
def test_what_has_no_pages_says_so(shelf: Shelf, name: str, content: bytes, rest: str) -> None:
    answer = _get(shelf, shelf.add(name, content), rest)
    assert answer.status_code == 404
    assert answer.json() == {
        "error": {"code": "no_pages", "message": "A document of this kind has no pages that could be shown."}
    }


@pytest.mark.parametrize("page", ["0", "16", "-1", "x", "9999999", "1.5", "%D9%A1"])
def test_pages_that_are_not_there(shelf: Shelf, paper: Document, page: str) -> None:
    for kind in ("png", "json"):
        answer = _get(shelf, paper, f"pages/{page}.{kind}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "page_not_found")


@pytest.mark.parametrize("query", ["width=15", "width=4001", "width=x", "height=3"])
def test_queries_that_are_refused(shelf: Shelf, paper: Document, query: str) -> None:
    answer = _get(shelf, paper, f"pages/1.png?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]["argument"] == query.partition("=")[0]


def test_paths_and_methods_that_are_not_there(shelf: Shelf, paper: Document) -> None:
    assert _get(shelf, paper, "pages/1.gif").json()["error"]["code"] == "not_found"
    assert shelf.client.get("/diglot/v1").json()["error"]["code"] == "not_found"
    refused = shelf.client.post(f"{API}/documents/{paper.id}/pages/1.png")
    assert (refused.status_code, refused.json()["error"]["code"]) == (405, "method_not_allowed")


def _of_size(size: bytes) -> bytes:
    return _words("words").replace(b"/MediaBox [0 0 600 800]", b"/MediaBox [0 0 " + size + b"]")


HOSTILE = {
    "damaged.pdf": (b"%PDF-1.7\nnothing follows", "file_damaged"),
    "noodle.pdf": (_of_size(b"0.001 100000000"), "limit_exceeded"),
    "operators.pdf": (
        pdf_of_contents([b"BT /F1 9 Tf " + b"(words words) Tj " * 2_500_000 + b"ET"]),
        "limit_exceeded",
    ),
    "half.png": (_png()[:200], "file_damaged"),
    "bomb.png": (_png(20_000, 6_000), "limit_exceeded"),
}


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with a_house(
        tmp_path_factory.mktemp("strict"), ocr="off", parse_seconds=3.0, parse_memory_bytes=400_000_000
    ) as house:
        yield Shelf(house, a_client(house), house.datasets.create(house.keys.owner(), "strict"))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_told_of(strict: Shelf, name: str) -> None:
    content, code = HOSTILE[name]
    document = strict.add(name, content)
    for rest in ("pages/1.png?width=4000", "pages/1.json", "thumbnail.png"):
        answer = _get(strict, document, rest)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    # The next one is served by the same house.
    assert _get(strict, strict.add("b.pdf", _words("words")), "pages/1.png").status_code == 200


def test_an_enormous_page_is_shown_smaller(strict: Shelf) -> None:
    document = strict.add("enormous.pdf", _of_size(b"14400 14400"))
    shown = _get(strict, document, "pages/1.json?width=4000").json()
    assert shown["width"] == shown["height"] == 4000
    long = strict.add("long.pdf", _of_size(b"200 14400"))
    shown = _get(strict, long, "pages/1.json?width=4000").json()
    assert shown["width"] * shown["height"] <= 17_000_000
    assert shown["height"] / shown["width"] == pytest.approx(72, rel=0.01)


def test_the_file_that_serves_is_shown(shelf: Shelf) -> None:
    """While a newer one is read, chunks and pictures are of the older."""
    document = shelf.read("report.pdf", _words("the first report"))
    before = _get(shelf, document, "pages/1.png")
    change = DocumentChange(content=[_words("the second", "is longer")], file_name="report.pdf")
    shelf.house.documents.update(shelf.house.keys.owner(), shelf.dataset.id, document.id, change)
    assert _get(shelf, document, "pages/1.png").headers["etag"] == before.headers["etag"]
    finish(shelf.house)
    after = _get(shelf, document, "pages/1.png")
    assert after.headers["etag"] != before.headers["etag"]
    assert after.content != before.content


def test_without_a_revision_there_are_no_chunks(shelf: Shelf) -> None:
    document = shelf.add("waiting.pdf", _words("not read yet"))
    assert _get(shelf, document, "pages/1.json").json()["chunks"] == []


def test_old_pictures_make_room(tmp_path: Path) -> None:
    pictures = LocalPictures(tmp_path, most_bytes=10_000)
    image = PageImage(bytes(900), 10, 10, 1.0, 1)
    for page in range(1, 41):
        pictures.put("ab" * 32, page, (10, 10), image)
        assert pictures.get("ab" * 32, 1, (10, 10)) == image
    left = sum(path.stat().st_size for path in tmp_path.rglob("*.png"))
    assert 0 < left <= 10_000 + 1000
    assert pictures.get("ab" * 32, 40, (10, 10)) == image
    assert pictures.get("ab" * 32, 20, (10, 10)) is None
    pictures.forget("ab" * 32)
    assert list(tmp_path.rglob("*.png")) == []


def test_a_child_that_answers_something_else_is_not_believed() -> None:
    image = PageImage(_png(30, 20), 30, 20, 0.5, 3)
    assert wire.decode_page(wire.encode_page(image)) == image
    with pytest.raises(FileDamaged):
        wire.decode_page(wire.encode_error(FileDamaged("broken")))
    for png, width in ((b"<svg/>", 30), (_png(30, 20), 31), (b"", 0)):
        with pytest.raises(ParserCrashed):
            wire.decode_page(wire.encode_page(PageImage(png, width, 20, 0.5, 3)))
