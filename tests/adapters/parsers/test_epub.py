"""E-books."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from diglot.domain.errors import FileDamaged, FileEmpty, FormatUnreadable, LimitExceeded
from diglot.domain.parsed import BlockKind, Parsed
from diglot.ports.parser import ParseLimits
from tests.adapters.parsers.crafting import zipped
from tests.adapters.parsers.reading_here import parsed, running_text

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
XHTML = "application/xhtml+xml"


def _epub(pages: Mapping[str, str], parts: Mapping[str, str] | None = None, items: str = "") -> bytes:
    """`pages` by their links from the package; `items` are further ones of its manifest."""
    manifest = "".join(f'<item id="i{at}" href="{link}" media-type="{XHTML}"/>' for at, link in enumerate(pages))
    spine = "".join(f'<itemref idref="i{at}"/>' for at in range(len(pages)))
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The  Book</dc:title></metadata>'
            f"<manifest>{manifest}{items}</manifest><spine>{spine}</spine></package>",
            **{f"OEBPS/{link.replace('%20', ' ')}": _page(body) for link, body in pages.items()},
            **(parts or {}),
        }
    )


def _page(body: str) -> str:
    return f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head/><body>{body}</body></html>'


def _read(content: bytes, limits: ParseLimits | None = None) -> Parsed:
    return parsed("a.epub", content, limits)


def test_pages_in_reading_order_and_headings_that_go_on() -> None:
    pages = {
        "text/z.xhtml": "<h1>Part</h1><h2>One</h2><p>a</p>",
        "text/a%20b.xhtml": "<p>b<a href='#n'>1</a></p><aside><p>a note</p></aside>",
        "c.xhtml": "<h2>Two</h2><p>c</p>",
    }
    result = _read(_epub(pages))
    assert result.title == "The Book"
    assert [(block.text, block.anchor.part, block.anchor.headings) for block in result.blocks] == [
        ("Part", "OEBPS/text/z.xhtml", ("Part",)),
        ("One", "OEBPS/text/z.xhtml", ("Part", "One")),
        ("a", "OEBPS/text/z.xhtml", ("Part", "One")),
        ("b1", "OEBPS/text/a b.xhtml", ("Part", "One")),
        ("a note", "OEBPS/text/a b.xhtml", ("Part", "One")),
        ("Two", "OEBPS/c.xhtml", ("Part", "Two")),
        ("c", "OEBPS/c.xhtml", ("Part", "Two")),
    ]


NAV = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><body><nav><ol><li><a href="a.xhtml">First</a><ol>'
    '<li><a href="b.xhtml#x">Inner</a></li></ol></li></ol></nav></body></html>'
)
NCX = (
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>First</text></navLabel>'
    '<content src="a.xhtml"/><navPoint><navLabel><text>Inner</text></navLabel><content src="b.xhtml"/></navPoint>'
    "</navPoint></navMap></ncx>"
)


@pytest.mark.parametrize(
    ("name", "contents", "item"),
    [
        ("nav.xhtml", NAV, f'<item id="n" href="nav.xhtml" media-type="{XHTML}" properties="nav"/>'),
        ("toc.ncx", NCX, '<item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'),
    ],
)
def test_pages_without_headings_are_known_by_the_table_of_contents(name: str, contents: str, item: str) -> None:
    content = _epub({"a.xhtml": "<p>a</p>", "b.xhtml": "<p>b</p>"}, {f"OEBPS/{name}": contents}, item)
    assert [(block.text, block.anchor.headings) for block in _read(content).blocks] == [
        ("a", ("First",)),
        ("b", ("First", "Inner")),
    ]


def test_a_missing_page_costs_only_itself() -> None:
    content = _epub({"a.xhtml": "<p>a</p>"}, items=f'<item id="i0" href="gone.xhtml" media-type="{XHTML}"/>')
    result = _read(_epub({"a.xhtml": "<p>a</p>", "b.xhtml": ""}, {"OEBPS/b.xhtml": ""}))
    assert running_text(result) == "a"
    assert result.notes == ("The page OEBPS/b.xhtml is missing or damaged.",)
    with pytest.raises(FileDamaged, match="none of its pages"):
        _read(content)


def test_nothing_outside_of_the_book_is_read() -> None:
    item = f'<item id="i0" href="../../../../../../etc/passwd" media-type="{XHTML}"/>'
    content = _epub({"a.xhtml": "<p>a</p>"}, {"../../etc/passwd": "<p>secret</p>"}, item)
    with pytest.raises(FileDamaged, match="none of its pages"):
        _read(content)


def _encryption(way: str) -> dict[str, str]:
    method = f'<e:EncryptedData><e:EncryptionMethod Algorithm="{way}"/></e:EncryptedData>'
    return {"META-INF/encryption.xml": f'<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#">{method}</encryption>'}


def test_a_protected_book_is_refused() -> None:
    pages = {"a.xhtml": "<p>a</p>"}
    with pytest.raises(FormatUnreadable, match=r"^The book is protected against copying \(DRM\) and cannot be read\.$"):
        _read(_epub(pages, _encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc")))
    assert running_text(_read(_epub(pages, _encryption("http://www.idpf.org/2008/embedding")))) == "a"


def test_a_book_that_says_little_of_itself() -> None:
    whole = _epub({"a.xhtml": "<p>a</p>"}, {"META-INF/container.xml": "no XML"})
    assert running_text(_read(whole)) == "a"
    with pytest.raises(FileDamaged, match="it has no book in it"):
        _read(zipped({"mimetype": "application/epub+zip"}))
    with pytest.raises(FileEmpty):
        _read(_epub({}))


def test_entities_are_not_followed() -> None:
    bomb = '<!DOCTYPE package [<!ENTITY a "aaaaaaaaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    page = _page("<p>a</p>")
    book = (
        f'{bomb}<package><title>&b;&a;</title><manifest><item id="i" href="a.xhtml" media-type="{XHTML}"/></manifest>'
        '<spine><itemref idref="i"/></spine></package>'
    )
    parts = {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": book, "OEBPS/a.xhtml": page}
    result = _read(zipped({"mimetype": "application/epub+zip", **parts}))
    assert (result.title, running_text(result)) == (None, "a")


def test_the_limits_hold_for_the_whole_book() -> None:
    pages = {f"{at}.xhtml": f"<p>{'word ' * 1000}</p>" for at in range(10)}
    with pytest.raises(LimitExceeded, match="characters of text"):
        _read(_epub(pages), ParseLimits(output_characters=20_000))
    with pytest.raises(LimitExceeded, match="unpacks to more than"):
        _read(_epub(pages), ParseLimits(unpacked_bytes=20_000))


DOCUMENTS = Path(__file__).parents[4] / "shared" / "documents"


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"there are no development documents at {DOCUMENTS}")
def test_a_real_book() -> None:
    result = _read((DOCUMENTS / "winter-sports.epub").read_bytes())
    assert result.title == "Winter Sports in Switzerland"
    assert result.notes == ()
    headings = [block.text for block in result.blocks if block.kind is BlockKind.HEADING]
    assert "CHAPTER I THE SUN-SEEKER" in headings
    # A chapter that goes on in the next file of the book.
    parts = {block.anchor.part for block in result.blocks if "CHAPTER I THE SUN-SEEKER" in block.anchor.headings}
    assert len(parts) > 1
