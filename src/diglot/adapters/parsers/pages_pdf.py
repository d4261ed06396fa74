"""A page of a PDF for people."""

import math

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers import pages_png
from diglot.adapters.parsers.pdf import opened
from diglot.adapters.parsers.pdf.fonts import use_system_fonts
from diglot.adapters.parsers.source import Source
from diglot.domain.errors import FileDamaged, LimitExceeded, PageNotFound
from diglot.domain.picture import PageImage

MOST_PIXELS = 16_000_000


def page_image(source: Source, page: int, most_width: int, most_height: int) -> PageImage:
    use_system_fonts(True)
    document = opened(source)
    try:
        if page > len(document):
            raise PageNotFound
        try:
            shown = document[page - 1]
        except pdfium.PdfiumError as broken:
            raise FileDamaged(f"Page {page} is damaged.") from broken
        width, height = shown.get_size()
        scale = _scale(width, height, most_width, most_height)
        bitmap = shown.render(scale=scale, rev_byteorder=True)
        if bitmap.n_channels != 3:
            raise FileDamaged(f"Page {page} cannot be shown.")
        png = pages_png.encode(bitmap.width, bitmap.height, bytes(bitmap.buffer), bitmap.stride)
        return PageImage(png, bitmap.width, bitmap.height, 1 / scale, len(document))
    finally:
        document.close()


def _scale(width: float, height: float, most_width: int, most_height: int) -> float:
    """Pixels a point, so that the page fits."""
    if not (math.isfinite(width * height) and width > 0 and height > 0):
        raise FileDamaged("The page has no size.")
    scale = min(most_width / width, most_height / height, math.sqrt(MOST_PIXELS / (width * height)))
    if min(width, height) * scale < 1:
        raise LimitExceeded("The page is too long and narrow to be shown.")
    # The engine rounds up: a hair more than the width that was asked for would be a pixel more.
    return scale * (1 - 1e-9)
