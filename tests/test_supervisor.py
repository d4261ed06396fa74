"""The supervisor with small stand-ins for its children: real processes, real signals."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

import diglot.supervisor

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and inherited sockets are POSIX")

STAND_IN = """
import json, os, pathlib, signal, socket, sys, threading, time
folder = pathlib.Path(os.environ["STAND_IN"])
role, number = sys.argv[1:3]
(folder / f"{role}-{number}-{os.getpid()}").touch()
if role == "prepare":
    print(json.dumps(json.loads((folder / "settings.json").read_text())), flush=True)
    sys.stdin.readline()
    print(json.dumps({"setup_token": None}), flush=True)
    sys.exit(int((folder / "prepare-code").read_text()) if (folder / "prepare-code").exists() else 0)
code = folder / f"{role}-code"
if code.exists():
    sys.exit(int(code.read_text()))
go = threading.Event()
def leash():
    for line in sys.stdin:
        if line == "go\\n":
            go.set()
        if line == "stop\\n":
            if (folder / "stubborn").exists():
                continue
            (folder / f"stopped-{role}-{number}").touch()
            os._exit(0)
    os._exit(1)
threading.Thread(target=leash, daemon=True).start()
go.wait()
if role == "worker":
    time.sleep(60)
listener = socket.socket(fileno=int(sys.argv[3]))
while True:
    connection, _ = listener.accept()
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\\r\\n\\r\\n" + str(os.getpid()).encode())
    connection.close()
"""


class Served:
    def __init__(self, folder: Path, process: "subprocess.Popen[str]") -> None:
        self.folder = folder
        self.process = process
        self.url = ""

    def line(self, seconds: float = 10) -> str:
        assert self.process.stdout is not None
        readable, _, _ = select.select([self.process.stdout], [], [], seconds)
        assert readable, "nothing was printed"
        return self.process.stdout.readline()

    def wait_until_ready(self) -> None:
        line = self.line()
        assert line.startswith("diglot is ready at http://127.0.0.1:"), line
        self.url = line.split()[-1]

    def ask(self) -> str:
        host, port = self.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            return connection.makefile().read().split()[-1]

    def started(self, role: str) -> list[int]:
        return [int(path.name.rsplit("-", 1)[1]) for path in self.folder.glob(f"{role}-[0-9]-*")]

    def alive(self, role: str) -> list[int]:
        return [pid for pid in self.started(role) if is_running(pid)]


def is_running(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def eventually(claim: Callable[[], Any], seconds: float = 5) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := claim()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    package = tmp_path / "stand_in" / "diglot"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "roles.py").write_text(STAND_IN)
    return tmp_path


@contextmanager
def served(folder: Path, **settings: object) -> Iterator[Served]:
    told: dict[str, object] = {"data": str(folder / "data"), "host": "127.0.0.1", "port": 0}
    told |= {"api_workers": 1, "workers": 1, "log_level": "info", "log_format": "text"} | settings
    (folder / "settings.json").write_text(json.dumps(told))
    environment = {**os.environ, "PYTHONPATH": str(folder / "stand_in"), "STAND_IN": str(folder)}
    process = subprocess.Popen(
        [sys.executable, diglot.supervisor.__file__],
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    one = Served(folder, process)
    try:
        yield one
    finally:
        process.kill()
        process.communicate(timeout=10)


def test_it_answers_on_a_free_port_and_stops_in_order(folder: Path) -> None:
    with served(folder, api_workers=2, workers=2) as server:
        server.wait_until_ready()
        assert int(server.ask()) in server.started("api")
        eventually(lambda: len(server.alive("worker")) == 2)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) == 0
        assert sorted(path.name for path in folder.glob("stopped-*")) == [
            "stopped-api-1",
            "stopped-api-2",
            "stopped-worker-1",
            "stopped-worker-2",
        ]


@pytest.mark.parametrize("role", ["api", "worker"])
def test_a_child_that_dies_is_started_again(folder: Path, role: str) -> None:
    with served(folder) as server:
        server.wait_until_ready()
        (first,) = eventually(lambda: server.alive(role))
        os.kill(first, signal.SIGKILL)
        (second,) = eventually(lambda: [pid for pid in server.alive(role) if pid != first])
        assert second != first
        assert eventually(server.ask)


def test_all_die_with_a_killed_supervisor(folder: Path) -> None:
    with served(folder, api_workers=2, workers=2) as server:
        server.wait_until_ready()
        eventually(lambda: len(server.alive("worker")) == 2)
        server.process.kill()
        eventually(lambda: not server.alive("api") and not server.alive("worker"), seconds=1)


def test_what_does_not_stop_is_killed_by_the_second_signal(folder: Path) -> None:
    with served(folder) as server:
        server.wait_until_ready()
        (folder / "stubborn").touch()
        server.process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(0.5)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(5) == 0
        assert not server.alive("api")


def test_one_data_folder_is_served_once(folder: Path) -> None:
    with served(folder) as server:
        server.wait_until_ready()
        with served(folder) as second:
            assert second.process.wait(10) == 2
            assert second.process.stderr is not None
            assert f"already served by another process (process {server.process.pid})" in second.process.stderr.read()
        assert server.ask()


def test_a_taken_port_is_said_plainly(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with served(folder, port=port) as server:
            assert server.process.wait(10) == 2
            assert server.process.stderr is not None
            assert f"cannot listen on 127.0.0.1 port {port}" in server.process.stderr.read()


@pytest.mark.parametrize(
    ("who", "code", "answer"),
    [("prepare", 78, 78), ("prepare", 1, 1), ("api", 78, 78), ("api", 1, 1)],
)
def test_what_cannot_start_ends_the_server(folder: Path, who: str, code: int, answer: int) -> None:
    (folder / f"{who}-code").write_text(str(code))
    with served(folder) as server:
        assert server.process.wait(20) == answer
        assert not server.alive("api")
        assert not server.alive("worker")


def test_it_is_small(folder: Path) -> None:
    with served(folder) as server:
        server.wait_until_ready()
        assert psutil.Process(server.process.pid).memory_info().rss < 20_000_000


def test_log_lines_can_be_json(folder: Path) -> None:
    with served(folder, log_format="json") as server:
        server.wait_until_ready()
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(10)
        assert server.process.stderr is not None
        lines = [json.loads(line) for line in server.process.stderr.read().splitlines()]
        assert lines[-1]["message"] == "stopped"
