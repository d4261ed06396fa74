import json
import os
import shutil
import stat
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from diglot.adapters.embedders.adding import Choices, add_endpoint, add_model, checked_address
from diglot.adapters.embedders.onnx import OnnxEmbedder, Pooling
from diglot.adapters.embedders.record import ModelKind
from diglot.adapters.embedders.store import ModelStore
from diglot.domain.errors import (
    InvalidArgument,
    ModelMisbehaved,
    ModelNotFound,
    ModelUnavailable,
    NameInvalid,
    NameTaken,
)
from tests.adapters.embedders.model_server import DIMENSION, model_server
from tests.adapters.embedders.tiny_model import HIDDEN, write_tiny_model

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "data" / "models")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny-model"
    write_tiny_model(folder)
    return folder


def write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def is_clean(store: ModelStore) -> bool:
    """Nothing half-made lies about."""
    folder = store.folder("x").parent
    return not folder.exists() or not [name for name in os.listdir(folder) if name.startswith(".adding")]


def test_a_folder_is_named_after_itself(store: ModelStore, source: Path) -> None:
    stages: list[tuple[str, float]] = []
    record = add_model(store, str(source), progress=lambda stage, share: stages.append((stage, share)))
    assert (record.name, record.kind, record.dimension) == ("tiny-model", ModelKind.ONNX, HIDDEN)
    assert store.records() == [record]
    assert [share for _, share in stages] == sorted(share for _, share in stages)
    assert stages[-1] == ("done", 1.0)
    assert is_clean(store)


def test_what_the_folder_says_is_kept(store: ModelStore, source: Path) -> None:
    write(source / "sentence_bert_config.json", {"max_seq_length": 33})
    write(source / "1_Pooling" / "config.json", {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False})
    write(source / "config_sentence_transformers.json", {"prompts": {"query": "q: ", "document": "d: "}})
    record = add_model(store, str(source))
    assert (record.max_tokens, record.pooling) == (33, Pooling.CLS)
    assert (record.query_prefix, record.passage_prefix) == ("q: ", "d: ")


def test_the_operator_knows_better(store: ModelStore, source: Path) -> None:
    write(source / "sentence_bert_config.json", {"max_seq_length": 33})
    choices = Choices(
        name="mine",
        aliases=("other",),
        languages=frozenset({"zh"}),
        max_tokens=20,
        pooling=Pooling.LAST,
        query_prefix="?",
        passage_prefix="!",
        vector_weight=0.4,
    )
    record = add_model(store, str(source), choices)
    assert (record.name, record.aliases, record.languages) == ("mine", ("other",), frozenset({"zh"}))
    assert (record.max_tokens, record.pooling, record.vector_weight) == (20, Pooling.LAST, 0.4)
    assert (record.query_prefix, record.passage_prefix) == ("?", "!")


def test_prefixes_are_known_by_name(store: ModelStore, source: Path) -> None:
    record = add_model(store, str(source.rename(source.parent / "bge-small-zh-v1.5")))
    assert record.query_prefix == "为这个句子生成表示以用于检索相关文章："


def test_an_onnx_folder_is_taken_as_it_is(store: ModelStore, source: Path, tmp_path: Path) -> None:
    add_model(store, str(source), Choices(name="first", quantised=False))
    exported = tmp_path / "exported"
    exported.mkdir()
    for name in ("model.onnx", "tokenizer.json"):
        shutil.copy(store.folder("first") / name, exported)
    record = add_model(store, str(exported), Choices(max_tokens=66))
    assert (store.folder("exported") / "model.onnx").read_bytes() == (exported / "model.onnx").read_bytes()
    assert record.dimension == HIDDEN


def test_a_limit_beyond_the_graph_is_found_at_once(store: ModelStore, source: Path) -> None:
    with pytest.raises(ModelMisbehaved):
        add_model(store, str(source), Choices(max_tokens=67))
    assert store.records() == []
    assert is_clean(store)


