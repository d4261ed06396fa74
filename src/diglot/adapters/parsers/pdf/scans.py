"""Pages whose text must be recognised from their picture."""

import re

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as raw  # type: ignore[import-untyped]  # ships no types

FEW_LETTERS = 20
"""A page with fewer has nearly no text: a number, a stamp."""

_LARGE = 0.03
_SAMPLE = 2000
_MOST_OBJECTS = 200
# Letters and digits of any script, marks, spaces, ASCII and the punctuation of the scripts that we know.
_UNREADABLE = re.compile(
    r"[^\w\s!-/:-@\[-`{-~\u0300-\u036f\u2000-\u206f\u2070-\u22ff\u2500-\u25ff\u3000-\u303f\uff00-\uffef]"
)
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r"))
_PRIVATE = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")


def is_scan(page: pdfium.PdfPage, text: str) -> bool:
    """`text`: a text layer that is not garbled. A page without any may still show letters that are drawn as shapes."""
    letters = sum(not letter.isspace() for letter in text[: 4 * FEW_LETTERS])
    if not letters:
        return int(raw.FPDFPage_CountObjects(page.raw)) > 0
    return letters < FEW_LETTERS and _has_large_picture(page)


def is_garbled(text: str) -> bool:
    """A text layer whose fonts do not say what their letters are."""
    sample = text[:_SAMPLE]
    size = len(sample)
    # The rest, which takes long, is for pages of which much is not plain ASCII.
    plain = len(sample.encode("ascii", "ignore").translate(None, _CONTROLS))
    if size - plain <= 0.3 * size and "(cid:" not in sample:
        return False
    unreadable = len(_UNREADABLE.findall(sample)) / size
    private = len(_PRIVATE.findall(sample)) / size if unreadable else 0
    return unreadable > 0.5 or private > 0.3 or sample.count("(cid:") * 5 > 0.3 * size


def _has_large_picture(page: pdfium.PdfPage) -> bool:
    width, height = page.get_size()
    pictures = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    seen = 0.0
    for _, one in zip(range(_MOST_OBJECTS), pictures, strict=False):
        left, bottom, right, top = one.get_bounds()
        seen += min(max(right - left, 0), width) * min(max(top - bottom, 0), height)
    return bool(seen > _LARGE * width * height)
