"""English and Chinese in one text, and every other script as well as it goes without a dictionary."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from diglot.adapters.tokenizers.keywords import keywords
from diglot.adapters.tokenizers.language import main_language
from diglot.adapters.tokenizers.paired import paired_terms, paired_texts
from diglot.adapters.tokenizers.scripts import IS_PAIRED, RUN
from diglot.adapters.tokenizers.stop_words import ENGLISH
from diglot.adapters.tokenizers.words import word_terms
from diglot.ports.tokenizer import Term

REMEMBERED = 50_000
"""Words whose terms are kept, a few megabytes: most words of a text have been seen before."""

REMEMBERED_LENGTH = 40

Kept = TypeVar("Kept")


class MixedTokenizer:
    """Words lower-cased and English-stemmed, with the parts of snake_case, camelCase and versions; Han text in
    Simplified characters and pairs of neighbours; kana, Hangul and the scripts of South-East Asia in pairs.

    Stop words are indexed and not asked for, so that "to be or not to be" can be found; BM25 is none the worse.
    """

    name = "mixed-1"

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, ...]] = {}
        self._placed: dict[str, tuple[Term, ...]] = {}

    def terms(self, text: str) -> list[str]:
        known = self._known
        terms: list[str] = []
        for run in RUN.findall(text):
            terms.extend(known.get(run) or self._analyse(run))
        return terms

    def query_terms(self, text: str) -> list[str]:
        terms = dict.fromkeys(self.terms(text))
        return [term for term in terms if term not in ENGLISH] or list(terms)

    def located(self, text: str) -> Iterator[Term]:
        for match in RUN.finditer(text):
            run, shift = match.group(), match.start()
            for term, start, end in self._placed.get(run) or self._place(run):
                yield Term(term, start + shift, end + shift)

    def language(self, text: str) -> str:
        return main_language(text)

    def keywords(self, text: str, limit: int = 10) -> list[str]:
        return keywords(text, limit)

    def _analyse(self, run: str) -> Sequence[str]:
        if IS_PAIRED.match(run):
            return paired_texts(run)
        terms = tuple(term.text for term in word_terms(run))
        _remember(self._known, run, terms)
        return terms

    def _place(self, run: str) -> Iterable[Term]:
        if IS_PAIRED.match(run):
            return paired_terms(run)
        terms = tuple(word_terms(run))
        _remember(self._placed, run, terms)
        return terms


def _remember(memory: dict[str, Kept], run: str, terms: Kept) -> None:
    if len(run) <= REMEMBERED_LENGTH:
        if len(memory) >= REMEMBERED:
            memory.clear()
        memory[run] = terms
