"""Which engine recognises text here."""

from collections.abc import Callable

from diglot.adapters.ocr.engines import ENGINES
from diglot.adapters.ocr.warm import WarmOcr
from diglot.domain.errors import MethodUnavailable
from diglot.domain.picture import Picture
from diglot.domain.recognised import TextLine
from diglot.ports.ocr import Ocr

AUTO, OFF = "auto", "off"
SWITCHED_OFF = "Text recognition is switched off by the setting `ocr`."


def choose(setting: str, languages: str, memory_bytes: int) -> Ocr:
    """Costs nothing: what is there is looked up with the first question."""
    if setting == OFF:
        return NoOcr()
    return WarmOcr(setting, languages, memory_bytes) if setting != AUTO else FirstOcr(languages, memory_bytes)


class NoOcr:
    def missing(self) -> str | None:
        return SWITCHED_OFF

    def name(self) -> str:
        return OFF

    def edition(self) -> str:
        raise MethodUnavailable(SWITCHED_OFF)

    def lines(self, picture: Picture, seconds: float, is_cancelled: Callable[[], bool]) -> list[TextLine]:
        raise MethodUnavailable(SWITCHED_OFF)

    def close(self) -> None:
        """Nothing was started."""


class FirstOcr:
    """The first engine that can be had; if none can, the first one says why."""

    def __init__(self, languages: str, memory_bytes: int) -> None:
        self._candidates = [WarmOcr(engine, languages, memory_bytes) for engine in ENGINES]

    def missing(self) -> str | None:
        return self._chosen.missing()

    def name(self) -> str:
        return OFF if self.missing() else self._chosen.name()

    def edition(self) -> str:
        return self._chosen.edition()

    def lines(self, picture: Picture, seconds: float, is_cancelled: Callable[[], bool]) -> list[TextLine]:
        return self._chosen.lines(picture, seconds, is_cancelled)

    def close(self) -> None:
        for candidate in self._candidates:
            candidate.close()

    @property
    def _chosen(self) -> WarmOcr:
        found = (candidate for candidate in self._candidates if candidate.missing() is None)
        return next(found, self._candidates[0])
