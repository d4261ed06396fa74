"""What every embedder promises: `ports.embedder.Embedder`."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from diglot.ports.embedder import Embedder

AWKWARD = [
    "",
    " \n\t",
    "\x00",
    "a\x00b",
    "\ud800 lone",
    "\U0001f600" * 50,
    "汉字" * 2000,
    "word " * 5000,
    "\u202e\u0301",
    "ﷺ",
]


class EmbedderContract:
    """A test class inherits this and offers a fixture `embedder`."""

    def test_gives_a_row_a_text_of_the_promised_kind(self, embedder: Embedder) -> None:
        rows = embedder.embed_passages(["one text", "another text", "一段文字"])
        assert rows.shape == (3, embedder.model.dimension)
        assert rows.dtype == np.float32
        assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)

    def test_a_question_is_one_row(self, embedder: Embedder) -> None:
        row = embedder.embed_query("which text?")
        assert row.shape == (embedder.model.dimension,)
        assert row.dtype == np.float32
        assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5)

    def test_no_texts_give_no_rows(self, embedder: Embedder) -> None:
        assert embedder.embed_passages([]).shape == (0, embedder.model.dimension)

    def test_rows_stand_in_the_order_of_the_texts(self, embedder: Embedder) -> None:
        texts = [f"number{place} " + "more words follow here " * (place * 7 % 23) for place in range(70)]
        rows = embedder.embed_passages(texts)
        for place in (0, 1, 33, 69):
            assert rows[place] @ embedder.embed_passages([texts[place]])[0] > 0.99

    @pytest.mark.parametrize("text", AWKWARD, ids=ascii)
    def test_any_text_gives_a_finite_row(self, embedder: Embedder, text: str) -> None:
        rows = embedder.embed_passages([text, "a plain text"])
        assert np.isfinite(rows).all()
        assert np.linalg.norm(rows[0]) == pytest.approx(1, abs=1e-5) or not rows[0].any()
        assert np.isfinite(embedder.embed_query(text)).all()

    def test_the_same_text_gives_the_same_row(self, embedder: Embedder) -> None:
        first, second = embedder.embed_passages(["the same text"]), embedder.embed_passages(["the same text"])
        assert np.array_equal(first, second)

    def test_threads_do_not_disturb_each_other(self, embedder: Embedder) -> None:
        texts = [f"text number {place} of many" for place in range(24)]
        alone = embedder.embed_passages(texts)
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(lambda text: embedder.embed_passages([text])[0], texts))
        assert (alone * np.array(together)).sum(axis=1) == pytest.approx(1, abs=0.01)
