"""The paragraphs of a shape, with the bullets and numbers that PowerPoint puts before them."""

import re
from collections import defaultdict
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.equations import equation
from diglot.adapters.parsers.numerals import letters, roman
from diglot.adapters.parsers.ooxml import MC, A, M

_MARKS = tuple(f"{A}{name}" for name in ("buNone", "buChar", "buBlip", "buAutoNum"))
_POWER = re.compile(r"[-+−]?\d")
_SCHEMES = {"alphaLc": "a", "alphaUc": "A", "romanLc": "i", "romanUc": "I"}
_FORMS = (("ParenBoth", "({})"), ("ParenR", "{})"), ("Period", "{}."))


def shown_lines(body: etree._Element) -> str:
    return "\n".join(_lines(body))


def _lines(body: etree._Element) -> Iterator[str]:
    counts: dict[int, int] = defaultdict(int)
    styles = body.find(f"{A}lstStyle")
    for paragraph in body.iter(f"{A}p"):
        line = _line(paragraph)
        if not line:
            continue
        level = _level(paragraph)
        mark = _mark(paragraph, styles, level)
        # A list ends where its level goes on without numbers, and where an outer one goes on.
        for ended in [other for other in counts if other > level or (other == level and not _counts(mark))]:
            del counts[ended]
        if mark is None:
            yield line
            continue
        counts[level] += _counts(mark)
        yield f"{'  ' * level}{_label(mark, counts[level])} {line}"


def _level(paragraph: etree._Element) -> int:
    properties = paragraph.find(f"{A}pPr")
    level = properties.get("lvl", "0") if properties is not None else "0"
    return int(level) if level in set("012345678") else 0


def _mark(paragraph: etree._Element, styles: etree._Element | None, level: int) -> etree._Element | None:
    """What the paragraph says itself, else what its shape says of this level; None for no mark."""
    own = paragraph.find(f"{A}pPr")
    of_shape = styles.find(f"{A}lvl{level + 1}pPr") if styles is not None else None
    for properties in (own, of_shape):
        found = next(properties.iterchildren(*_MARKS), None) if properties is not None else None
        if found is not None:
            return None if found.tag == f"{A}buNone" else found
    return None


def _counts(mark: etree._Element | None) -> bool:
    return mark is not None and mark.tag == f"{A}buAutoNum"


def _label(mark: etree._Element, count: int) -> str:
    if not _counts(mark):
        return "-"
    start = mark.get("startAt", "1")
    number = count - 1 + (int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1)
    scheme = mark.get("type", "arabicPeriod")
    shown = next((_counted(number, first) for name, first in _SCHEMES.items() if scheme.startswith(name)), str(number))
    return next((form.format(shown) for name, form in _FORMS if scheme.endswith(name)), shown)


def _counted(number: int, first: str) -> str:
    text = roman(number) if first in "iI" else letters(number)
    return text if first.islower() else text.upper()


def _line(paragraph: etree._Element) -> str:
    pieces: list[str] = []
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        if element.tag == f"{MC}Fallback":
            walk.skip_subtree()
        elif element.tag in {f"{M}oMath", f"{M}oMathPara"}:
            pieces.append(equation(element))
            walk.skip_subtree()
        elif element.tag == f"{A}br":
            pieces.append(" ")
        elif element.tag == f"{A}t" and element.text:
            before = pieces[-1] if pieces else ""
            pieces.append(("^" if _is_power(element, before) else "") + element.text)
    return clean("".join(pieces)).strip()


def _is_power(text: etree._Element, before: str) -> bool:
    """10 with a raised 6 is not 106."""
    if not before[-1:].isalnum() or not _POWER.match(text.text):
        return False
    properties = text.getparent().find(f"{A}rPr")
    raised = properties.get("baseline", "0") if properties is not None else "0"
    return not raised.startswith("-") and raised not in {"0", "0%"}
