"""Text of a script without spaces: Han characters, and pairs of neighbours in any of them.

Characters and pairs without a dictionary are as good as jieba's words with pairs, and better than words alone
(cmrc-chunk-zh 0.876 to 0.862 in nDCG@10, drcd 0.976 to 0.960).
"""

from collections.abc import Iterator
from operator import add

from diglot.adapters.tokenizers.folding import fold_paired, fold_paired_text
from diglot.adapters.tokenizers.scripts import NOT_HAN
from diglot.ports.tokenizer import Term


def paired_terms(run: str) -> Iterator[Term]:
    """Terms of one match of `scripts.RUN` in a paired script, placed within it."""
    text, origins = fold_paired(run)
    last = len(text) - 1
    for at, character in enumerate(text):
        if last == 0 or not NOT_HAN.match(character):
            yield Term(character, *origins[at])
    for at in range(last):
        yield Term(text[at : at + 2], origins[at][0], origins[at + 1][1])


def paired_texts(run: str) -> list[str]:
    """The same without places, ten times as fast."""
    text = fold_paired_text(run)
    if len(text) == 1:
        return [text]
    return [*NOT_HAN.sub("", text), *map(add, text, text[1:])]
