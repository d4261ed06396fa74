"""The words that say most of a text, without a corpus to compare it with."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from diglot.adapters.tokenizers.folding import fold_paired
from diglot.adapters.tokenizers.scripts import HAN, HANGUL, IS_PAIRED, RUN
from diglot.adapters.tokenizers.stop_words import EMPTY
from diglot.adapters.tokenizers.words import word_terms

if TYPE_CHECKING:
    from rjieba import Jieba

LOOKED_AT = 100_000
"""Characters: what a text is about is said by then."""
LONGEST_KEPT = 64
"""Characters of a run whose words are remembered."""

# The words that jieba's dictionary was counted from.
_DICTIONARY_WORDS = 60_101_967
_HAN_RUN = re.compile(f"[{HAN}]+")
# In the other scripts without spaces a run is a word or nothing can be said.
_WRITTEN_WORD = re.compile(f"[\u30a1-\u30fa\u30fc]{{2,}}|[{HANGUL}]{{2,}}")
_LETTER = re.compile(r"[^\W\d_]")


def keywords(text: str, limit: int) -> list[str]:
    """Best first: how often, times how rare such a word is elsewhere. Written as in the text, each once."""
    spellings: dict[str, Counter[str]] = {}
    for run, times in Counter(RUN.findall(text[:LOOKED_AT])).items():
        for key, word in _words(run):
            spellings.setdefault(key, Counter())[word] += times
    scores = {key: found.total() * _rarity(key, found) for key, found in spellings.items()}
    best = sorted(scores, key=lambda key: (-scores[key], key))[: max(limit, 0)]
    return [_spelling(spellings[key]) for key in best]


def _words(run: str) -> Iterable[tuple[str, str]]:
    """Words, each after what all its spellings have in common."""
    if not IS_PAIRED.match(run):
        return _spaced_word(run) if len(run) <= LONGEST_KEPT else _spaced_word.__wrapped__(run)
    return _unspaced_words(run)


def _unspaced_words(run: str) -> Iterator[tuple[str, str]]:
    for han in _HAN_RUN.findall(run):
        yield from _han_words(han)
    yield from ((word, word) for word in _WRITTEN_WORD.findall(run))


# A few thousand words are most of any text.
@lru_cache(maxsize=20_000)
def _spaced_word(run: str) -> tuple[tuple[str, str], ...]:
    word = run.strip("_'’").removesuffix("'s").removesuffix("’s")
    if len(word) < 2 or not _LETTER.search(word) or word.lower().replace("’", "'") in EMPTY:
        return ()
    term = next(word_terms(word), None)
    return () if term is None else ((term.text, word),)


def _han_words(run: str) -> Iterator[tuple[str, str]]:
    """Cut as Simplified, shown as written."""
    folded = fold_paired(run)
    at = 0
    for word in _jieba().cut(folded.text):
        start, at = at, at + len(word)
        if len(word) >= 2 and word not in EMPTY:
            yield word, run[folded.origins[start][0] : folded.origins[at - 1][1]]


def _spelling(found: Counter[str]) -> str:
    """The most usual one; of equally usual ones that with the fewest capitals."""
    return min(found, key=lambda word: (-found[word], sum(map(str.isupper, word)), word))


def _rarity(key: str, found: Counter[str]) -> float:
    """About the logarithm of how many words of text hold one of these: counted for Han words; guessed from length,
    digits and inner capitals for others."""
    if _HAN_RUN.fullmatch(key):
        return _han_rarity(key)
    marked = any(word[1:] != word[1:].lower() or not word.isalpha() for word in found)
    return 7.0 + 0.5 * min(len(key), 12) + 2.0 * marked


@lru_cache(maxsize=20_000)
def _han_rarity(word: str) -> float:
    return math.log(_DICTIONARY_WORDS / max(1, _jieba().suggest_freq(word)))


@cache
def _jieba() -> "Jieba":
    # Loading its dictionary takes a tenth of a second and memory that only keywords need.
    import rjieba

    return rjieba._DEFAULT_JIEBA
