"""What every reranker promises: `ports.reranker.Reranker`."""

import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from diglot.ports.reranker import Reranker
from tests.contracts.embedder import AWKWARD


class RerankerContract:
    """A test class inherits this and offers a fixture `reranker`."""

    def test_gives_a_score_a_text(self, reranker: Reranker) -> None:
        scores = reranker.rerank("which text?", ["one text", "another text", "一段文字"])
        assert len(scores) == 3
        assert all(isinstance(score, float) and 0 <= score <= 1 for score in scores)

    def test_no_texts_give_no_scores(self, reranker: Reranker) -> None:
        assert reranker.rerank("which text?", []) == []

    def test_scores_stand_in_the_order_of_the_texts(self, reranker: Reranker) -> None:
        texts = [f"number{place} " + "more words follow here " * (place * 7 % 23) for place in range(70)]
        scores = reranker.rerank("number of words", texts)
        for place in (0, 1, 33, 69):
            assert scores[place] == pytest.approx(reranker.rerank("number of words", [texts[place]])[0], abs=0.02)

    @pytest.mark.parametrize("text", AWKWARD, ids=ascii)
    def test_any_text_gives_a_finite_score(self, reranker: Reranker, text: str) -> None:
        assert all(map(math.isfinite, reranker.rerank("a question", [text, "a plain text"])))
        assert all(map(math.isfinite, reranker.rerank(text, ["a plain text"])))

    def test_threads_do_not_disturb_each_other(self, reranker: Reranker) -> None:
        texts = [f"text number {place} of many" for place in range(24)]
        alone = reranker.rerank("a question", texts)
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(lambda text: reranker.rerank("a question", [text])[0], texts))
        assert together == pytest.approx(alone, abs=0.02)
