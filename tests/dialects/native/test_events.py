"""Documents as they change, told to those who listen."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from diglot.domain.api_key import Scope
from diglot.http.native import events
from diglot.library import watching
from diglot.library.datasets import DatasetChange
from tests.dialects.native.conftest import API, Shelf
from tests.dialects.others import a_reader, a_stranger
from tests.house import KEY, a_client, a_house, serving, working

SOON = 10.0


class Ear:
    """Hears a stream in a thread; `heard` grows, `is_over` once the stream has ended."""

    def __init__(self, url: str, key: str, **sent: Any) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.is_over = False
        self._client = httpx.Client(headers={"Authorization": f"Bearer {key}"}, timeout=SOON)
        request = self._client.build_request("GET", f"{url}{API}/events", params=sent)
        self.answer = self._client.send(request, stream=True)
        self._thread = threading.Thread(target=self._hear, daemon=True)
        self._thread.start()

    def documents(self) -> list[dict[str, Any]]:
        return [data for name, data in self.heard if name == "document"]

    def leave(self) -> None:
        # Closing alone would wait for the thread that reads.
        with contextlib.suppress(OSError):
            self.answer.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=SOON)
        self._client.close()

    def _hear(self) -> None:
        name = ""
        with contextlib.suppress(httpx.HTTPError, httpx.StreamError, OSError):
            for line in self.answer.iter_lines():
                kind, _, value = line.partition(": ")
                if kind == "event":
                    name = value
                if kind == "data":
                    self.heard.append((name, json.loads(value)))
            self.is_over = True


@pytest.fixture
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with a_house(tmp_path_factory.mktemp("house"), ocr="off") as house:
        yield Shelf(house, a_client(house), house.datasets.create(house.keys.owner(), "shelf"))


@pytest.fixture
def url(shelf: Shelf) -> Iterator[str]:
    with serving(shelf.house) as url:
        yield url


@pytest.fixture
def listen(url: str) -> Iterator[Callable[..., Ear]]:
    ears: list[Ear] = []

    def begin(key: str = KEY, **sent: Any) -> Ear:
        ears.append(Ear(url, key, **sent))
        return ears[-1]

    yield begin
    for ear in ears:
        ear.leave()


def _until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def _is_idle() -> bool:
    return "watching" not in {thread.name for thread in threading.enumerate()}


def test_a_document_on_its_way(shelf: Shelf, listen: Callable[..., Ear]) -> None:
    waiting = shelf.add("waiting.txt", b"one\n\ntwo")
    ear = listen()
    assert ear.answer.headers["content-type"] == "text/event-stream"
    assert ear.answer.headers["cache-control"] == "no-store"
    _until(ear.documents)
    first = ear.documents()[0]
    assert first | {"updated_at": 0} == {
        "id": waiting.id,
        "dataset_id": shelf.dataset.id,
        "name": "waiting.txt",
        "status": "waiting",
        "phase": "running",
        "progress": 0.0,
        "error": None,
        "error_code": None,
        "error_facts": None,
        "chunk_count": 0,
        "updated_at": 0,
    }
    with working(shelf.house):
        _until(lambda: ear.documents()[-1]["status"] == "ready")
    last = ear.documents()[-1]
    assert (last["phase"], last["progress"]) == ("done", 1.0)
    assert last["chunk_count"] == shelf.now(waiting).chunk_count > 0


def test_a_change_is_told_within_a_second(shelf: Shelf, listen: Callable[..., Ear]) -> None:
    ears = [listen() for _ in range(5)]
    time.sleep(2 * watching.PAUSE_SECONDS)
    for name in ("a.txt", "b.txt", "c.txt"):
        began = time.monotonic()
        shelf.add(name, b"text")
        _until(lambda name=name: all(name in {one["name"] for one in ear.documents()} for ear in ears))
        assert time.monotonic() - began < 1.0


def test_each_hears_what_it_may_see(shelf: Shelf, listen: Callable[..., Ear]) -> None:
    owner = shelf.house.keys.owner()
    other = shelf.house.datasets.create(owner, "other")
    restricted = shelf.house.keys.create(owner, "k", datasets=[other.id], scopes=[Scope.READ]).text
    stranger = a_stranger(shelf.house).headers["authorization"].removeprefix("Bearer ")
    everything, one, theirs, nothing = (
        listen(),
        listen(dataset_id=shelf.dataset.id),
        listen(restricted),
        listen(stranger),
    )
    shelf.add("ours.txt", b"text")
    Shelf(shelf.house, shelf.client, other).add("theirs.txt", b"text")
    _until(lambda: {"ours.txt", "theirs.txt"} == {told["name"] for told in everything.documents()})
    _until(one.documents)
    _until(theirs.documents)
    assert {told["name"] for told in one.documents()} == {"ours.txt"}
    assert {told["name"] for told in theirs.documents()} == {"theirs.txt"}
    assert nothing.heard == []


def test_a_dataset_that_is_closed_to_the_api_is_silent(shelf: Shelf, listen: Callable[..., Ear]) -> None:
    owner = shelf.house.keys.owner()
    shelf.add("before.txt", b"text")
    shelf.house.datasets.update(owner, shelf.dataset.id, DatasetChange(api_enabled=False))
    other = shelf.house.datasets.create(owner, "open")
    ear = listen()
    shelf.add("silent.txt", b"text")
    Shelf(shelf.house, shelf.client, other).add("told.txt", b"text")
    _until(ear.documents)
    assert {told["name"] for told in ear.documents()} == {"told.txt"}


def test_pings(shelf: Shelf, listen: Callable[..., Ear], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "PING_SECONDS", 0.1)
    ear = listen()
    _until(lambda: len(ear.heard) > 2)
    assert set(map(str, ear.heard)) == {str(("ping", {}))}


def test_who_leaves_is_forgotten_at_once(shelf: Shelf, listen: Callable[..., Ear]) -> None:
    listen().leave()
    _until(_is_idle)
    ear = listen()
    shelf.add("again.txt", b"text")
    _until(ear.documents)


def test_listeners_hold_no_threads(shelf: Shelf, listen: Callable[..., Ear]) -> None:
    for _ in range(20):
        listen()
    _until(lambda: sum(thread.name.startswith("watching") for thread in threading.enumerate()) == 1)
    # All of the pool's threads are free for others: more listen than it has.
    began = time.monotonic()
    assert all(shelf.client.get(f"{API}/jobs").status_code == 200 for _ in range(20))
    assert time.monotonic() - began < SOON


def test_so_many_and_no_more(
    shelf: Shelf, url: str, listen: Callable[..., Ear], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "MOST_LISTENERS", 2)
    first, _ = listen(), listen()
    answer = httpx.get(f"{url}{API}/events", headers={"Authorization": f"Bearer {KEY}"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "busy")
    assert answer.headers["retry-after"]
    first.leave()

    def admitted() -> bool:
        ear = listen()
        return ear.answer.status_code == 200

    _until(admitted)


def test_head_is_answered_at_once_and_holds_no_place(
    shelf: Shelf, url: str, listen: Callable[..., Ear], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "MOST_LISTENERS", 1)
    with httpx.Client(headers={"Authorization": f"Bearer {KEY}"}, timeout=SOON) as client:
        for _ in range(3):
            answer = client.head(f"{url}{API}/events")
            assert (answer.status_code, answer.content) == (200, b"")
            assert answer.headers["content-type"] == "text/event-stream"
        # On the same connection.
        assert client.get(f"{url}{API}/settings").status_code == 200
        assert client.head(f"{url}{API}/events", params={"dataset_id": "x"}).status_code == 404
    _until(_is_idle)
    assert listen().answer.status_code == 200


def test_who_may_no_more_hears_no_more(
    shelf: Shelf, listen: Callable[..., Ear], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "CHECK_SECONDS", 0.1)
    owner = shelf.house.keys.owner()
    created = shelf.house.keys.create(owner, "short", scopes=[Scope.READ])
    ear, other = listen(created.text), listen()
    shelf.house.keys.revoke(owner, created.key.id)
    _until(lambda: ear.is_over)
    assert not other.is_over


def test_a_server_that_stops_ends_its_streams(shelf: Shelf) -> None:
    with serving(shelf.house) as url:
        ear = Ear(url, KEY)
        began = time.monotonic()
    assert time.monotonic() - began < 5
    _until(lambda: ear.is_over)
    ear.leave()


def test_what_is_not_there(shelf: Shelf, url: str) -> None:
    for sent in ("x", "0192f0c47e1a7c3b9d523f6b8a1c2d3e"):
        answer = a_reader(shelf.house).get(f"{API}/events", params={"dataset_id": sent})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "dataset_not_found")
