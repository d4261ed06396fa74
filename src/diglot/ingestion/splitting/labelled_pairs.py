"""Pairs that say what they are: Q1: ... A1: ..., Question: ... Answer: ..., 问：…答：…"""

import re
from collections.abc import Iterator

from diglot.ingestion.splitting.pair import Pair, bare_question

_ASKS = "Q|Question|问|問|问题|問題|提问|提問|質問|질문"
_ANSWERS = "A|Ans|Answer|答|答案|回答|解答|答复|答覆|답변|답"
_NUMBER = r"[ \t]?[0-9]{0,4}"
# At the head of a line many forms will do; inside a line only a colon after white space or the end of a sentence.
_LABEL = re.compile(
    rf"^[ \t]*(?:(?:#{{1,6}}|[-*+>]|[0-9]{{1,4}}[.)、])[ \t]+)?\*{{0,2}}(?:(?P<asks>{_ASKS})|(?P<answers>{_ANSWERS}))"
    rf"{_NUMBER}\*{{0,2}}[ \t]?[:：.．、]\*{{0,2}}(?!\S*[:：.]\S)"
    rf"|(?<=[\s?？.。!！;；])(?:(?P<asks_inside>{_ASKS})|(?P<answers_inside>{_ANSWERS})){_NUMBER}[ \t]?[:：]",
    re.MULTILINE | re.IGNORECASE,
)


def labelled_pairs(text: str) -> Iterator[Pair]:
    """A label of an answer inside an answer, or of a question inside a question, is part of it."""
    asked: re.Match[str] | None = None
    answered: re.Match[str] | None = None
    for label in _LABEL.finditer(text):
        if label["asks"] or (label["asks_inside"] and (answered or not asked)):
            yield from _pair(text, asked, answered, label.start())
            asked, answered = label, None
        elif asked and not answered and not label["asks_inside"]:
            answered = label
    yield from _pair(text, asked, answered, len(text))


def _pair(text: str, asked: re.Match[str] | None, answered: re.Match[str] | None, end: int) -> Iterator[Pair]:
    if asked is None:
        return
    if answered is None:
        question, _, answer = text[asked.end() : end].strip().partition("\n")
    else:
        question, answer = text[asked.end() : answered.start()], text[answered.end() : end]
    question, answer = bare_question(question), answer.strip()
    if question and answer:
        yield Pair(question, answer, asked.start(), asked.start() + len(text[asked.start() : end].rstrip()))
