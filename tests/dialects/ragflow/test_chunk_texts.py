"""How texts of chunks are shown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diglot.adapters.tokenizers.mixed import MixedTokenizer
from diglot.http.ragflow.chunk_texts import excerpt, marked, pair_of
from diglot.http.ragflow.errors import Refused
from diglot.retrieval.highlighting import highlight

TOKENIZER = MixedTokenizer()
TEXTS = st.text(st.sampled_from("ab 电池.!?。\n"), max_size=60)


@given(TEXTS, TEXTS)
def test_marks_change_nothing_else(text: str, question: str) -> None:
    places = highlight(text, question, TOKENIZER)
    assert re.sub("</?em>", "", marked(text, places)) == text


@given(TEXTS, TEXTS)
def test_an_excerpt_has_every_mark(text: str, question: str) -> None:
    places = highlight(text, question, TOKENIZER)
    shown = excerpt(text, places)
    found = "".join(re.findall("<em>(.*?)</em>", shown, re.DOTALL))
    assert found == "".join(text[start:end] for start, end in places)


@pytest.mark.parametrize(
    ("content", "pair"),
    [
        ("q\ta", ("q", "a")),
        ("q\na", ("q", "a")),
        ("\nq\n\na\n", ("q", "a")),
        ("Question: q\tAnswer: a\nb", ("q", "a\nb")),
        ("问题：q\t回答：a", ("q", "a")),
        ("Q：q\nA: a", ("q", "a")),
        ("Quick?\tAll right.", ("Quick?", "All right.")),
    ],
)
def test_pairs(content: str, pair: tuple[str, str]) -> None:
    assert pair_of(content) == pair


@pytest.mark.parametrize("content", ["", "q", "q\t", "\ta", "a\nb\nc", "Question: \tAnswer: a"])
def test_no_pairs(content: str) -> None:
    with pytest.raises(Refused, match="TAB/ENTER"):
        pair_of(content)
