"""The whole server as it is started for real: processes, readiness, and nothing left behind."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.house import KEY

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")


class Server:
    def __init__(self, data: Path) -> None:
        flags = {"data": str(data), "port": "0"}
        environment = {**os.environ, "DIGLOT_FLAGS": json.dumps(flags), "DIGLOT_BOOTSTRAP_KEY": KEY}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "diglot.supervisor"],
            env=environment | {"DIGLOT_DISK_RESERVE_BYTES": "0", "DIGLOT_LEASE_SECONDS": "3"},
            stdout=subprocess.PIPE,
            text=True,
            cwd=data.parent,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[-1]

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(40)
        self.close()

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path / "data")
    yield started
    started.close()


def client_of(server: Server) -> httpx.Client:
    return httpx.Client(base_url=f"{server.url}/v1", headers={"Authorization": f"Bearer {KEY}"}, timeout=30)


def ingest(client: httpx.Client, dataset: str, text: str) -> None:
    body = {
        "name": "a",
        "text": text,
        "indexing_technique": "economy",
        "process_rule": {"mode": "automatic"},
    }
    answer = client.post(f"/datasets/{dataset}/document/create-by-text", json=body).raise_for_status().json()
    deadline = time.monotonic() + 30
    while True:
        path = f"/datasets/{dataset}/documents/{answer['batch']}/indexing-status"
        (state,) = client.get(path).raise_for_status().json()["data"]
        if state["indexing_status"] == "completed":
            return
        assert state["indexing_status"] != "error", state
        assert time.monotonic() < deadline, state
        time.sleep(0.05)


def test_a_killed_supervisor_takes_all_along(server: Server) -> None:
    with client_of(server) as client:
        dataset = client.post("/datasets", json={"name": "shelf"}).raise_for_status().json()["id"]
        ingest(client, dataset, "The lighthouse stands on the cliff.")
    family = server.family()
    commands = " | ".join(" ".join(one.cmdline()) for one in family)
    assert "roles api" in commands
    assert "roles worker" in commands
    assert "zygote" in commands
    server.process.kill()
    server.process.wait()
    deadline = time.monotonic() + 1.0
    while alive := [one for one in family if is_running(one)]:
        assert time.monotonic() < deadline, alive
        time.sleep(0.02)


def is_running(process: psutil.Process) -> bool:
    """A zombie that nobody has collected yet runs no more."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_killed_worker_and_api_come_back_and_all_works_on(server: Server) -> None:
    with client_of(server) as client:
        dataset = client.post("/datasets", json={"name": "shelf"}).raise_for_status().json()["id"]
        for role in ("roles worker", "roles api", "zygote"):
            ingest(client, dataset, f"Before the {role} dies.")
            for one in server.family():
                if role in " ".join(one.cmdline()):
                    one.send_signal(signal.SIGKILL)
            _wait_until_ready(server)
            ingest(client, dataset, f"After the {role} died.")


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{server.url}/readyz", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise AssertionError("not ready in time")


def test_it_stops_in_order_and_starts_again_on_the_same_folder(tmp_path: Path) -> None:
    first = Server(tmp_path / "data")
    family = first.family()
    first.stop()
    assert first.process.returncode == 0
    assert psutil.wait_procs(family, timeout=0.5)[1] == []
    second = Server(tmp_path / "data")
    assert httpx.get(f"{second.url}/readyz").status_code == 200
    second.stop()


def test_it_shows_how_the_first_account_is_made(server: Server) -> None:
    assert server.process.stdout is not None
    assert f"{server.url}/console/setup" in server.process.stdout.readline()
    token = server.process.stdout.readline().split()[-1]
    account = {"name": "Ada", "login": "ada", "password": "correct horse battery"}
    elsewhere = {"X-Forwarded-For": "192.0.2.1"}
    setup = f"{server.url}/diglot/v1/setup"
    assert httpx.post(setup, json=account, headers=elsewhere).status_code == 403
    assert httpx.post(setup, json=account | {"token": token}, headers=elsewhere).status_code == 200


def test_bad_settings_end_it_with_a_plain_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "diglot.supervisor"],
        env={**os.environ, "DIGLOT_FLAGS": json.dumps({"data": str(tmp_path), "port": "70000"})},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert "port" in done.stderr


def test_a_data_folder_that_cannot_be_written_ends_it_with_a_plain_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = subprocess.run(
        [sys.executable, "-m", "diglot.supervisor"],
        env={**os.environ, "DIGLOT_FLAGS": json.dumps({"data": str(tmp_path / "file" / "data"), "port": "0"})},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert "cannot be written: Not a directory" in done.stderr
    assert "Traceback" not in done.stderr


def test_whichever_process_is_asked_tells_the_sum_of_all(server: Server) -> None:
    for _ in range(20):
        with client_of(server) as client:
            client.get("/datasets").raise_for_status()
    counted = 'diglot_http_requests_total{dialect="dify",method="GET",status="200",template="/datasets"} 20.0'
    for _ in range(6):
        assert counted in httpx.get(f"{server.url}/metrics").raise_for_status().text


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mounted, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small disk can only be made by root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_ends_nobody(small_disk: Path) -> None:
    server = Server(small_disk / "data")
    try:
        with client_of(server) as client:
            dataset = client.post("/datasets", json={"name": "shelf"}).raise_for_status().json()["id"]
            ingest(client, dataset, "Zebras graze.")
        before = _api_processes(server)
        _fill(small_disk / "rest")
        for _ in range(20):
            with client_of(server) as client:
                client.get(f"/datasets/{dataset}/documents").raise_for_status()
                httpx.get(f"{server.url}/readyz").raise_for_status()
        with client_of(server) as client:
            body = {"name": "b", "text": "Lions sleep. " * 1000, "indexing_technique": "economy"}
            refused = client.post(f"/datasets/{dataset}/document/create-by-text", json=body)
        assert (refused.status_code, refused.json()["code"]) == (507, "insufficient_storage")
        (small_disk / "rest").unlink()
        with client_of(server) as client:
            client.delete(f"/datasets/{dataset}").raise_for_status()
        assert _api_processes(server) == before
    finally:
        server.stop()


def _api_processes(server: Server) -> set[int]:
    return {process.pid for process in server.family() if "api" in process.cmdline()}


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
