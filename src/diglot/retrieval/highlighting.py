"""Where a text says what was asked."""

from collections.abc import Iterable

from diglot.ports.tokenizer import Term, Tokenizer

Place = tuple[int, int]


def highlight(text: str, question: str, tokenizer: Tokenizer) -> list[Place]:
    """Characters start to end (exclusive) of every stretch that matches, in order, overlapping and touching ones as
    one. No markup: that is the dialect's."""
    asked = frozenset(tokenizer.query_terms(question))
    found = [term for term in tokenizer.located(text) if term.text in asked]
    telling = asked - _told_by_longer(asked)
    return _merged([term for term in found if term.text in telling] or found)


def _told_by_longer(asked: frozenset[str]) -> frozenset[str]:
    """Single characters of a word that was asked for as pairs: alone they are all over a Chinese text."""
    within = {character for term in asked if len(term) > 1 for character in term}
    return frozenset(term for term in asked if len(term) == 1 and not term.isascii() and term in within)


def _merged(terms: Iterable[Term]) -> list[Place]:
    merged: list[Place] = []
    for start, end in sorted((term.start, term.end) for term in terms):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
