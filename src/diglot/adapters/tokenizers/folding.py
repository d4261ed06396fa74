"""Writings of one thing made alike: widths, compatibility forms, accents, Traditional and Simplified Han."""

import unicodedata
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from diglot.adapters.tokenizers.scripts import clusters

# Letters that no decomposition reduces to their plain form.
_PLAIN = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ı": "i", "ё": "е", "Ё": "Е"}
    | {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "ss", "ẞ": "SS", "þ": "th", "Þ": "TH", "’": "'"}
)
_SIGNS = frozenset("_.,'+#")
# Vowel points of Hebrew and Arabic, and the stroke that only stretches a line.
_POINTS = frozenset(map(chr, [*range(0x0591, 0x05C8), *range(0x0610, 0x061B), 0x0640, *range(0x064B, 0x0660), 0x0670]))


class Folded(NamedTuple):
    """`origins[i]` are the start and end, in the text before, of what became character i."""

    text: str
    origins: list[tuple[int, int]]


def fold_word(text: str) -> Folded:
    """A word in NFKC, case kept, without accents on Latin and Greek letters and without Hebrew and Arabic points:
    people leave them out when they ask. What is no part of a word becomes a space."""
    if text.isascii():
        return Folded(text, _unmoved(text))
    return _mapped(text, _fold_letter)


def fold_paired(text: str) -> Folded:
    """Text of a script without spaces in NFKC; Han in Simplified form."""
    if unicodedata.is_normalized("NFKC", text):
        return Folded(text.translate(simplified()), _unmoved(text))
    return _mapped(text, _fold_ideograph)


def fold_paired_text(text: str) -> str:
    """The text of `fold_paired`."""
    is_normal = unicodedata.is_normalized("NFKC", text)
    return text.translate(simplified()) if is_normal else _mapped(text, _fold_ideograph).text


@cache
def simplified() -> dict[int, str]:
    """Traditional to Simplified, one character for one, for `str.translate`.

    OpenCC's table (Apache-2.0); of several readings the first, most common one. Wrong where only the word decides,
    which does no harm here: question and text are folded alike. Then variants that OpenCC leaves to its word lists.
    """
    table: dict[int, str] = {}
    for line in (files("opencc") / "dictionary" / "TSCharacters.txt").read_text("utf-8").splitlines():
        traditional, _, readings = line.partition("\t")
        table[ord(traditional)] = readings.split(" ")[0]
    return table | {ord("著"): "着", ord("裡"): "里", ord("妳"): "你", ord("臺"): "台"}


def _unmoved(text: str) -> list[tuple[int, int]]:
    return [(at, at + 1) for at in range(len(text))]


def _mapped(text: str, fold: Callable[[str], str]) -> Folded:
    parts: list[str] = []
    origins: list[tuple[int, int]] = []
    at = 0
    for cluster in clusters(text):
        part = fold(cluster)
        parts.append(part)
        origins += [(at, at + len(cluster))] * len(part)
        at += len(cluster)
    return Folded("".join(parts), origins)


def _fold_letter(cluster: str) -> str:
    if cluster.isascii():
        return cluster
    whole = unicodedata.normalize("NFKD", cluster)
    if whole[0].isascii() or unicodedata.name(whole[0], "").startswith("GREEK"):
        whole = "".join(part for part in whole if unicodedata.category(part) != "Mn")
    plain = unicodedata.normalize("NFKC", whole).translate(_PLAIN)
    return "".join(map(_kept, plain))


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or character in _POINTS:
        return ""
    if character.isalnum() or category[0] == "M" or character in _SIGNS:
        return character
    # A picture is a word of its own.
    return f" {character} " if category == "So" and character >= "\U0001f000" else " "


def _fold_ideograph(cluster: str) -> str:
    whole = unicodedata.normalize("NFKC", cluster).translate(simplified())
    # A voicing sign that stands alone decomposes into a space and a mark.
    return "".join(whole.split())
