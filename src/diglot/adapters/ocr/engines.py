"""Engines that recognise text. A new one is one file and one row here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from diglot.adapters.ocr import rapid, tesseract
from diglot.domain.picture import Picture
from diglot.domain.recognised import TextLine


class Loaded(Protocol):
    def lines(self, picture: Picture) -> list[TextLine]: ...


@dataclass(frozen=True, slots=True)
class EngineRow:
    """`missing(languages)`: why it cannot be had, None if it can. `edition(languages)`: see `ports.ocr.Ocr`.
    `load(languages)` is for the process of `serving`."""

    name: str
    missing: Callable[[str], str | None]
    edition: Callable[[str], str]
    load: Callable[[str], Loaded]


ENGINES = {
    "rapidocr": EngineRow(rapid.NAME, rapid.missing, rapid.edition, rapid.RapidEngine),
    "tesseract": EngineRow(tesseract.NAME, tesseract.missing, tesseract.edition, tesseract.TesseractEngine),
}
"""In the order in which `auto` tries them."""
