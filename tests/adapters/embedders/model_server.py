"""A small real HTTP server with /embeddings and /rerank, and every bad habit that such servers have."""

import base64
import contextlib
import gzip
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

DIMENSION = 24


@dataclass
class ModelServer:
    """`mode` names a habit of `HABITS`; `failures` how many requests it spoils before the server behaves (None: all).
    `shape` is the reranker's body: documents or texts."""

    url: str = ""
    mode: str = "good"
    failures: int | None = None
    shape: str = "documents"
    key: str | None = None
    most_texts: int = 32
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    sent_bytes: int = 0

    def takes_mode(self) -> str:
        if self.failures is None:
            return self.mode
        self.failures -= 1
        return self.mode if self.failures >= 0 else "good"


def vector_of(text: str, dimension: int = DIMENSION) -> list[float]:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    return [float(each) for each in np.random.default_rng(seed).standard_normal(dimension)]


def score_of(question: str, text: str) -> float:
    return hashlib.sha256(f"{question}|{text}".encode()).digest()[0] / 255


@contextmanager
def model_server(**options: Any) -> Iterator[ModelServer]:
    state = ModelServer(**options)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=lambda: server.serve_forever(0.01), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class Refused(Exception):
    def __init__(self, status: int, message: str, code: str | None = None, **headers: str) -> None:
        self.status, self.message, self.code, self.headers = status, message, code, headers


class Endless(Exception):
    """An answer that goes on until nobody takes it any more."""

    def __init__(self, status: int = 200, is_compressed: bool = False) -> None:
        self.status, self.is_compressed = status, is_compressed
        self.piece = gzip.compress(bytes(1 << 24)) if is_compressed else b'{"data": [' + b"0, " * 10_000


def _handler(state: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.requests.append({"path": self.path, **body})
            state.headers.append({name.lower(): value for name, value in self.headers.items()})
            state.times.append(time.monotonic())
            try:
                answer = HABITS[state.takes_mode()](state, self.path, body)
            except Endless as endless:
                return self._send_for_ever(endless)
            except Refused as refusal:
                error = {"message": refusal.message, "code": refusal.code}
                headers = {name.replace("_", "-"): value for name, value in refusal.headers.items()}
                return self._send(refusal.status, json.dumps({"error": error}).encode(), headers)
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            return self._send(200, content, {})

        def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _send_for_ever(self, endless: Endless) -> None:
            self.send_response(endless.status)
            self.send_header("Content-Type", "application/json")
            if endless.is_compressed:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            with contextlib.suppress(OSError):
                while True:
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(endless.piece), endless.piece))
                    state.sent_bytes += len(endless.piece)

        def log_message(self, *arguments: Any) -> None:
            pass

    return Handler


def _good(state: ModelServer, path: str, body: dict[str, Any]) -> Any:
    if state.key is not None and state.headers[-1].get("authorization") != f"Bearer {state.key}":
        raise Refused(401, f"Incorrect API key provided: {state.headers[-1].get('authorization')}")
    return _embed(state, body) if path == "/v1/embeddings" else _rerank(state, path, body)


def _embed(state: ModelServer, body: dict[str, Any]) -> Any:
    if len(body["input"]) > state.most_texts or not all(text.strip() for text in body["input"]):
        raise Refused(400, "too many texts or an empty one")
    dimension = body.get("dimensions", DIMENSION)
    entries = [{"index": at, "embedding": vector_of(text, dimension)} for at, text in enumerate(body["input"])]
    return {"object": "list", "data": entries[::-1], "model": body["model"]}


def _rerank(state: ModelServer, path: str, body: dict[str, Any]) -> Any:
    texts = body.get(state.shape)
    if path != "/v1/rerank" or texts is None or len(texts) > state.most_texts or not all(map(str.strip, texts)):
        raise Refused(422, f"missing field {state.shape}")
    scores = sorted(enumerate(score_of(body["query"], text) for text in texts), key=lambda each: -each[1])
    if state.shape == "texts":
        return [{"index": at, "score": score} for at, score in scores]
    return {"results": [{"index": at, "relevance_score": score} for at, score in scores]}


def _refusing(*arguments: Any, **headers: str) -> Callable[..., Any]:
    def refuse(state: ModelServer, path: str, body: dict[str, Any]) -> Any:
        raise Refused(*arguments, **headers)

    return refuse


def _endless(*arguments: Any) -> Callable[..., Any]:
    def answer(state: ModelServer, path: str, body: dict[str, Any]) -> Any:
        raise Endless(*arguments)

    return answer


def _slow(state: ModelServer, path: str, body: dict[str, Any]) -> Any:
    time.sleep(0.6)
    return _good(state, path, body)


def _edited(edit: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    """A good answer with its list of entries changed in place."""

    def answer(state: ModelServer, path: str, body: dict[str, Any]) -> Any:
        good = _good(state, path, body)
        edit(good["data"] if "data" in good else good["results"])
        return good

    return answer


def _set(name: str, value: Any) -> Callable[[list[Any]], None]:
    return lambda entries: entries[0].update({name: value})


def _echoing(state: ModelServer, path: str, body: dict[str, Any]) -> Any:
    good = _rerank(state, path, body)
    for entry in good["results"]:
        entry["document"] = {"text": body[state.shape][entry["index"]]}
    return good


def _as_base64(state: ModelServer, path: str, body: dict[str, Any]) -> Any:
    good = _good(state, path, body)
    for entry in good["data"]:
        entry["embedding"] = base64.b64encode(np.array(entry["embedding"], "<f4").tobytes()).decode()
    return good


HABITS: dict[str, Callable[..., Any]] = {
    "good": _good,
    "slow": _slow,
    "down": _refusing(503, "warming up"),
    "limited": _refusing(429, "slow down", retry_after="0.3"),
    "limited long": _refusing(429, "slow down", retry_after="3600"),
    "no quota": _refusing(429, "pay first", "insufficient_quota"),
    "unknown model": _refusing(404, "no such model"),
    "endless": _endless(),
    "endless refusal": _endless(422),
    "endless when unpacked": _endless(200, True),
    "redirect": _refusing(302, "there", location="http://127.0.0.1:9/v1/embeddings"),
    "echoing": _echoing,
    "base64": _as_base64,
    "wrong dimension": _edited(lambda entries: [entry["embedding"].append(1.0) for entry in entries]),
    "ragged": _edited(lambda entries: entries[0]["embedding"].append(1.0)),
    "too few": _edited(lambda entries: entries.pop()),
    "twice the same": _edited(lambda entries: entries[0].update(index=entries[-1]["index"])),
    "nan": _edited(_set("embedding", [float("nan")] * DIMENSION)),
    "infinite score": _edited(_set("relevance_score", float("inf"))),
    "words": _edited(_set("embedding", ["a"] * DIMENSION)),
    "nothing": _edited(_set("embedding", None)),
    "bad base64": _edited(_set("embedding", "!!!")),
    "no score": _edited(_set("relevance_score", None)),
    "not json": lambda *_: b"<html>busy</html>",
    "half json": lambda *_: b'{"data": [',
    "a number": lambda *_: b"7",
    "a list": lambda *_: b"[1, 2]",
    "an object": lambda *_: b'{"data": 3, "results": 3}',
}
