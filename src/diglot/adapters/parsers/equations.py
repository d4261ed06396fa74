"""Office equations as LaTeX, which people, renderers and language models read."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from itertools import islice

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.ooxml import M

DEEPEST = 30
MOST_PARTS = 200
"""Arguments of one bracket, rows and columns of one matrix."""

_NAMES = {
    "αβγδεζηθικλμνξπρστυφχψω": "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma "
    "tau upsilon phi chi psi omega",
    "ϵϑϕϱςϖ": "epsilon vartheta phi varrho varsigma varpi",
    "ΓΔΘΛΞΠΣΥΦΨΩ": "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega",
    "×÷±∓·⋅∗∘≤≥≠≈≡≅∼∝≪≫": "times div pm mp cdot cdot ast circ leq geq neq approx equiv cong sim propto ll gg",
    "∞∂∇∀∃∄∅∈∉∋⊂⊃⊆⊇∪∩∖": "infty partial nabla forall exists nexists emptyset in notin ni subset supset subseteq "
    "supseteq cup cap setminus",
    "∑∏∐∫∬∭∮∯∰⋃⋂⋁⋀": "sum prod coprod int iint iiint oint oiint oiiint bigcup bigcap bigvee bigwedge",
    "→←↔⇒⇐⇔↦↑↓": "rightarrow leftarrow leftrightarrow Rightarrow Leftarrow Leftrightarrow mapsto uparrow downarrow",
    "∧∨¬⊕⊗⊥∥∠√…⋯⋮⋱ℏℓℝℕℤℚℂ": "land lor neg oplus otimes perp parallel angle surd ldots cdots vdots ddots hbar ell "
    "mathbb{R} mathbb{N} mathbb{Z} mathbb{Q} mathbb{C}",
    "⟨⟩⌈⌉⌊⌋‖": "langle rangle lceil rceil lfloor rfloor Vert",
}
_SIGNS = {
    ord(sign): f"\\{name} " for signs, names in _NAMES.items() for sign, name in zip(signs, names.split(), strict=True)
}
_BRACES = {**_SIGNS, ord("{"): "\\{", ord("}"): "\\}"}
# Mathematical italic, bold and so on: letters of their own in Unicode, a matter of fonts to everybody else.
_STYLED = re.compile("[\U0001d400-\U0001d7ff]+")
_FUNCTION = re.compile(
    "arccos|arcsin|arctan|arg|cos|cosh|cot|coth|csc|deg|det|dim|exp|gcd|hom|inf|ker|lg|lim|liminf|limsup|ln|log|max|"
    "min|Pr|sec|sin|sinh|sup|tan|tanh"
)
_ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "overline", "\u0307": "dot"} | {
    "\u0308": "ddot", "\u030c": "check", "\u20d7": "vec", "\u0301": "acute", "\u0300": "grave", "\u0306": "breve",
}  # fmt: skip


def equation(math: etree._Element) -> str:
    """`math` is an m:oMath or an m:oMathPara, whose equations stand on lines of their own."""
    if math.tag == f"{M}oMathPara":
        lines = (_written(line, 0) for line in math.iterchildren(f"{M}oMath"))
        return " ".join(f"$${' '.join(line.split())}$$" for line in lines if line.strip())
    line = " ".join(_written(math, 0).split())
    return f"${line}$" if line else ""


def _written(parent: etree._Element | None, depth: int) -> str:
    if parent is None:
        return ""
    if depth > DEEPEST:
        return _signs("".join(text.text or "" for text in parent.iter(f"{M}t")))
    return "".join(_WRITERS.get(child.tag, _written)(child, depth + 1) for child in parent)


def _part(parent: etree._Element, name: str, depth: int) -> str:
    return _written(parent.find(f"{M}{name}"), depth).strip()


def _property(element: etree._Element, name: str) -> str | None:
    """A value; empty where the property says nothing, None where it is not there."""
    found = element.find(f"{M}{element.tag.removeprefix(M)}Pr/{M}{name}")
    return None if found is None else found.get(f"{M}val", "")


def _is_on(element: etree._Element, name: str) -> bool:
    return _property(element, name) not in {None, "0", "off", "false"}


def _signs(text: str) -> str:
    return _STYLED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text).translate(_SIGNS)


def _run(run: etree._Element, depth: int) -> str:
    text = "".join(part.text or "" for part in run.iter(f"{M}t"))
    if run.find(f"{M}rPr/{M}nor") is not None and any(letter.isalpha() for letter in text):
        return f"\\text{{{text}}}"
    return _signs(text)


def _fraction(element: etree._Element, depth: int) -> str:
    above, below = _part(element, "num", depth), _part(element, "den", depth)
    if _property(element, "type") == "noBar":
        return f"\\genfrac{{}}{{}}{{0pt}}{{}}{{{above}}}{{{below}}}"
    return f"\\frac{{{above}}}{{{below}}}"


def _script(element: etree._Element, depth: int) -> str:
    return f"{_part(element, 'e', depth)}{_scripts(element, depth)}"


def _scripts_before(element: etree._Element, depth: int) -> str:
    return f"{{}}{_scripts(element, depth)}{_part(element, 'e', depth)}"


def _scripts(element: etree._Element, depth: int) -> str:
    below, above = _part(element, "sub", depth), _part(element, "sup", depth)
    return (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")


def _root(element: etree._Element, depth: int) -> str:
    degree = "" if _is_on(element, "degHide") else _part(element, "deg", depth)
    return f"\\sqrt{f'[{degree}]' if degree else ''}{{{_part(element, 'e', depth)}}}"


def _large_operator(element: etree._Element, depth: int) -> str:
    sign = _signs(_property(element, "chr") or "∫").strip()
    return f"{sign}{_scripts(element, depth)}{{{_part(element, 'e', depth)}}}"


def _brackets(element: etree._Element, depth: int) -> str:
    first, between, last = (_property(element, name) for name in ("begChr", "sepChr", "endChr"))
    inside = f" {between or '|'} ".join(
        _written(part, depth).strip() for part in islice(element.iterchildren(f"{M}e"), MOST_PARTS)
    )
    return f"\\left{_bracket(first, '(')}{inside}\\right{_bracket(last, ')')}"


def _bracket(sign: str | None, usual: str) -> str:
    """An empty one is invisible."""
    return (usual if sign is None else sign or ".").translate(_BRACES)


def _function(element: etree._Element, depth: int) -> str:
    return f"{_operator(_part(element, 'fName', depth))}{{{_part(element, 'e', depth)}}}"


def _operator(name: str) -> str:
    if _FUNCTION.fullmatch(name):
        return f"\\{name} "
    return f"\\operatorname{{{name}}}" if name.isalpha() and len(name) > 1 else name


def _limit(element: etree._Element, depth: int) -> str:
    name, place = _operator(_part(element, "e", depth)).strip(), "_" if element.tag == f"{M}limLow" else "^"
    return f"{name}{place}{{{_part(element, 'lim', depth)}}}"


def _accent(element: etree._Element, depth: int) -> str:
    return f"\\{_ACCENTS.get(_property(element, 'chr') or '', 'hat')}{{{_part(element, 'e', depth)}}}"


def _bar(element: etree._Element, depth: int) -> str:
    name = "overline" if _property(element, "pos") == "top" else "underline"
    return f"\\{name}{{{_part(element, 'e', depth)}}}"


def _group(element: etree._Element, depth: int) -> str:
    name = "overbrace" if _property(element, "pos") == "top" else "underbrace"
    return f"\\{name}{{{_part(element, 'e', depth)}}}"


def _matrix(element: etree._Element, depth: int) -> str:
    rows = islice(element.iterchildren(f"{M}mr"), MOST_PARTS)
    return _environment("matrix", (" & ".join(_cells(row, depth)) for row in rows))


def _equations(element: etree._Element, depth: int) -> str:
    lines = _cells(element, depth)
    return lines[0] if len(lines) == 1 else _environment("aligned", lines)


def _cells(parent: etree._Element, depth: int) -> list[str]:
    return [_written(cell, depth).strip() for cell in islice(parent.iterchildren(f"{M}e"), MOST_PARTS)]


def _environment(name: str, lines: Iterable[str]) -> str:
    inside = " \\\\ ".join(lines)
    return f"\\begin{{{name}}}{inside}\\end{{{name}}}"


def _nothing(element: etree._Element, depth: int) -> str:
    return ""


_WRITERS: dict[str, Callable[[etree._Element, int], str]] = {
    f"{M}{name}": writer
    for name, writer in {
        "r": _run,
        "f": _fraction,
        "sSup": _script,
        "sSub": _script,
        "sSubSup": _script,
        "sPre": _scripts_before,
        "rad": _root,
        "nary": _large_operator,
        "d": _brackets,
        "func": _function,
        "limLow": _limit,
        "limUpp": _limit,
        "acc": _accent,
        "bar": _bar,
        "groupChr": _group,
        "m": _matrix,
        "eqArr": _equations,
        "ctrlPr": _nothing,
    }.items()
}
