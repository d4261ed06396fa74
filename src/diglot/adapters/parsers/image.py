"""Pictures: nothing to read before their text is recognised. Each page of a TIFF is a page; of what moves, the first
frame is."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from diglot.adapters.parsers.source import Source
from diglot.domain.errors import FileDamaged, FileEmpty, LimitExceeded, MethodUnavailable
from diglot.domain.parsed import Parsed
from diglot.domain.picture import Picture

if TYPE_CHECKING:
    from PIL import Image

NEEDS_EXTRA = "Scans and images are read with the extra `diglot[ocr]`, which is not installed."
LEAST_PIXELS = 20_000
"""Of an image inside a file: below it there are icons and the marks of firms under their mails."""

MOST_PIXELS = 16_000_000
"""Of a picture that is handed on; a larger one is made smaller."""

_KINDS = {"bmp": "BMP", "gif": "GIF", "jpg": "JPEG", "png": "PNG", "tif": "TIFF", "webp": "WEBP"}
_MOVING = frozenset({"GIF", "PNG", "WEBP"})
_POINTS_AN_INCH = 72
_USUAL_DOTS = range(50, 1201)
"""To an inch; what is beyond them, cameras and programs wrote without knowing."""


def read(source: Source) -> Parsed:
    with opened(source) as image:
        pages = count_pages(image, source)
        if source.depth and image.width * image.height < LEAST_PIXELS:
            raise FileEmpty("The image is too small to hold text.")
    return Parsed((), page_count=pages, scans=tuple(range(1, pages + 1)))


def picture(source: Source, page: int) -> Picture:
    """In grey, turned as the camera was held."""
    from PIL import Image, ImageOps

    with opened(source) as image:
        _turn_to(image, page)
        check_size(image, source)
        side = max(image.size)
        points = points_of(image)
        image.draft("L", _shrunk(image.size))
        upright = flattened(ImageOps.exif_transpose(image), "L")
        size = _shrunk(upright.size)
        if size != upright.size:
            upright = upright.resize(size, Image.Resampling.BOX)
        return Picture(*size, upright.tobytes(), points * side / max(size))


@contextmanager
def opened(source: Source) -> Iterator[Image.Image]:
    """What the library raises while it is open is the file's fault."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError as absent:
        raise MethodUnavailable(NEEDS_EXTRA) from absent
    Image.MAX_IMAGE_PIXELS = source.limits.pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)
            with Image.open(io.BytesIO(source.content), formats=[_KINDS[source.extension]]) as image:
                yield image
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise _too_large(source) from bomb
    except UnidentifiedImageError as foreign:
        raise FileDamaged("The file is damaged: it is not a complete image.") from foreign
    except (OSError, EOFError, SyntaxError, ValueError, TypeError, KeyError, IndexError, ArithmeticError) as broken:
        raise FileDamaged("The file is damaged: its image cannot be decoded.") from broken


def count_pages(image: Image.Image, source: Source) -> int:
    check_size(image, source)
    if image.format != "TIFF":
        if image.format in _MOVING and getattr(image, "is_animated", False):
            source.note("Of the moving image, only the first frame was read.")
        return 1
    pages = 1
    while True:
        try:
            image.seek(pages)
        except EOFError:
            return pages
        check_size(image, source)
        pages += 1
        if pages > source.limits.pages:
            raise LimitExceeded(f"The file has more than {source.limits.pages:,} pages.")


def _turn_to(image: Image.Image, page: int) -> None:
    if page > 1:
        image.seek(page - 1)


def check_size(image: Image.Image, source: Source) -> None:
    if image.width * image.height > source.limits.pixels:
        raise _too_large(source)


def _too_large(source: Source) -> LimitExceeded:
    return LimitExceeded(f"The image has more than {source.limits.pixels:,} pixels.")


def points_of(image: Image.Image) -> float:
    """The side of a pixel, see `Picture`."""
    said = image.info.get("dpi")
    if not isinstance(said, tuple) or not said:
        return 1.0
    dots = float(said[0])
    return _POINTS_AN_INCH / dots if math.isfinite(dots) and round(dots) in _USUAL_DOTS else 1.0


def flattened(image: Image.Image, mode: str) -> Image.Image:
    """In grey ("L") or colour ("RGB"), and white where it can be seen through."""
    from PIL import Image

    if image.mode in {"LA", "PA", "RGBA", "La", "RGBa"} or "transparency" in image.info:
        clear = image.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(white, clear).convert(mode)
    return (_from_wide(image) if image.mode.startswith(("I", "F")) else image).convert(mode)


def _from_wide(image: Image.Image) -> Image.Image:
    """Shades of more than eight bits, spread over what eight can tell."""
    low, high = (float(end) for end in image.convert("F").getextrema())  # type: ignore[arg-type]  # a pair: one band
    scale = 255 / (high - low) if high > low else 0.0
    return image.convert("F").point(lambda shade: shade * scale - low * scale).convert("L")


def _shrunk(size: tuple[int, int]) -> tuple[int, int]:
    width, height = size
    scale = min(1.0, math.sqrt(MOST_PIXELS / (width * height)))
    return max(1, int(width * scale)), max(1, int(height * scale))
