"""Office equations as LaTeX."""

import pytest
from lxml import etree

from diglot.adapters.parsers.equations import equation
from tests.adapters.parsers.crafting import M


def latex(inner: str, name: str = "oMath") -> str:
    parser = etree.XMLParser(huge_tree=True)
    return equation(etree.fromstring(f'<m:{name} xmlns:m="{M}">{inner}</m:{name}>', parser))


def sign(text: str, properties: str = "") -> str:
    return f"<m:r><m:rPr>{properties}</m:rPr><m:t>{text}</m:t></m:r>"


def made(name: str, *arguments: tuple[str, str], **properties: str) -> str:
    stated = "".join(f'<m:{one} m:val="{value}"/>' for one, value in properties.items())
    inner = "".join(f"<m:{part}>{value}</m:{part}>" for part, value in arguments)
    return f"<m:{name}><m:{name}Pr>{stated}</m:{name}Pr>{inner}</m:{name}>"


N, X = sign("n"), sign("x")


@pytest.mark.parametrize(
    ("inner", "written"),
    [
        (sign("E=m") + made("sSup", ("e", sign("c")), ("sup", sign("2"))), "E=mc^{2}"),
        (made("sSubSup", ("e", X), ("sub", sign("i")), ("sup", sign("2"))), "x_{i}^{2}"),
        (made("sPre", ("sub", sign("i")), ("sup", sign("2")), ("e", X)), "{}_{i}^{2}x"),
        (made("f", ("num", sign("πx")), ("den", sign("L"))), r"\frac{\pi x}{L}"),
        (made("f", ("num", N), ("den", sign("k")), type="noBar"), r"\genfrac{}{}{0pt}{}{n}{k}"),
        (made("nary", ("sub", sign("n=1")), ("sup", sign("∞")), ("e", N), chr="∑"), r"\sum_{n=1}^{\infty}{n}"),
        (made("nary", ("e", X)), r"\int{x}"),
        (made("rad", ("deg", sign("3")), ("e", X)), r"\sqrt[3]{x}"),
        (made("rad", ("deg", sign("3")), ("e", X), degHide="1"), r"\sqrt{x}"),
        (made("d", ("e", X)), r"\left(x\right)"),
        (made("d", ("e", X), ("e", N), begChr="{", sepChr=",", endChr=""), r"\left\{x , n\right."),
        (made("func", ("fName", sign("sin")), ("e", X)), r"\sin {x}"),
        (made("func", ("fName", sign("argmax")), ("e", X)), r"\operatorname{argmax}{x}"),
        (made("limLow", ("e", sign("lim")), ("lim", sign("n→0"))), r"\lim_{n\rightarrow 0}"),
        (made("acc", ("e", X), chr="\u20d7"), r"\vec{x}"),
        (made("bar", ("e", X), pos="top"), r"\overline{x}"),
        (made("groupChr", ("e", X)), r"\underbrace{x}"),
        (
            made("m", ("mr", f"<m:e>{X}</m:e><m:e>{N}</m:e>"), ("mr", f"<m:e>{N}</m:e>")),
            r"\begin{matrix}x & n \\ n\end{matrix}",
        ),
        (made("eqArr", ("e", X), ("e", N)), r"\begin{aligned}x \\ n\end{aligned}"),
        (made("eqArr", ("e", X)), "x"),
        (made("box", ("e", X)), "x"),
        (sign("𝑥") + sign("if", "<m:nor/>"), r"x\text{if}"),
    ],
)
def test_each_construct(inner: str, written: str) -> None:
    assert latex(inner) == f"${written}$"


def test_lines_of_their_own_and_nothing() -> None:
    assert latex(f"<m:oMath>{X}</m:oMath><m:oMath>{N}</m:oMath>", "oMathPara") == "$$x$$ $$n$$"
    assert latex("") == ""


def test_nesting_ends_somewhere() -> None:
    inner = X
    for _ in range(1000):
        inner = made("sSup", ("e", inner), ("sup", N))
    assert latex(inner).count("n") == 1000
