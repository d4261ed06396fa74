"""How well questions are answered, through the HTTP API of a server of its own: nDCG@10 on judged collections.

Each document of a collection is uploaded as one text and kept as one chunk; each question is asked by every method.
"""

import argparse
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from benchmarks.judged import Collection, load, mean_ndcg
from diglot.adapters.embedders.adding import add_model
from diglot.adapters.embedders.store import ModelStore
from diglot.cli.processes import RunningServer

METHODS = ("full_text_search", "hybrid_search", "semantic_search")
WHOLE = {
    "mode": "custom",
    "rules": {
        "pre_processing_rules": [{"id": "remove_extra_spaces", "enabled": True}],
        "segmentation": {"separator": "\u241e", "max_tokens": 4000},
    },
}


def measure(names: list[str], model: str | None, limit: int | None = None) -> dict[str, float]:
    """nDCG@10 by "collection method"; `model` None leaves the built-in embedder."""
    results: dict[str, float] = {}
    with TemporaryDirectory(prefix="diglot-quality-") as folder:
        if model is not None:
            add_model(ModelStore(Path(folder) / "models"), model)
        with RunningServer(Path(folder)) as server:
            for name in names:
                results |= judge(server, load(name, limit=limit))
    return results


def judge(server: RunningServer, collection: Collection) -> dict[str, float]:
    """Uploads the collection to a new dataset, asks, scores."""
    headers = {"Authorization": f"Bearer {server.key}"}
    with httpx.Client(base_url=f"{server.url}/v1", headers=headers, timeout=120) as client:
        dataset = client.post("/datasets", json={"name": collection.name}).raise_for_status().json()["id"]
        _upload(client, dataset, collection)
        return {
            f"{collection.name} {method}": round(
                mean_ndcg(_rankings(client, dataset, collection, method), collection), 4
            )
            for method in METHODS
        }


def _upload(client: httpx.Client, dataset: str, collection: Collection) -> None:
    def one(item: tuple[str, str]) -> None:
        body = {"name": item[0], "text": item[1], "indexing_technique": "high_quality", "process_rule": WHOLE}
        client.post(f"/datasets/{dataset}/document/create-by-text", json=body).raise_for_status()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, collection.documents.items()))
    _wait(client, dataset, len(collection.documents))


def _wait(client: httpx.Client, dataset: str, count: int, seconds: float = 1800) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        detail = client.get(f"/datasets/{dataset}").raise_for_status().json()
        if detail["total_available_documents"] == count:
            return
        time.sleep(0.5)
    raise TimeoutError(f"{detail['total_available_documents']} of {count} documents were ready after {seconds} s")


def _rankings(client: httpx.Client, dataset: str, collection: Collection, method: str) -> dict[str, list[str]]:
    def one(item: tuple[str, str]) -> tuple[str, list[str]]:
        settings = {"search_method": method, "reranking_enable": False, "top_k": 10, "score_threshold_enabled": False}
        body = {"query": item[1][:250], "retrieval_model": settings}
        answer = client.post(f"/datasets/{dataset}/retrieve", json=body).raise_for_status().json()
        return item[0], [record["segment"]["document"]["name"] for record in answer["records"]]

    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(one, collection.questions.items()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("collections", nargs="+")
    parser.add_argument("--model")
    parser.add_argument("--limit", type=int)
    given = parser.parse_args()
    print(json.dumps(measure(given.collections, given.model, given.limit), indent=2))
