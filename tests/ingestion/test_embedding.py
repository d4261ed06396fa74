"""Each text is embedded once for each model."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pytest

from diglot.catalog.database import Database
from diglot.domain.chunk import text_hash
from diglot.domain.errors import Cancelled, ModelUnavailable
from diglot.ingestion import embedding
from diglot.ingestion.embedding import embed_missing, fetch_vectors
from diglot.ports.embedder import EmbeddingModel


@dataclass
class Lengths:
    """Two numbers of a text, and what it was asked for."""

    name: str = "lengths"
    asked: list[list[str]] = field(default_factory=list)
    fails_after: int = 10**9

    @property
    def model(self) -> EmbeddingModel:
        return EmbeddingModel(self.name, dimension=2, max_tokens=100)

    def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        if len(self.asked) >= self.fails_after:
            raise ModelUnavailable
        self.asked.append(list(texts))
        angles = np.array([len(text) for text in texts], dtype=np.float32)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        row: npt.NDArray[np.float32] = self.embed_passages([text])[0]
        return row

    def close(self) -> None: ...

    @property
    def asked_for(self) -> list[str]:
        return [text for batch in self.asked for text in batch]


def test_every_text_has_its_vector(database: Database) -> None:
    texts = ["a", "bb", "ccc", "bb"]
    embed_missing(database, Lengths(), texts)
    found = fetch_vectors(database, "lengths", [text_hash(text) for text in texts])
    assert found.keys() == {text_hash(text) for text in texts}
    for text in texts:
        assert found[text_hash(text)] == pytest.approx([np.cos(len(text)), np.sin(len(text))], abs=1e-3)
        assert found[text_hash(text)].dtype == np.float32


def test_only_what_is_missing_is_embedded(database: Database) -> None:
    embedder = Lengths()
    assert embed_missing(database, embedder, ["a", "bb", "a"]) == 2
    assert embed_missing(database, embedder, ["a", "bb", "ccc"]) == 1
    assert sorted(embedder.asked_for) == ["a", "bb", "ccc"]


def test_models_do_not_share(database: Database) -> None:
    embed_missing(database, Lengths("one"), ["a"])
    other = Lengths("other")
    embed_missing(database, other, ["a"])
    assert other.asked_for == ["a"]


def test_nothing_asked_nothing_done(database: Database) -> None:
    assert embed_missing(database, Lengths(), []) == 0


def test_what_was_embedded_before_a_failure_is_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "FIRST_BATCH", 10)
    monkeypatch.setattr(embedding, "LARGEST_BATCH", 10)
    texts = ["x" * length for length in range(1, 31)]
    with pytest.raises(ModelUnavailable):
        embed_missing(database, Lengths(fails_after=2), texts)
    second = Lengths()
    embed_missing(database, second, texts)
    assert len(second.asked_for) == 10


def test_progress_may_stop_it(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "FIRST_BATCH", 10)
    monkeypatch.setattr(embedding, "LARGEST_BATCH", 10)
    told: list[tuple[int, int]] = []

    def stop_at_the_third(done: int, of: int) -> None:
        told.append((done, of))
        if len(told) == 3:
            raise Cancelled

    embedder = Lengths()
    with pytest.raises(Cancelled):
        embed_missing(database, embedder, ["x" * length for length in range(1, 41)], stop_at_the_third)
    assert told == [(0, 40), (10, 40), (20, 40)]
    assert len(embedder.asked_for) == 20


def test_a_quick_model_gets_larger_batches(database: Database) -> None:
    embedder = Lengths()
    embed_missing(database, embedder, ["x" * length for length in range(1, 1001)])
    sizes = [len(batch) for batch in embedder.asked]
    assert sizes[0] == embedding.FIRST_BATCH
    assert max(sizes) > embedding.FIRST_BATCH
    assert max(sizes) <= embedding.LARGEST_BATCH
