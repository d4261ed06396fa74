"""A question and its answer as they stand in a text."""

import re
from typing import NamedTuple

# Heading marks, list marks and emphasis around a question are no part of it.
_AROUND = re.compile(r"(?:#{1,6}|[-*+>•]|[(（]?[0-9]{1,4}[.)）、])[ \t]+|[*_]{2}")


class Pair(NamedTuple):
    """Both taken from characters start to end of the text."""

    question: str
    answer: str
    start: int
    end: int


def bare_question(text: str) -> str:
    text = text.strip()
    while mark := _AROUND.match(text):
        text = text[mark.end() :].lstrip()
    return text.removesuffix("**").removesuffix("__").rstrip()