def test_a_vocabulary_makes_a_tokenizer(store: ModelStore, source: Path) -> None:
    vocabulary = json.loads((source / "tokenizer.json").read_text())["model"]["vocab"]
    (source / "tokenizer.json").rename(source.parent / "kept.json")
    (source / "vocab.txt").write_text("\n".join(sorted(vocabulary, key=vocabulary.get)))
    write(source / "tokenizer_config.json", {"do_lower_case": True})
    record = add_model(store, str(source), Choices(name="from-vocabulary"))
    (source.parent / "kept.json").rename(source / "tokenizer.json")
    add_model(store, str(source), Choices(name="from-tokenizer"))
    rows = [
        OnnxEmbedder(record.embedding_model(), store.folder(name), Pooling.MEAN).embed_query("Water, the CAT!")
        for name in ("from-vocabulary", "from-tokenizer")
    ]
    assert np.array_equal(*rows)


def test_lower_casing_outside_the_tokenizer_is_kept(store: ModelStore, source: Path) -> None:
    tokenizer = json.loads((source / "tokenizer.json").read_text())
    tokenizer["normalizer"] = None
    write(source / "tokenizer.json", tokenizer)
    write(source / "sentence_bert_config.json", {"max_seq_length": 33, "do_lower_case": True})
    record = add_model(store, str(source))
    embedder = OnnxEmbedder(record.embedding_model(), store.folder(record.name), Pooling.MEAN)
    assert np.array_equal(embedder.embed_query("CAT"), embedder.embed_query("cat"))


def test_weights_may_lie_in_several_files_of_half_precision(store: ModelStore, source: Path) -> None:
    tensors = load_file(source / "model.safetensors")
    names = sorted(tensors)
    (source / "model.safetensors").unlink()
    parts = {"model-1.safetensors": names[::2], "model-2.safetensors": names[1::2]}
    for part, inside in parts.items():
        save_file({name: tensors[name].astype(np.float16) for name in inside}, source / part)
    homes = {name: part for part, inside in parts.items() for name in inside}
    write(source / "model.safetensors.index.json", {"weight_map": homes})
    assert add_model(store, str(source)).dimension == HIDDEN
    store.remove("tiny-model")
    (source / "model-2.safetensors").unlink()
    with pytest.raises(InvalidArgument, match=r"model-2\.safetensors missing"):
        add_model(store, str(source))


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"model_type": "t5"}, "'t5' cannot be converted"),
        ({"hidden_act": "relu"}, "hidden_act = 'relu'"),
        ({"position_embedding_type": "relative_key"}, "relative_key"),
        ({"num_hidden_layers": None}, "not complete"),
        ({"num_hidden_layers": 3}, r"no tensor encoder\.layer\.2"),
    ],
)
def test_what_cannot_be_converted_is_refused(
    store: ModelStore, source: Path, config: dict[str, object], message: str
) -> None:
    write(source / "config.json", json.loads((source / "config.json").read_text()) | config)
    with pytest.raises(InvalidArgument, match=message):
        add_model(store, str(source))
    assert store.records() == []
    assert is_clean(store)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("1_Pooling/config.json", {"pooling_mode_max_tokens": True}, "pooling_mode_max_tokens"),
        ("modules.json", [{"type": "sentence_transformers.models.Dense", "path": "2_Dense"}], "Dense"),
        ("modules.json", {"a": 1}, "not a list"),
        ("config.json", [], "no JSON object"),
        ("tokenizer.json", {}, r"tokenizer\.json cannot be read"),
    ],
)
def test_what_would_fail_silently_is_refused(
    store: ModelStore, source: Path, file: str, content: object, message: str
) -> None:
    write(source / file, content)
    with pytest.raises(InvalidArgument, match=message):
        add_model(store, str(source))


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json"])
def test_an_incomplete_folder_is_refused(store: ModelStore, source: Path, file: str) -> None:
    (source / file).unlink()
    with pytest.raises(InvalidArgument):
        add_model(store, str(source))


