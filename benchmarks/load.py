"""A bounded load of one request over keep-alive connections to a server on this machine, and what the server paid."""

import http.client
import multiprocessing
import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """`url` on loopback; `bodies` are sent in turn, none means GET."""

    url: str
    headers: dict[str, str]
    bodies: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Load:
    """`rate` in requests/s; `median_ms` of one request; `cpu_ms` of the server's processes a request."""

    rate: float
    median_ms: float
    cpu_ms: float


def hammer(request: Request, clients: int, seconds: float, server_pids: list[int]) -> Load:
    """`clients` processes, one connection each, for `seconds` after a warm-up of 50 requests each."""
    with multiprocessing.get_context("spawn").Pool(clients) as pool:
        pool.starmap(_warm_up, [(request,)] * clients)
        before = cpu_seconds(server_pids)
        results = pool.starmap(_run, [(request, seconds)] * clients)
        spent = cpu_seconds(server_pids) - before
    times = [one for result in results for one in result]
    return Load(len(times) / seconds, statistics.median(times) * 1000, spent * 1000 / len(times))


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of these processes so far."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _warm_up(request: Request) -> None:
    _send(request, 50, float("inf"))


def _run(request: Request, seconds: float) -> list[float]:
    return _send(request, 1_000_000, seconds)


def _send(request: Request, count: int, seconds: float) -> list[float]:
    address = urlsplit(request.url)
    assert address.hostname == "127.0.0.1", "the load stays on this machine"
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    target = address.path + (f"?{address.query}" if address.query else "")
    times: list[float] = []
    end = time.monotonic() + seconds
    while len(times) < count and time.monotonic() < end:
        body = request.bodies[len(times) % len(request.bodies)] if request.bodies else None
        start = time.perf_counter()
        connection.request("POST" if body else "GET", target, body, request.headers)
        response = connection.getresponse()
        response.read()
        times.append(time.perf_counter() - start)
        if response.status != 200:
            raise RuntimeError(f"{target} answered {response.status}")
    connection.close()
    return times
