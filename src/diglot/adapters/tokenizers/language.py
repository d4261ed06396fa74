"""The main language of a text, told by its scripts."""

import re

from diglot.adapters.tokenizers.scripts import HAN

LOOKED_AT = 4096
"""Characters from the beginning: a language does not change so late that it matters here."""

_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9f]")
_HAN = re.compile(f"[{HAN}]")
# Words as units, so that one long product name does not outweigh the question around it.
_WORDS = {
    "en": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+"),
    "ko": re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]+"),
    "ru": re.compile("[\u0400-\u052f]+"),
    "el": re.compile("[\u0370-\u03ff\u1f00-\u1fff]+"),
    "ar": re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefe]+"),
    "he": re.compile("[\u0590-\u05ff]+"),
    "hy": re.compile("[\u0530-\u058f]+"),
    "ka": re.compile("[\u10a0-\u10ff]+"),
    "am": re.compile("[\u1200-\u137f]+"),
    "hi": re.compile("[\u0900-\u097f]+"),
    "bn": re.compile("[\u0980-\u09ff]+"),
    "pa": re.compile("[\u0a00-\u0a7f]+"),
    "gu": re.compile("[\u0a80-\u0aff]+"),
    "ta": re.compile("[\u0b80-\u0bff]+"),
    "te": re.compile("[\u0c00-\u0c7f]+"),
    "kn": re.compile("[\u0c80-\u0cff]+"),
    "ml": re.compile("[\u0d00-\u0d7f]+"),
    "si": re.compile("[\u0d80-\u0dff]+"),
    # No spaces: a word has about four signs.
    "th": re.compile("[\u0e00-\u0e7f]{1,4}"),
    "lo": re.compile("[\u0e80-\u0eff]{1,4}"),
    "bo": re.compile("[\u0f00-\u0fff]{1,4}"),
    "my": re.compile("[\u1000-\u109f]{1,4}"),
    "km": re.compile("[\u1780-\u17ff]{1,4}"),
}
_HAN_PER_WORD = 1.5
_KANA_SHARE = 0.1


def main_language(text: str) -> str:
    """ISO 639-1. Scripts are all that is looked at: any Latin text is "en", any Cyrillic "ru", any Arabic "ar"."""
    if text.isascii():
        return "en"
    head = text[:LOOKED_AT]
    kana, han = len(_KANA.findall(head)), len(_HAN.findall(head))
    east = "ja" if kana > _KANA_SHARE * (kana + han) else "zh"
    words = {east: (kana + han) / _HAN_PER_WORD} | {code: len(found.findall(head)) for code, found in _WORDS.items()}
    best = max(words, key=lambda code: words[code])
    return best if words[best] else "en"
