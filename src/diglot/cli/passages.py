"""The part of a chunk that says most about a question, on one line."""

from diglot.adapters.tokenizers.mixed import MixedTokenizer
from diglot.retrieval.highlighting import highlight

LENGTH = 160
LEAD = 30
"""Characters shown before the first match."""


def passage(text: str, question: str, length: int = LENGTH) -> str:
    """`length` characters from shortly before where the matches stand closest together."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    places = highlight(line, question, MixedTokenizer())
    start = max((begin for begin, _ in places), key=lambda begin: _matched(places, begin, length), default=0)
    start = max(0, min(start - LEAD, len(line) - length))
    return ("…" if start else "") + line[start : start + length] + ("…" if start + length < len(line) else "")


def _matched(places: list[tuple[int, int]], begin: int, length: int) -> int:
    return sum(end - start for start, end in places if begin <= start and end <= begin + length - LEAD)
