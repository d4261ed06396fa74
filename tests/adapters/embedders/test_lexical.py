import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diglot.adapters.embedders.lexical import DIMENSION, LexicalEmbedder
from diglot.adapters.tokenizers.mixed import MixedTokenizer
from diglot.ports.embedder import Embedder
from tests.contracts.embedder import EmbedderContract

EMBEDDER = LexicalEmbedder(MixedTokenizer())


class TestContract(EmbedderContract):
    @pytest.fixture
    def embedder(self) -> Embedder:
        return EMBEDDER


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("river pollution", "The pollution of rivers in the north", "A recipe for bread with olives"),
        ("长江的水质", "报告说长江流域的水质明显改善", "这家餐厅的面包很好吃"),
        ("長江的水質", "报告说长江流域的水质明显改善", "这家餐厅的面包很好吃"),
    ],
)
def test_shared_words_are_near(question: str, near: str, far: str) -> None:
    rows = EMBEDDER.embed_passages([near, far])
    scores = rows @ EMBEDDER.embed_query(question)
    assert scores[0] > 0.2 > abs(scores[1])


def test_stop_words_make_no_texts_alike() -> None:
    rows = EMBEDDER.embed_passages(["the cat is in the house", "the war was of the roses"])
    assert abs(rows[0] @ rows[1]) < 0.1


def test_rows_are_the_same_in_every_process() -> None:
    row = EMBEDDER.embed_query("diglot")
    assert (np.flatnonzero(row).tolist(), row.sum()) == ([352], -1.0)


@given(st.text(), st.text())
def test_the_order_of_texts_does_not_matter(first: str, second: str) -> None:
    assert np.array_equal(EMBEDDER.embed_passages([first, second])[::-1], EMBEDDER.embed_passages([second, first]))


@given(st.text(st.characters(codec="utf-8")))
def test_a_row_is_of_length_one_or_zero(text: str) -> None:
    row = EMBEDDER.embed_query(text)
    assert row.shape == (DIMENSION,)
    assert not row.any() or np.linalg.norm(row) == pytest.approx(1, abs=1e-5)
