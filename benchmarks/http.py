"""What HTTP costs: a document read against a bare echo, a search against the same search in process, more clients."""

import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import orjson

from benchmarks.corpus import make
from benchmarks.load import Request, hammer
from diglot.assembly import open_house
from diglot.catalog import generations
from diglot.cli.processes import RunningServer, api_pids
from diglot.domain.identity import DatasetId
from diglot.domain.search import RetrievalPlan, RetrievalSettings, SearchMethod
from diglot.settings import Settings

SECONDS = 4.0
WORDS_EACH = 2_000


def measure(chunks: int = 10_000) -> dict[str, float]:
    """Ratios and the figures behind them, all from one run; the dataset holds `chunks` chunks of 100 words."""
    results: dict[str, float] = {}
    with TemporaryDirectory(prefix="diglot-http-") as folder, RunningServer(Path(folder)) as server:
        headers = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}
        dataset, document = _fill(server, headers, chunks)
        _settle(Path(folder), dataset)
        pids = api_pids(server.pid)
        base = f"{server.url}/v1/datasets/{dataset}"
        with _echo() as (url, pid):
            floor = hammer(Request(url, headers), 1, SECONDS, [pid])
            light = hammer(Request(f"{base}/documents/{document}", headers), 1, SECONDS, pids)
        results["echo_cpu_ms"] = floor.cpu_ms
        results["document_cpu_ms"] = light.cpu_ms
        results["document_vs_echo"] = light.cpu_ms / floor.cpu_ms
        search = Request(f"{base}/retrieve", headers, _questions(chunks))
        results["in_process_median_ms"] = _in_process(Path(folder), dataset, chunks)
        for clients in (1, 2, 4, 8):
            load = hammer(search, clients, SECONDS, pids)
            results[f"search_rate_{clients}"] = load.rate
            results[f"search_median_ms_{clients}"] = load.median_ms
            results[f"search_cpu_ms_{clients}"] = load.cpu_ms
        results["http_adds_ms"] = results["search_median_ms_1"] - results["in_process_median_ms"]
        results["rate_8_vs_1"] = results["search_rate_8"] / results["search_rate_1"]
    return results


def _fill(server: RunningServer, headers: dict[str, str], chunks: int) -> tuple[str, str]:
    texts = make(chunks, questions=0).texts
    rule = {
        "mode": "custom",
        "rules": {"pre_processing_rules": [], "segmentation": {"separator": "\n\n", "max_tokens": 4000}},
    }
    with httpx.Client(base_url=f"{server.url}/v1", headers=headers, timeout=120) as client:
        dataset = client.post("/datasets", json={"name": "load"}).raise_for_status().json()["id"]
        for start in range(0, chunks, WORDS_EACH):
            text = "\n\n".join(texts[start : start + WORDS_EACH])
            body = {"name": f"part {start}", "text": text, "indexing_technique": "high_quality", "process_rule": rule}
            made = client.post(f"/datasets/{dataset}/document/create-by-text", json=body).raise_for_status().json()
        deadline = time.monotonic() + 600
        while time.monotonic() < deadline:
            detail = client.get(f"/datasets/{dataset}").json()
            if detail["total_available_documents"] == -(-chunks // WORDS_EACH):
                return dataset, made["document"]["id"]
            time.sleep(0.2)
    raise TimeoutError("the documents were not ready in time")


def _settle(data: Path, dataset: str, seconds: float = 240.0) -> None:
    """Until the worker has folded the new rows into the large structures, as it does when nothing else is to do."""
    with open_house(Settings.for_tests(data)) as diglot, diglot.database.read() as connection:
        generation = generations.active(connection, DatasetId(dataset.replace("-", "")))
        deadline = time.monotonic() + seconds
        while diglot.index.stats(generation).pending and time.monotonic() < deadline:
            time.sleep(0.5)


def _in_process(data: Path, dataset: str, chunks: int) -> float:
    """Median ms of the same questions to the same data without HTTP."""
    times: list[float] = []
    with open_house(Settings.for_tests(data)) as diglot:
        caller = diglot.keys.owner()
        wanted = (DatasetId(dataset.replace("-", "")),)
        for text, _ in make(chunks, questions=200).questions * 3:
            plan = RetrievalPlan(caller.workspace_id, wanted, text, RetrievalSettings(SearchMethod.HYBRID, top_k=10))
            start = time.perf_counter()
            diglot.retriever.search(plan)
            times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def _questions(chunks: int) -> tuple[bytes, ...]:
    settings = {
        "search_method": "hybrid_search",
        "reranking_enable": False,
        "top_k": 10,
        "score_threshold_enabled": False,
    }
    asked = make(chunks, questions=200).questions
    return tuple(orjson.dumps({"query": text, "retrieval_model": settings}) for text, _ in asked)


@contextmanager
def _echo() -> Iterator[tuple[str, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.echo", str(port)])
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}/", process.pid
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the echo server did not start")


if __name__ == "__main__":
    for name, value in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000).items():
        print(f"{name:24} {value:10.3f}")
