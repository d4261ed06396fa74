"""One run of letters and digits to its terms: the whole, and the parts that people ask for."""

import re
from collections.abc import Iterator
from threading import Lock

from Stemmer import Stemmer  # type: ignore[import-not-found]  # PyStemmer carries no types

from diglot.adapters.tokenizers.folding import Folded, fold_word
from diglot.ports.tokenizer import Term

MAX_TERM = 64
"""Characters. What is longer is no word; it is found by its beginning."""

Place = tuple[int, int]

# A stemmer serves one thread at a time; its own cache would double the tokenizer's.
_STEMMER = Stemmer("english", 0)
_STEMMING = Lock()

_SIMPLE = re.compile(f"[A-Za-z][a-z]{{0,{MAX_TERM - 1}}}")
_STEMMED = re.compile("[a-z']+")
_WHOLE = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![^\s_])"  # thousands
    r"|(?<!\S)[A-Za-z](?:\+\+|\#)(?!\S)"  # C++, C#
    r"|[^\s,_'.+\#](?:[^\s,+\#]*[^\s,_'.+\#])?"
)
# French and Italian articles are no part of the word they lean on.
_LEANING = re.compile(r"(?:[cdjlmnst]|qu|dell|nell|sull|un)'(?=..)", re.IGNORECASE)
# HTTPServer, maxTokens, GB18030, 100mg, v3.11: where one part ends and the next begins.
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+(?:\.[0-9]+)*|[^\x00-\x7f]+")
_BETWEEN_UNDERSCORES = re.compile("[^_]+")
_MINOR_VERSION = re.compile(r"[0-9]+\.[0-9]+(?=\.[0-9])")


def word_terms(run: str) -> Iterator[Term]:
    """Terms of one match of `scripts.RUN` outside the paired scripts, placed within it."""
    if _SIMPLE.fullmatch(run):
        yield Term(_stem(run.lower()), 0, len(run))
        return
    folded = fold_word(run)
    for whole in _WHOLE.finditer(folded.text):
        leaning = _LEANING.match(folded.text, whole.start(), whole.end())
        place = (leaning.end() if leaning else whole.start(), whole.end())
        yield _term(folded, place)
        for part in _parts(folded.text, place):
            yield _term(folded, part)


def _term(folded: Folded, place: Place) -> Term:
    start, end = place
    text = folded.text[start:end].replace(",", "").casefold()[:MAX_TERM]
    if _STEMMED.fullmatch(text):
        text = _stem(text)
    return Term(text, folded.origins[start][0], folded.origins[end - 1][1])


def _stem(word: str) -> str:
    with _STEMMING:
        return str(_STEMMER.stemWord(word))


def _parts(text: str, place: Place) -> list[Place]:
    """Of snake_case and camelCase, of a version its first two numbers; none of what is one piece."""
    start, end = place
    if "'" in text[start:end] or "," in text[start:end]:
        return []
    pieces = [piece.span() for piece in _BETWEEN_UNDERSCORES.finditer(text, start, end)]
    if end - start <= MAX_TERM:
        pieces = [part for piece in pieces for part in _split_piece(text, piece)]
    return [] if pieces == [place] else pieces


def _split_piece(text: str, piece: Place) -> list[Place]:
    parts = [part.span() for part in _PART.finditer(text, *piece)]
    if len(parts) == 2 and text[parts[0][0] : parts[0][1]] in ("v", "V"):
        parts = parts[1:]
    if any(end - start == 1 and text[start].isalpha() for start, end in parts):
        # Single letters are no words: H2O, p53 and mRNA stay whole.
        parts = [piece]
    versions = [minor.span() for part in parts if (minor := _MINOR_VERSION.match(text, *part))]
    return parts + versions
