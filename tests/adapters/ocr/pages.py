"""Pages to recognise: text set by the PDF engine, as grey pixels."""

import io
import os
import signal

import psutil
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from PIL import Image

from diglot.adapters.parsers.pdf.rendering import render
from diglot.domain.picture import Picture
from tests.adapters.parsers.crafting import Piece, pdf

SENTENCES = ("The lighthouse stands on the cliff.", "Ships pass it every night.")


def a_page(*sentences: str, dots: float = 150) -> Picture:
    content = pdf([[Piece(72, 700 - 30 * row, text, size=14) for row, text in enumerate(sentences)]])
    document = pdfium.PdfDocument(content)
    try:
        return render(document, 1, dots, 4_000_000)
    finally:
        document.close()


def blank(width: int, height: int) -> Picture:
    return Picture(width, height, b"\xff" * (width * height))


def joined(images: list[Image.Image]) -> bytes:
    """A TIFF of them."""
    written = io.BytesIO()
    images[0].save(written, "TIFF", save_all=True, append_images=images[1:])
    return written.getvalue()


def of_sentences(sentences: list[str]) -> bytes:
    """A TIFF with one on each page."""
    shown = [a_page(sentence) for sentence in sentences]
    whole = [Image.frombytes("L", (page.width, page.height), page.pixels) for page in shown]
    return joined([image.crop((0, 0, image.width, image.height // 5)) for image in whole])


def recognisers() -> list[psutil.Process]:
    """Processes that this one has started to recognise text."""
    return [one for one in psutil.Process().children() if "diglot.adapters.ocr.serving" in one.cmdline()]


def freeze(process: psutil.Process) -> None:
    os.kill(process.pid, signal.SIGSTOP)
