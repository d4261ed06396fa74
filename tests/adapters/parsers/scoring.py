"""How much of a document's true text a reader found: F1 over bags of tokens."""

import re
from collections import Counter

_TOKEN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]|[^\W_]+")
# Where a link leads is no text: [words](target "title"), [[1]](target), targets with parentheses.
_MARKUP = re.compile(r"<!--.*?-->|\]\((?:[^()\n]|\([^()\n]*\))*\)|<img\s[^>]*>|[\[\]]", re.S)
# The engine's marks of a word broken at a line's end, which some truths still hold.
_BROKEN = re.compile("[\x02\ufffe]\\s*")


def tokens(text: str) -> Counter[str]:
    """Words, and single characters of scripts without spaces, lower case; Markdown's links and comments apart."""
    return Counter(_TOKEN.findall(_MARKUP.sub(" ", _BROKEN.sub("", text)).lower()))


def token_f1(found: str, truth: str) -> float:
    got, wanted = tokens(found), tokens(truth)
    both = sum((got & wanted).values())
    return 2 * both / max(sum(got.values()) + sum(wanted.values()), 1)
