import gc
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from diglot.adapters.embedders.adding import Choices, add_endpoint, add_model
from diglot.adapters.embedders.registry import ModelRegistry
from diglot.adapters.embedders.store import ModelStore
from diglot.adapters.tokenizers.mixed import MixedTokenizer
from diglot.domain.errors import ModelNotFound
from tests.adapters.embedders.tiny_model import write_tiny_model

TOKENIZER = MixedTokenizer()


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write_tiny_model(tmp_path / "tiny")
    return tmp_path / "tiny"


def test_without_models_there_is_the_built_in_one(store: ModelStore) -> None:
    registry = ModelRegistry(store, TOKENIZER)
    assert registry.names() == ["diglot/lexical"]
    assert registry.default() == registry.resolve("Diglot/Lexical") == "diglot/lexical"
    assert registry.get("diglot/lexical").model == registry.describe("diglot/lexical")


def test_a_model_that_another_process_adds_is_seen(store: ModelStore, source: Path) -> None:
    registry, elsewhere = ModelRegistry(store, TOKENIZER), ModelStore(source.parent / "models")
    assert registry.resolve("tiny") is None
    add_model(elsewhere, str(source), Choices(aliases=("owner/tiny",)))
    assert registry.resolve("owner/tiny") == registry.resolve("TINY") == registry.default() == "tiny"
    assert registry.get("owner/tiny").embed_query("cat").any()
    elsewhere.remove("tiny")
    assert registry.resolve("tiny") is None
    with pytest.raises(ModelNotFound):
        registry.get("tiny")


def test_the_first_added_is_the_default(store: ModelStore) -> None:
    for name in ("zebra", "ant"):
        add_endpoint(store, name, "http://127.0.0.1:9/v1", name, dimension=8)
    assert ModelRegistry(store, TOKENIZER).default() == "zebra"
    assert ModelRegistry(store, TOKENIZER, default="ant").default() == "ant"


def test_a_chosen_model_that_is_missing_is_not_replaced(store: ModelStore) -> None:
    with pytest.raises(ModelNotFound, match="models add"):
        ModelRegistry(store, TOKENIZER, default="missing").default()


def test_loading_happens_once(store: ModelStore, source: Path) -> None:
    add_model(store, str(source))
    registry = ModelRegistry(store, TOKENIZER)
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(registry.get("tiny"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 8
    assert len(set(map(id, found))) == 1


def test_a_model_of_the_same_name_is_loaded_anew(store: ModelStore, source: Path) -> None:
    add_model(store, str(source))
    registry = ModelRegistry(store, TOKENIZER)
    before = registry.get("tiny")
    store.remove("tiny")
    add_model(store, str(source), Choices(query_prefix="cat "))
    assert registry.get("tiny") is not before
    assert before.embed_passages(["still usable"]).any()


def test_a_damaged_description_hides_only_itself(
    store: ModelStore, source: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("good", "bad", "worse"):
        add_model(store, str(source), Choices(name=name))
    (store.folder("bad") / "model.json").write_text("{")
    (store.folder("worse") / "model.json").write_text('{"name": 3}')
    assert ModelRegistry(store, TOKENIZER).names() == ["diglot/lexical", "good"]
    assert "bad" in caplog.text


def test_an_idle_server_loads_no_model_library(store: ModelStore) -> None:
    add_endpoint(store, "remote", "http://127.0.0.1:9/v1", "x", dimension=8)
    program = (
        "import sys, pathlib\n"
        "from diglot.adapters.embedders.registry import ModelRegistry\n"
        "from diglot.adapters.rerankers.registry import RerankerRegistry\n"
        "from diglot.adapters.embedders.store import ModelStore\n"
        "from diglot.adapters.tokenizers.mixed import MixedTokenizer\n"
        "store = ModelStore(pathlib.Path(sys.argv[1]))\n"
        "registry = ModelRegistry(store, MixedTokenizer())\n"
        "assert registry.names() == ['diglot/lexical', 'remote'] and RerankerRegistry(store).names() == []\n"
        "registry.get('diglot/lexical').embed_query('text')\n"
        "heavy = {'onnx', 'onnxruntime', 'openai', 'tokenizers', 'safetensors', 'huggingface_hub'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    folder = str(store.folder("x").parent)
    found = subprocess.run(
        [sys.executable, "-c", program, folder], capture_output=True, text=True, timeout=60, check=True
    )
    assert found.stdout.strip() == "[]"


def test_closing_ends_connections_and_threads(store: ModelStore, source: Path) -> None:
    before = threading.active_count()
    add_model(store, str(source))
    registry = ModelRegistry(store, TOKENIZER)
    registry.get("tiny").embed_passages(["cat"])
    registry.close()
    gc.collect()
    for thread in threading.enumerate():
        if thread.name.startswith("encoder"):
            thread.join(5)
    assert threading.active_count() <= before
