"""A page of a PDF as it is seen."""

import math

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.pdf import opened
from diglot.adapters.parsers.pdf.fonts import use_system_fonts
from diglot.adapters.parsers.source import Source
from diglot.domain.errors import FileDamaged, LimitExceeded
from diglot.domain.picture import Picture

DOTS = 200
"""To an inch: letters of 8 points are 22 pixels high, enough to tell them apart."""

MOST_PIXELS = 16_000_000
"""Of a rendered page; a larger one (A3 has 7.7 million) is shown with fewer dots."""

POINTS_AN_INCH = 72


def picture(source: Source, page: int) -> Picture:
    """A page by its number, in grey. `FileDamaged`, `LimitExceeded`"""
    use_system_fonts(True)
    document = opened(source)
    try:
        return render(document, page, DOTS, MOST_PIXELS)
    finally:
        document.close()


def render(document: pdfium.PdfDocument, page: int, dots: float, most_pixels: int) -> Picture:
    try:
        shown = document[page - 1]
    except (pdfium.PdfiumError, IndexError) as broken:
        raise FileDamaged(f"Page {page} is damaged.") from broken
    width, height = shown.get_size()
    scale = _scale(width, height, dots / POINTS_AN_INCH, most_pixels)
    bitmap = shown.render(scale=scale, grayscale=True, may_draw_forms=False)
    pixels = _rows(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)
    return Picture(bitmap.width, bitmap.height, pixels, 1 / scale)


def _scale(width: float, height: float, wanted: float, most_pixels: int) -> float:
    """Pixels a point."""
    area = width * height
    if not (math.isfinite(area) and area > 0):
        raise FileDamaged("The page has no size.")
    scale = min(wanted, math.sqrt(most_pixels / area))
    if min(width, height) * scale < 1:
        raise LimitExceeded("The page is too long and narrow to be shown.")
    return scale


def _rows(buffer: bytes, width: int, height: int, stride: int) -> bytes:
    """Without the bytes that the engine puts behind each row."""
    if stride == width:
        return buffer
    return b"".join(buffer[start : start + width] for start in range(0, stride * height, stride))
