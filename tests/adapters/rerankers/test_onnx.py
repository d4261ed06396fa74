from pathlib import Path

import numpy as np
import pytest

from diglot.adapters.embedders.adding import Choices, add_model
from diglot.adapters.embedders.conversion import write_model, write_tokenizer
from diglot.adapters.embedders.record import ModelKind
from diglot.adapters.embedders.store import ModelStore
from diglot.adapters.rerankers.onnx import OnnxReranker
from diglot.adapters.rerankers.registry import RerankerRegistry
from diglot.domain.errors import ModelMisbehaved, ModelNotFound
from diglot.ports.reranker import Reranker
from tests.adapters.embedders.tiny_model import hidden_states, logits, write_tiny_model
from tests.contracts.reranker import RerankerContract

QUESTION = "a question about water"
TEXTS = ["the river", "cat dog cat dog " * 5, "一段文字"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    write_tiny_model(folder / "source", labels=1)
    write_tokenizer(folder / "source", folder)
    write_model(folder / "source", folder)
    return folder


class TestContract(RerankerContract):
    @pytest.fixture
    def reranker(self, folder: Path) -> Reranker:
        return OnnxReranker("tiny", folder, 64)


@pytest.mark.parametrize(("quantised", "tolerance"), [(False, 1e-4), (True, 0.05)])
@pytest.mark.parametrize("labels", [1, 2])
@pytest.mark.parametrize("family", ["bert", "xlm-roberta"])
def test_the_graph_computes_what_the_papers_say(
    tmp_path: Path, family: str, labels: int, quantised: bool, tolerance: float
) -> None:
    tensors = write_tiny_model(tmp_path / "source", family, labels)
    tokenizer = write_tokenizer(tmp_path / "source", tmp_path)
    write_model(tmp_path / "source", tmp_path, quantised)
    scores = OnnxReranker("tiny", tmp_path, 64).rerank(QUESTION, TEXTS)
    for score, text in zip(scores, TEXTS, strict=True):
        encoding = tokenizer.encode(QUESTION, text)
        is_bert = family == "bert"
        types = encoding.type_ids if is_bert else [0] * len(encoding.ids)
        values = logits(tensors, hidden_states(tensors, encoding.ids, types, 0 if is_bert else 2))
        expected = np.exp(values[-1]) / np.exp(values).sum() if labels == 2 else 1 / (1 + np.exp(-values[0]))
        assert score == pytest.approx(expected, abs=tolerance)


def test_it_is_added_by_its_folder_and_found_by_its_name(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "judge", labels=1)
    store = ModelStore(tmp_path / "models")
    registry = RerankerRegistry(store)
    assert registry.names() == []
    record = add_model(store, str(tmp_path / "judge"), Choices(aliases=("owner/judge",)))
    assert (record.kind, record.dimension) == (ModelKind.ONNX_RERANKER, 0)
    assert registry.names() == ["judge"]
    assert registry.resolve("owner/judge") == "judge"
    assert registry.get("judge").rerank(QUESTION, TEXTS) == registry.get("owner/judge").rerank(QUESTION, TEXTS)
    with pytest.raises(ModelNotFound):
        registry.get("other")


def test_an_embedding_model_is_no_reranker(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "embedder")
    with pytest.raises(ModelMisbehaved):
        add_model(ModelStore(tmp_path / "models"), str(tmp_path / "embedder"), Choices(is_reranker=True))


def test_many_labels_are_no_reranker(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "classifier", labels=3)
    with pytest.raises(ModelMisbehaved, match="gives 3"):
        add_model(ModelStore(tmp_path / "models"), str(tmp_path / "classifier"))
