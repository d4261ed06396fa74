"""Pairs in the rows of tables, as Markdown rows stand in a text, and in lines with one tab."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from diglot.ingestion.splitting.pair import Pair

_ASKS = frozenset({"q", "question", "questions", "content", "问", "問", "问题", "問題", "提问", "提問", "質問", "질문"})
_ANSWERS = frozenset({"a", "answer", "answers", "reply", "答", "答案", "回答", "答复", "答覆", "解答", "답변"})

_LINE = re.compile(r"[^\n]+")
_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\|(?:[ \t]*:?-+:?[ \t]*\|)+")


class _Row(NamedTuple):
    cells: tuple[str, ...]
    start: int
    end: int


def headed_tables(text: str) -> Iterator[Pair]:
    """Tables whose first row names a column of questions and one of answers."""
    for rows in _tables(text):
        columns = asking_columns(rows[0].cells)
        if columns is not None:
            yield from _pairs(rows[1:], *columns)


def two_columns(text: str) -> Iterator[Pair]:
    """Tables of two columns, whatever their names, if they are most of the text; else lines with one tab each."""
    tables = [rows for rows in _tables(text) if all(len(row.cells) == 2 for row in rows)]
    if 2 * sum(rows[-1].end - rows[0].start for rows in tables) < len(text):
        tables = [_tabbed(text)]
    for rows in tables:
        yield from _pairs(rows, 0, 1)


def _tables(text: str) -> Iterator[list[_Row]]:
    """Rows that follow each other line by line."""
    for is_row, lines in groupby(_LINE.finditer(text), key=_is_row):
        if is_row:
            rows = [_Row(cells_of(line.group()), *line.span()) for line in lines if not is_rule(line.group())]
            if rows:
                yield rows


def _is_row(line: re.Match[str]) -> bool:
    content = line.group().strip()
    return len(content) > 1 and content.startswith("|") and content.endswith("|")


def is_rule(line: str) -> bool:
    """The line below a table's head."""
    return _RULE.fullmatch(line.strip()) is not None


def cells_of(line: str) -> tuple[str, ...]:
    """The cells of a Markdown row."""
    cells = _BAR.split(line.strip().removeprefix("|").removesuffix("|"))
    return tuple(cell.strip().replace("\\|", "|") for cell in cells)


def asking_columns(head: tuple[str, ...]) -> tuple[int, int] | None:
    """Which columns hold questions and answers, if the head says so."""
    names = [name.strip("*: ：").lower() for name in head]
    asks = next((index for index, name in enumerate(names) if name in _ASKS), None)
    answers = next((index for index, name in enumerate(names) if name in _ANSWERS), None)
    return None if asks is None or answers is None else (asks, answers)


def _pairs(rows: list[_Row], asks: int, answers: int) -> Iterator[Pair]:
    for row in rows:
        if len(row.cells) > max(asks, answers) and row.cells[asks] and row.cells[answers]:
            yield Pair(row.cells[asks], row.cells[answers], row.start, row.end)


def _tabbed(text: str) -> list[_Row]:
    """Lines of question, tab, answer; a line without a tab goes on with the answer above it."""
    lines = [line for line in _LINE.finditer(text) if line.group().strip()]
    if 3 * sum(line.group().count("\t") == 1 for line in lines) < 2 * len(lines):
        return []
    rows: list[_Row] = []
    for line in lines:
        question, tab, answer = line.group().partition("\t")
        if tab:
            rows.append(_Row((question.strip(), answer.strip()), *line.span()))
        elif rows:
            asked = rows[-1]
            rows[-1] = _Row((asked.cells[0], f"{asked.cells[1]}\n{question.strip()}"), asked.start, line.end())
    return rows
