import functools
import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from diglot.adapters.embedders.adding import add_model
from diglot.adapters.embedders.store import ModelStore, sha256_of
from diglot.domain.errors import InvalidArgument, ModelNotFound, ModelUnavailable
from tests.adapters.embedders.tiny_model import HIDDEN, write_tiny_model

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(http.server.BaseHTTPRequestHandler):
    """The two calls of the hub's protocol that a download needs: a model's listing, and a file of one revision."""

    protocol_version = "HTTP/1.1"

    def __init__(self, folder: Path, asked: list[str], *arguments: object) -> None:
        self.folder, self.asked = folder, asked
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self.asked.append(self.path)
        listing, files = "/api/models/owner/tiny", f"/owner/tiny/resolve/{COMMIT}/"
        if self.path.split("?")[0] in (listing, f"{listing}/revision/{COMMIT}"):
            names = [path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()]
            siblings = [{"rfilename": name} for name in [*names, "../../escape.json", "pytorch_model.bin"]]
            return self.answer(200, json.dumps({"id": "owner/tiny", "sha": COMMIT, "siblings": siblings}).encode())
        path = self.folder / self.path.removeprefix(files)
        if self.path.startswith(files) and path.is_file():
            return self.answer(200, path.read_bytes(), {"X-Repo-Commit": COMMIT, "ETag": f'"{sha256_of([path])}"'})
        return self.answer(404, b"{}", {"X-Error-Code": "RepoNotFound"})

    do_HEAD = do_GET

    def answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    write_tiny_model(tmp_path / "repository")
    (tmp_path / "repository" / "1_Pooling").mkdir()
    (tmp_path / "repository" / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    return tmp_path / "repository"


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def hub(repository: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Hub, repository, asked))
    server.daemon_threads = True
    thread = threading.Thread(target=lambda: server.serve_forever(0.01), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_a_hub_name_is_fetched_and_converted(tmp_path: Path, hub: str, asked: list[str]) -> None:
    stages: list[str] = []
    store = ModelStore(tmp_path / "models")
    record = add_model(store, "owner/tiny", progress=lambda stage, share: stages.append(stage), hub=hub)
    assert (record.name, record.aliases, record.dimension) == ("tiny", ("owner/tiny",), HIDDEN)
    assert (record.pooling, record.source) == ("cls", "owner/tiny")
    assert "fetching model.safetensors" in stages
    assert not [path for path in asked if path.endswith((".bin", "escape.json"))]
    assert [path.name for path in tmp_path.rglob("escape.json")] == []


def test_a_ready_onnx_is_fetched_where_nothing_can_be_converted(tmp_path: Path, repository: Path, hub: str) -> None:
    store = ModelStore(tmp_path / "models")
    add_model(store, str(repository))
    (repository / "onnx").mkdir()
    shutil.copy(store.folder("repository") / "model.onnx", repository / "onnx")
    (repository / "model.safetensors").unlink()
    assert add_model(store, "owner/tiny", hub=hub).dimension == HIDDEN


def test_no_weights_of_ours(tmp_path: Path, repository: Path, hub: str) -> None:
    (repository / "model.safetensors").unlink()
    with pytest.raises(InvalidArgument, match="neither an ONNX model nor safetensors"):
        add_model(ModelStore(tmp_path / "models"), "owner/tiny", hub=hub)


def test_an_unknown_repository(tmp_path: Path, hub: str) -> None:
    with pytest.raises(ModelNotFound, match="owner/other"):
        add_model(ModelStore(tmp_path / "models"), "owner/other", hub=hub)


def test_no_hub(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="could not be fetched"):
        add_model(ModelStore(tmp_path / "models"), "owner/tiny", hub="http://127.0.0.1:9")
