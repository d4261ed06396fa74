"""Tesseract, where its command is installed: faster than RapidOCR and best on clean print of known languages."""

import csv
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from diglot.domain.picture import Picture
from diglot.domain.recognised import TextLine

NAME = "Tesseract"
COMMAND = "tesseract"
_WORD = "5"
_ANSWER_SECONDS = 10
_LINE = ("block_num", "par_num", "line_num")
_INCH = 72
_FOLDER = re.compile('"(.+)"')
"""Of the languages' data, in the first line of their list."""

_MANNER = 1
"""Raised when the command is called otherwise."""


def missing(languages: str) -> str | None:
    if shutil.which(COMMAND) is None:
        return "Tesseract is not installed: there is no command `tesseract` on PATH."
    unknown = [language for language in languages.split("+") if language not in _installed()]
    return f"Tesseract lacks the language data of {', '.join(unknown)}." if unknown else None


def edition(languages: str) -> str:
    """With the size of each language's data: the fast and the best kind have one name."""
    folder = _FOLDER.search(_said("--list-langs"))
    data = [Path(folder[1]) / f"{language}.traineddata" for language in languages.split("+")] if folder else []
    sizes = [str(path.stat().st_size) for path in data if path.is_file()]
    return " ".join([*_said("--version").split()[:2], languages, *sizes, f"manner {_MANNER}"])


def _installed() -> set[str]:
    return set(_said("--list-langs").split())


def _said(option: str) -> str:
    try:
        return subprocess.run([COMMAND, option], capture_output=True, text=True, timeout=_ANSWER_SECONDS).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


class TesseractEngine:
    """A command a page; it dies with the process group of `serving`."""

    def __init__(self, languages: str) -> None:
        self._languages = languages

    def lines(self, picture: Picture) -> list[TextLine]:
        dots = round(_INCH / picture.points)
        resolution = ["--dpi", str(dots)] if dots > _INCH else []
        said = subprocess.run(
            [COMMAND, "stdin", "stdout", "-l", self._languages, *resolution, "tsv"],
            input=b"P5 %d %d 255\n" % (picture.width, picture.height) + picture.pixels,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
            check=True,
        )
        return list(_lines(said.stdout.decode("utf-8", "replace")))


def _lines(table: str) -> Iterator[TextLine]:
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = (row for row in rows if row["level"] == _WORD and (row["text"] or "").strip())
    for _, line in groupby(words, key=lambda row: tuple(row[name] for name in _LINE)):
        yield _line(list(line))


def _line(words: list[dict[str, str]]) -> TextLine:
    left = [float(word["left"]) for word in words]
    top = [float(word["top"]) for word in words]
    right = [float(word["left"]) + float(word["width"]) for word in words]
    bottom = [float(word["top"]) + float(word["height"]) for word in words]
    confidence = sum(max(float(word["conf"]), 0) for word in words) / len(words) / 100
    text = joined([word["text"] for word in words])
    return TextLine(text, min(left), min(top), max(right), max(bottom), min(confidence, 1.0))


def joined(words: list[str]) -> str:
    """With spaces, but not between the letters of scripts without: there every letter comes as a word."""
    text = words[0]
    for word in words[1:]:
        is_close = text[-1] > "\u2e7f" and word[0] > "\u2e7f"
        text += word if is_close else f" {word}"
    return text
