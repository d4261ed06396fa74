"""Which characters are written without spaces, which make words, which are neither: bodies of character classes."""

import re
import unicodedata

HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f\U0001aff0-\U0001b16f"
HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7ff\uffa0-\uffdc"
SOUTH_EAST_ASIAN = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd\u0edc-\u0edf\u1000-\u103f\u1050-\u109f\u1780-\u17d3"

# Indexed as pairs of neighbours, since no space says where a word ends (in Korean: where its stem ends).
PAIRED = HAN + KANA + HANGUL + SOUTH_EAST_ASIAN

# Everything beyond ASCII is taken for part of a word at first (marks and format characters belong to words, and are in
# no class of `re`) but for white space, controls and the punctuation that is common enough to matter for speed.
_APART = (
    "\x80-\xa0\u1680\u2000-\u200b\u2010-\u2018\u201a-\u2029\u202f-\u205f\u2190-\u24ff\u2500-\u27bf"
    "\u2900-\u2bff\u3000-\u3004\u3008-\u3020\u302a-\u3040\u30a0\u30fb\ufe10-\ufe1f\ufe30-\ufe6f"
    "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff3e\uff40\uff5b-\uff65"
)
_WORD = f"(?:[0-9A-Za-z_]|[^\x00-\x7f{PAIRED}{_APART}])"

# Digits keep their dots and commas, words their apostrophes, C++ and C# their signs.
RUN = re.compile(rf"[{PAIRED}]+|{_WORD}+(?:(?:(?<=[0-9])[.,](?=[0-9])|['’](?=[^\W\d_])){_WORD}+)*(?:\+\+|\#)?")

IS_PAIRED = re.compile(f"[{PAIRED}]")
NOT_HAN = re.compile(f"[^{HAN}]")

_TRAILING = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff\uff9e\uff9f]")


def clusters(text: str) -> list[str]:
    """Characters with the marks, trailing jamo and voicing signs that follow them: what normalisation may join."""
    found: list[str] = []
    for character in text:
        if found and (unicodedata.category(character)[0] == "M" or _TRAILING.match(character)):
            found[-1] += character
        else:
            found.append(character)
    return found
