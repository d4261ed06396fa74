"""TeX: what people would read of it."""

import time

import pytest

from diglot.domain.parsed import BlockKind
from tests.adapters.parsers.reading_here import of_kind, parsed

ARTICLE = r"""
\documentclass[a4paper]{article}
\usepackage[utf8]{inputenc}
\title[short]{On \emph{Lakes} and {Rain}}
\author{Ann}
\begin{document}
\maketitle
\begin{abstract}
Water is 50\,\% of it. % unseen
\end{abstract}

\section{The \textbf{first}\label{s:first}}
Hello \emph{new \textbf{bold}} world~\cite{x}, \"o and \unknown{kept}.
A line\\broken.

\begin{itemize}
  \item one
  \item[two] things
\end{itemize}

\begin{equation}
  E = mc^2 % as written
\end{equation}
\subsection*{Deep}
\begin{verbatim}
\section{no heading} % kept
\end{verbatim}
\section[short]{第二章}
文字。
\end{document}
unseen
"""


def test_an_article() -> None:
    result = parsed("a.tex", ARTICLE.encode())
    assert result.title == "On Lakes and {Rain}"
    assert [(block.level, block.anchor.headings) for block in of_kind(result, BlockKind.HEADING)] == [
        (1, ("On Lakes and {Rain}",)),
        (3, ("The first",)),
        (4, ("The first", "Deep")),
        (3, ("第二章",)),
    ]
    assert [(block.kind, block.text) for block in result.blocks if block.kind is not BlockKind.HEADING] == [
        (BlockKind.PARAGRAPH, r"Water is 50\,% of it."),
        (BlockKind.PARAGRAPH, 'Hello new bold world \\cite{x}, \\"o and \\unknown{kept}.\nA line\nbroken.'),
        (BlockKind.LIST_ITEM, "- one\n- two things"),
        (BlockKind.CODE, "\\begin{equation}\n  E = mc^2 % as written\n\\end{equation}"),
        (BlockKind.CODE, "\\begin{verbatim}\n\\section{no heading} % kept\n\\end{verbatim}"),
        (BlockKind.PARAGRAPH, "文字。"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("only words", ["only words"]),
        (r"\section{never closed" + "\nwords", ["\\section{never closed\nwords"]),
        (r"\begin{verbatim} never ended", ["never ended"]),
        ("% a comment alone", ["% a comment alone"]),
        (r"\section{}words", ["words"]),
    ],
)
def test_odd_files_keep_their_words(text: str, words: list[str]) -> None:
    assert [block.text for block in parsed("a.tex", text.encode()).blocks] == words


@pytest.mark.parametrize(
    "unit",
    ["\\begin{verbatim}", "\\section{", "\\emph{", "{", "\\item[", "\\href{x}{", "\n\n", "\\label{a}", "%", "\\title["],
)
def test_hostile_files_are_read_in_good_time(unit: str) -> None:
    began = time.monotonic()
    parsed("a.tex", (unit * 100_000 + " words").encode())
    assert time.monotonic() - began < 5
