"""An address is judged at each connection, and the one that was judged is connected to."""

import socket
from typing import Any

import pytest

from diglot.adapters.embedders.bounded import OTHER_BYTES
from diglot.adapters.embedders.endpoint import Endpoint, Patience
from diglot.adapters.embedders.reach import Reach
from diglot.domain.errors import InvalidArgument, ModelUnavailable
from tests.adapters.embedders.model_server import model_server

ONCE = Patience(attempts=1, timeout=5.0)
BODY = {"model": "m", "input": ["text"]}


class Names:
    """A name server that answers as it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self._real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self._find)

    def _find(self, host: Any, port: Any, *rest: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if not name.endswith(".test"):
            return self._real(host, port, *rest, **options)
        self.asked.append(name)
        address = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in address.split()]


def test_a_name_is_looked_up_once_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch, "127.0.0.1")
    with model_server() as server:
        url = server.url.replace("127.0.0.1", "models.test")
        endpoint = Endpoint("remote", url, None, Reach(allows_loopback=True))
        endpoint.post("/embeddings", BODY, ONCE, OTHER_BYTES)
        endpoint.close()
    assert names.asked == ["models.test"]
    assert server.headers[0]["host"].startswith("models.test:")


def test_a_name_that_changes_its_mind_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Good when it is added, this machine when it is used."""
    with model_server() as server:
        Names(monkeypatch, "93.184.215.14", "127.0.0.1")
        url = server.url.replace("127.0.0.1", "models.test")
        reach = Reach()
        reach.check(url)
        endpoint = Endpoint("remote", url, None, reach)
        with pytest.raises(ModelUnavailable):
            endpoint.post("/embeddings", BODY, ONCE, OTHER_BYTES)
        endpoint.close()
    assert server.requests == []


def test_one_bad_address_among_good_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch, "93.184.215.14 10.0.0.1")
    with pytest.raises(InvalidArgument):
        Reach().address("models.test", 443)


def test_what_the_operator_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch, "10.1.2.3")
    assert Reach.of("models.test", allows_loopback=False).address("Models.test", 80) == "10.1.2.3"
    assert Reach.of("10.0.0.0/8, other", allows_loopback=False).address("models.test", 80) == "10.1.2.3"
    for hosts in ("", "10.2.0.0/16", "other.test"):
        with pytest.raises(InvalidArgument):
            Reach.of(hosts, allows_loopback=True).address("models.test", 80)
    with pytest.raises(InvalidArgument):
        Reach.of("10.0.0.0/99", allows_loopback=False)
