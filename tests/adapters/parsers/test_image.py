"""Images: pages to recognise, upright, in grey, no larger than they may be."""

import io
import struct
import sys
import zlib

import pytest
from PIL import Image

from diglot.adapters.parsers import wire
from diglot.adapters.parsers.reading import picture
from diglot.domain.errors import FileDamaged, LimitExceeded, MethodUnavailable
from diglot.domain.picture import Picture
from diglot.ports.parser import ParseLimits
from tests.adapters.parsers.reading_here import parsed

BLACK, WHITE = 0, 255


def an_image(mode: str = "L", size: tuple[int, int] = (40, 20)) -> Image.Image:
    """White, with a black upper left quarter."""
    image = Image.new("L", size, WHITE)
    image.paste(BLACK, (0, 0, size[0] // 2, size[1] // 2))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    into = io.BytesIO()
    image.save(into, kind, **options)
    return into.getvalue()


def seen(name: str, content: bytes, page: int = 1, limits: ParseLimits | None = None) -> Picture:
    return wire.decode_picture(picture(name, content, limits or ParseLimits(), page))


def shade(found: Picture, left: float, top: float) -> int:
    """At a place given as shares of the whole."""
    return found.pixels[int(top * found.height) * found.width + int(left * found.width)]


def corners(found: Picture) -> list[bool]:
    """Which are dark: upper left, upper right, lower left, lower right."""
    return [shade(found, left, top) < 100 for top in (0.2, 0.8) for left in (0.2, 0.8)]


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "tiff", "bmp", "webp"])
@pytest.mark.parametrize("mode", ["L", "RGB", "1"])
def test_every_kind_is_one_page_whatever_its_name(kind: str, mode: str) -> None:
    content = saved(an_image(mode if (kind, mode) != ("webp", "1") else "RGB"), kind)
    for name in (f"a.{kind}", "a.png", "nameless"):
        result = parsed(name, content)
        assert (result.blocks, result.scans, result.page_count) == ((), (1,), 1)
        found = seen(name, content)
        assert (found.width, found.height) == (40, 20)
        assert corners(found) == [True, False, False, False]


@pytest.mark.parametrize("mode", ["LA", "RGBA", "P", "I;16", "CMYK", "F", "I"])
def test_every_mode_becomes_grey(mode: str) -> None:
    image = an_image() if mode == "I;16" else an_image(mode)
    if mode == "I;16":
        image = image.convert("I").point(lambda shade: shade * 200).convert("I;16")
    assert corners(seen("a.tif", saved(image, "tiff"))) == [True, False, False, False]


def test_what_can_be_seen_through_is_white() -> None:
    clear = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    assert corners(seen("a.png", saved(clear, "png"))) == [False] * 4


@pytest.mark.parametrize(
    ("orientation", "dark"),
    [(1, 0), (3, 3), (6, 1), (8, 2)],
)
def test_it_is_turned_as_the_camera_was_held(orientation: int, dark: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = seen("a.jpg", saved(an_image("RGB"), "jpeg", exif=exif, quality=95))
    assert (found.width, found.height) == ((20, 40) if orientation in {6, 8} else (40, 20))
    assert [place for place, is_dark in enumerate(corners(found)) if is_dark] == [dark]


@pytest.mark.parametrize(("dots", "points"), [((144, 144), 0.5), ((300, 300), 0.24), ((1, 1), 1.0), (None, 1.0)])
def test_a_pixel_is_as_large_as_the_file_says(dots: tuple[int, int] | None, points: float) -> None:
    options = {"dpi": dots} if dots else {}
    assert seen("a.png", saved(an_image(), "png", **options)).points == pytest.approx(points, rel=0.01)


def test_each_page_of_a_tiff_is_a_page() -> None:
    pages = [an_image(size=(40 + 10 * number, 20)) for number in range(3)]
    content = saved(pages[0], "tiff", save_all=True, append_images=pages[1:])
    assert parsed("a.tif", content).scans == (1, 2, 3)
    assert [seen("a.tif", content, page).width for page in (1, 2, 3)] == [40, 50, 60]
    with pytest.raises(LimitExceeded, match="more than 2 pages"):
        parsed("a.tif", content, ParseLimits(pages=2))


def test_of_what_moves_the_first_frame_is_read_and_a_note_says_so() -> None:
    frames = [an_image(), Image.new("L", (40, 20), BLACK)]
    content = saved(frames[0], "gif", save_all=True, append_images=frames[1:])
    result = parsed("a.gif", content)
    assert (result.scans, result.notes) == ((1,), ("Of the moving image, only the first frame was read.",))
    assert corners(seen("a.gif", content)) == [True, False, False, False]


def test_a_large_image_is_made_smaller_and_keeps_its_size_on_paper() -> None:
    found = seen("a.png", saved(an_image(size=(8000, 4000)), "png", dpi=(300, 300)))
    assert found.width * found.height <= 16_000_000
    assert found.width * found.points == pytest.approx(8000 * 0.24, rel=0.01)
    assert corners(found) == [True, False, False, False]


def a_bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises more pixels than anybody wants."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(10_001, 10_000), (60_000, 60_000), (2_000_000_000, 1_000_000_000)])
def test_a_bomb_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    with pytest.raises(LimitExceeded, match=r"more than 100,000,000 pixels\.$"):
        parsed("a.png", a_bomb(*size))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
        ("a.gif", b"GIF89a\x01\x00"),
        ("a.tif", b"II*\x00\x08\x00\x00\x00\xff\xff"),
        ("a.bmp", b"no picture at all"),
        ("a.webp", b"RIFF\x1a\x00\x00\x00WEBPVP8L"),
    ],
)
def test_what_is_no_image_says_so(name: str, content: bytes) -> None:
    with pytest.raises(FileDamaged, match=r"^The file is damaged: its? .*\.$"):
        parsed(name, content)


@pytest.mark.parametrize("kind", ["png", "jpeg", "tiff"])
def test_a_truncated_image_is_damaged(kind: str) -> None:
    whole = saved(Image.effect_noise((200, 200), 90), kind)
    with pytest.raises(FileDamaged, match="cannot be decoded"):
        seen(f"a.{kind}", whole[: len(whole) // 2] if kind != "tiff" else whole[:20_000] + b"\x00" * 5)


def test_without_the_extra_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    content = saved(an_image(), "png")
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(MethodUnavailable, match=r"the extra `diglot\[ocr\]`, which is not installed\.$"):
        parsed("a.png", content)
