import json
from pathlib import Path

import numpy as np
import pytest

from diglot.adapters.embedders.adding import Choices, add_model
from diglot.adapters.embedders.conversion import write_model, write_tokenizer
from diglot.adapters.embedders.onnx import OnnxEmbedder, Pooling, normalised
from diglot.adapters.embedders.store import ModelStore
from diglot.domain.errors import ModelMisbehaved
from diglot.ports.embedder import Embedder, EmbeddingModel
from tests.adapters.embedders.tiny_model import HIDDEN, hidden_states, write_tiny_model
from tests.contracts.embedder import EmbedderContract

TEXTS = ["the water of the river", "cat", "a question about dog and cat " * 9, "一段文字"]
POOLED = {
    Pooling.MEAN: lambda states: states.mean(0),
    Pooling.CLS: lambda states: states[0],
    Pooling.LAST: lambda states: states[-1],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An int8 model, made the way operators make one."""
    folder = tmp_path_factory.mktemp("tiny")
    write_tiny_model(folder / "source")
    store = ModelStore(folder / "models")
    add_model(store, str(folder / "source"), Choices(name="tiny"))
    return store.folder("tiny")


def a_model(**changes: object) -> EmbeddingModel:
    return EmbeddingModel(**{"name": "tiny", "dimension": HIDDEN, "max_tokens": 64} | changes)


class TestContract(EmbedderContract):
    @pytest.fixture
    def embedder(self, folder: Path) -> Embedder:
        return OnnxEmbedder(a_model(), folder, Pooling.MEAN)


@pytest.mark.parametrize(("quantised", "least"), [(False, 0.99999), (True, 0.98)])
@pytest.mark.parametrize("pooling", list(Pooling))
@pytest.mark.parametrize("family", ["bert", "xlm-roberta"])
def test_the_graph_computes_what_the_papers_say(
    tmp_path: Path, family: str, pooling: Pooling, quantised: bool, least: float
) -> None:
    tensors = write_tiny_model(tmp_path / "source", family)
    tokenizer = write_tokenizer(tmp_path / "source", tmp_path)
    write_model(tmp_path / "source", tmp_path, quantised)
    rows = OnnxEmbedder(a_model(), tmp_path, pooling).embed_passages(TEXTS)
    tokenizer.enable_truncation(64)
    first = 2 if family == "xlm-roberta" else 0
    for row, text in zip(rows, TEXTS, strict=True):
        ids = tokenizer.encode(text).ids
        expected = normalised(POOLED[pooling](hidden_states(tensors, ids, [0] * len(ids), first)))
        assert row @ expected > least


def test_texts_are_cut_where_the_model_ends(folder: Path) -> None:
    short, long = (OnnxEmbedder(a_model(max_tokens=tokens), folder, Pooling.MEAN) for tokens in (8, 64))
    same, longer = "cat dog cat dog cat dog", "cat dog cat dog cat dog water river"
    assert np.array_equal(*short.embed_passages([same, longer]))
    assert not np.array_equal(*long.embed_passages([same, longer]))


def test_prefixes_stand_before_questions_and_passages(folder: Path) -> None:
    plain = OnnxEmbedder(a_model(), folder, Pooling.MEAN)
    prefixed = OnnxEmbedder(a_model(query_prefix="cat ", passage_prefix="dog "), folder, Pooling.MEAN)
    assert np.array_equal(prefixed.embed_query("water"), plain.embed_query("cat water"))
    assert np.array_equal(prefixed.embed_passages(["water"]), plain.embed_passages(["dog water"]))


def test_a_text_among_longer_ones_is_the_text_alone(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "source")
    write_tokenizer(tmp_path / "source", tmp_path)
    write_model(tmp_path / "source", tmp_path, quantised=False)
    embedder = OnnxEmbedder(a_model(), tmp_path, Pooling.MEAN)
    together = embedder.embed_passages(TEXTS)
    alone = np.concatenate([embedder.embed_passages([text]) for text in TEXTS])
    assert together == pytest.approx(alone, abs=1e-4)


def test_a_wrong_dimension_is_found(folder: Path) -> None:
    with pytest.raises(ModelMisbehaved, match="32 dimensions instead of 31"):
        OnnxEmbedder(a_model(dimension=31), folder, Pooling.MEAN).embed_query("text")


@pytest.mark.parametrize(
    ("file", "content"),
    [("model.onnx", b"no graph"), ("model.onnx", b""), ("tokenizer.json", b"{}"), ("tokenizer.json", b"\xff")],
)
def test_damaged_files_are_told(folder: Path, tmp_path: Path, file: str, content: bytes) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / file).write_bytes(content)
    with pytest.raises(ModelMisbehaved):
        OnnxEmbedder(a_model(), tmp_path, Pooling.MEAN)


def test_the_record_says_what_it_is(folder: Path) -> None:
    record = json.loads((folder / "model.json").read_text())
    assert {key: record[key] for key in ("kind", "dimension", "max_tokens", "pooling")} == {
        "kind": "onnx",
        "dimension": HIDDEN,
        "max_tokens": 66,
        "pooling": "mean",
    }
