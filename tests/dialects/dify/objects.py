"""Things to test with, made through the API."""

from itertools import count
from typing import Any

from starlette.testclient import TestClient

from diglot.assembly import Diglot
from tests.house import finish

_numbers = count(1)
A_CHUNK_A_LINE = {
    "mode": "custom",
    "rules": {"pre_processing_rules": [], "segmentation": {"separator": "\n", "max_tokens": 500}},
}
PARENTS_AND_CHILDREN = {
    "mode": "hierarchical",
    "rules": {
        "pre_processing_rules": [],
        "parent_mode": "full-doc",
        "segmentation": {"separator": "\n", "max_tokens": 500},
        "subchunk_segmentation": {"separator": "\n", "max_tokens": 100},
    },
}


def a_dataset(client: TestClient, **fields: Any) -> str:
    answer = client.post("/v1/datasets", json={"name": f"dataset {next(_numbers)}", **fields})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def a_document(
    client: TestClient, dataset: str, text: str = "The battery lasts ten hours.\nIt charges in two.", **fields: Any
) -> dict[str, Any]:
    defaults = {
        "name": f"note {next(_numbers)}",
        "indexing_technique": "high_quality",
        "process_rule": A_CHUNK_A_LINE,
    }
    body = {"text": text} | defaults | fields
    answer = client.post(f"/v1/datasets/{dataset}/document/create-by-text", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["document"], batch=answer.json()["batch"])


def a_ready_document(client: TestClient, house: Diglot, dataset: str, *args: Any, **fields: Any) -> str:
    made = a_document(client, dataset, *args, **fields)
    finish(house)
    return str(made["id"])


def contents(client: TestClient, dataset: str, question: str, **retrieval: Any) -> list[str]:
    """What is found, best first."""
    model = {"search_method": "hybrid_search", "reranking_enable": False, "top_k": 10, "score_threshold_enabled": False}
    answer = client.post(
        f"/v1/datasets/{dataset}/retrieve", json={"query": question, "retrieval_model": model | retrieval}
    )
    assert answer.status_code == 200, answer.text
    return [record["segment"]["content"] for record in answer.json()["records"]]