def test_damaged_weights_are_refused(store: ModelStore, source: Path) -> None:
    (source / "model.safetensors").write_bytes(b"\xff" * 100)
    with pytest.raises(InvalidArgument, match="cannot be read"):
        add_model(store, str(source))


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".hidden", "con", "ends.", "x" * 101, "汉", "a\x00b", "nul.txt"])
def test_names_are_no_paths(store: ModelStore, source: Path, name: str) -> None:
    with pytest.raises(NameInvalid):
        add_endpoint(store, name, "http://127.0.0.1:9/v1", "x", dimension=8)


def test_a_name_is_taken_once_in_any_capitals(store: ModelStore, source: Path) -> None:
    add_model(store, str(source), Choices(name="mine", aliases=("Other",)))
    for name in ("mine", "MINE", "other"):
        with pytest.raises(NameTaken):
            add_model(store, str(source), Choices(name=name))


def test_a_name_never_comes_to_mean_other_weights(store: ModelStore, source: Path) -> None:
    add_model(store, str(source), Choices(name="mine"))
    store.remove("mine")
    add_model(store, str(source), Choices(name="mine"))
    store.remove("mine")
    write_tiny_model(source, seed=1)
    with pytest.raises(NameTaken, match="once meant another model"):
        add_model(store, str(source), Choices(name="mine"))
    assert add_model(store, str(source), Choices(name="another")).name == "another"


def test_what_is_nowhere_is_said(store: ModelStore, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="neither a folder"):
        add_model(store, str(tmp_path / "nothing"))
    with pytest.raises(ModelNotFound):
        store.remove("nothing")


def test_an_endpoint_is_asked_for_its_dimension(store: ModelStore) -> None:
    with model_server(key=KEY) as server:
        record = add_endpoint(store, "remote", server.url + "/embeddings/", "owner/their-name", KEY)
    assert (record.dimension, record.base_url) == (DIMENSION, server.url)
    assert record.aliases == ("owner/their-name",)
    assert store.secret("remote") == KEY
    assert KEY not in (store.folder("remote") / "model.json").read_text()
    if os.name == "posix":
        assert stat.S_IMODE((store.folder("remote") / "secret").stat().st_mode) == 0o600


def test_an_endpoint_need_not_be_there_when_its_dimension_is_known(store: ModelStore) -> None:
    record = add_endpoint(store, "remote", "http://127.0.0.1:9/v1", "bge-m3", dimension=1024)
    assert (record.dimension, store.secret("remote")) == (1024, None)


def test_an_endpoint_that_is_down_or_refuses_is_not_added(store: ModelStore) -> None:
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        add_endpoint(store, "remote", "http://127.0.0.1:9/v1", "x")
    with model_server(key=KEY) as server, pytest.raises(ModelMisbehaved, match="401") as caught:
        add_endpoint(store, "remote", server.url, "x", "sk-the-wrong-key")
    assert "sk-the-wrong-key" not in str(caught.value)
    assert store.records() == []


@pytest.mark.parametrize(
    "address",
    ["ftp://host/v1", "host/v1", "http://", "http://user:secret@host/v1", "http://h:x/", "http://h/?key=1", ""],
)
def test_addresses_are_plain(address: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        checked_address(address, "/embeddings")
    assert "secret" not in str(caught.value)


def test_what_a_killed_process_left_is_swept_up_later(store: ModelStore, source: Path) -> None:
    add_model(store, str(source))
    old, fresh = (store.folder("x").parent / name for name in (".adding-old", ".adding-fresh"))
    for folder in (old, fresh):
        folder.mkdir()
        (folder / "model.onnx").write_bytes(b"half")
    os.utime(old, (1, 1))
    add_model(store, str(source), Choices(name="second"))
    assert (old.exists(), fresh.exists()) == (False, True)
