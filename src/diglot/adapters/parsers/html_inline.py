"""Inside of a line: what elements say that their text alone does not."""

import re

from lxml import etree  # type: ignore[import-untyped]  # ships no types

_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp|bmp|avif)", re.I)
_POWER = re.compile(r"\s*[-+−]?\d")
_TEX = re.compile(r"\{\\(?:displaystyle|textstyle)\s(.*)\}", re.S)


def power_mark(element: etree._Element, before: str) -> str:
    """10 with a raised 6 is not 106."""
    if element.tag != "sup" or not before or not (before[-1].isalnum() or before[-1] in ")]}"):
        return ""
    return "^" if _POWER.match(element.text or "") else ""


def picture_words(element: etree._Element) -> str:
    """What its author wrote for those who cannot see it; a file's name says nothing."""
    words = " ".join((element.get("alt") or "").split())
    if not words or _FILE_NAME.fullmatch(words):
        return ""
    formula = _TEX.fullmatch(words)
    return f" ${formula[1].strip()}$ " if formula else f" {words} "


def formula_words(element: etree._Element) -> str:
    """MathML as the TeX that it was made from, where it still has that."""
    for annotation in element.iter("annotation"):
        if "tex" in (annotation.get("encoding") or "").lower() and (annotation.text or "").strip():
            return f" ${' '.join(annotation.text.split())}$ "
    words = element.get("alttext") or " ".join("".join(element.itertext()).split())
    formula = _TEX.fullmatch(words)
    return f" ${(formula[1] if formula else words).strip()}$ " if words else ""
