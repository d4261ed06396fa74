"""TeX and LaTeX: sections as headings; marks for looks go; formulas, citations and unknown commands stay as written."""

import re
from collections.abc import Iterator

from diglot.adapters.parsers.encodings import decode
from diglot.adapters.parsers.headings import LONGEST_TITLE, HeadingPath
from diglot.adapters.parsers.source import Source
from diglot.domain.parsed import Anchor, Block, BlockKind, Parsed

_LEVELS = {"part": 1, "chapter": 2, "section": 3, "subsection": 4, "subsubsection": 5, "paragraph": 6}
_AS_WRITTEN = "verbatim|lstlisting|minted|equation|align|gather|multline|eqnarray|tabular|tikzpicture"
# Braces in braces in braces; possessive, so that braces that never close are not tried again and again.
_ARGUMENT = r"\{((?:[^{}]++|\{(?:[^{}]++|\{[^{}]*+\})*+\})*+)\}"
_TURN = re.compile(
    rf"\\begin\{{(?P<kept>(?:{_AS_WRITTEN})\*?)\}}"
    rf"|\\(?P<level>{'|'.join(_LEVELS)})\*?[ \t]*(?:\[[^\[\]\n]{{0,300}}\])?{_ARGUMENT.replace('(', '(?P<title>', 1)}"
    r"|\n[ \t]*\n"
)
_TITLE = re.compile(r"\\title[ \t]*(?:\[[^\[\]\n]{0,300}\])?" + _ARGUMENT)
_BEGIN, _END = "\\begin{document}", "\\end{document}"
_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n?[ \t]*")
_LOOKS = re.compile(
    r"\\(?:emph|text(?:bf|it|tt|sc|rm|sf|sl|up|normal)|underline|mbox|footnote|caption|url|author|date|thanks"
    r"|href[ \t]*\{[^{}\n]{0,500}\})[ \t]*\{([^{}]{0,5000})\}"
)
_DEEPEST_LOOKS = 4
_SILENT = re.compile(
    r"\\(?:label|[vh]space|bibliographystyle|bibliography|input|include(?:graphics)?|usepackage|pagestyle|title)\*?"
    r"[ \t]*(?:\[[^\[\]\n]{0,500}\])?\{[^{}\n]{0,500}\}"
    r"|\\(?:begin|end)\{[a-zA-Z]{1,40}\*?\}(?:\[[^\[\]\n]{0,200}\])?"
    r"|\\(?:centering|noindent|maketitle|newpage|clearpage|(?:big|med|small)skip|tableofcontents|par)(?![a-zA-Z])[ \t]*"
)
_ITEM = re.compile(r"\\item(?![a-zA-Z])[ \t]*(?:\[([^\[\]\n]{0,200})\])?[ \t]*")
_ESCAPED = re.compile(r"\\([%&$#_{}])")


def read(source: Source) -> Parsed:
    text = decode(source.content)
    stated = _TITLE.search(text)
    title = _plain(stated[1])[:LONGEST_TITLE] if stated else ""
    heading = (Block(BlockKind.HEADING, title, Anchor(headings=(title,)), level=1),) if title else ()
    blocks = tuple(_blocks(_body(text)))
    return Parsed((*heading, *blocks) if blocks else (Block(BlockKind.CODE, text),), title=title or None)


def _body(text: str) -> str:
    start, end = text.find(_BEGIN), text.rfind(_END)
    start = start + len(_BEGIN) if start >= 0 else 0
    return text[start : end if end > start else len(text)]


def _blocks(text: str) -> Iterator[Block]:
    path = HeadingPath()
    written = 0
    unending: set[str] = set()
    for turn in _TURN.finditer(text):
        if turn.start() < written or turn["kept"] in unending:
            continue
        end = _end_of(turn, text)
        if end < 0:
            unending.add(turn["kept"])
            continue
        yield from _paragraph(text[written : turn.start()], path)
        written = end
        if turn["kept"]:
            yield Block(BlockKind.CODE, text[turn.start() : end], Anchor(headings=path.titles))
        elif turn["level"]:
            yield from _heading(_LEVELS[turn["level"]], _plain(turn["title"]), path)
    yield from _paragraph(text[written:], path)


def _end_of(turn: re.Match[str], text: str) -> int:
    """-1 for what begins and never ends."""
    if not turn["kept"]:
        return turn.end()
    end = f"\\end{{{turn['kept']}}}"
    found = text.find(end, turn.end())
    return found + len(end) if found >= 0 else -1


def _paragraph(text: str, path: HeadingPath) -> Iterator[Block]:
    if text.strip() and (words := _plain(text)):
        kind = BlockKind.LIST_ITEM if words.startswith("- ") else BlockKind.PARAGRAPH
        yield Block(kind, words, Anchor(headings=path.titles))


def _heading(level: int, title: str, path: HeadingPath) -> Iterator[Block]:
    if title:
        path.enter(level, title)
        yield Block(BlockKind.HEADING, title, Anchor(headings=path.titles), level)


def _plain(text: str) -> str:
    text = _SILENT.sub("", _COMMENT.sub("", text))
    for _ in range(_DEEPEST_LOOKS):
        text = _LOOKS.sub(r"\1", text)
    text = _ITEM.sub(lambda item: f"- {item[1]} " if item[1] else "- ", text)
    text = _ESCAPED.sub(r"\1", text).replace("\\\\", "\n").replace("~", " ")
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())
