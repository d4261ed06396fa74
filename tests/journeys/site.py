"""A server that people reach by HTTP, and what they do there through Dify's API."""

import json
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import httpx

from tests.house import KEY

SECONDS = 30.0
A_CHUNK_A_LINE = {
    "mode": "custom",
    "rules": {"pre_processing_rules": [], "segmentation": {"separator": "\n", "max_tokens": 500}},
}
_numbers = count(1)


class Site:
    """`client` may be used by several threads at once."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(
            base_url=f"{url}/v1", headers={"Authorization": f"Bearer {KEY}"}, timeout=SECONDS, trust_env=False
        )

    def ask(self, method: str, path: str, **sent: Any) -> Any:
        """The body of an answer that must be a success."""
        answer = self.client.request(method, path, **sent)
        assert answer.is_success, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def dataset(self) -> "Shelf":
        return Shelf(self, self.ask("POST", "/datasets", json={"name": f"dataset {next(_numbers)}"})["id"])


class Shelf:
    """A dataset of the site."""

    def __init__(self, site: Site, dataset: str) -> None:
        self.site = site
        self.path = f"/datasets/{dataset}"

    def add_text(self, text: str, name: str = "note", **fields: Any) -> dict[str, Any]:
        body = {"name": name, "text": text, "indexing_technique": "high_quality", **fields}
        answer: dict[str, Any] = self.site.ask("POST", f"{self.path}/document/create-by-text", json=body)
        return answer["document"] | {"batch": answer["batch"]}

    def add_file(self, name: str, content: bytes, /, **fields: Any) -> dict[str, Any]:
        return self.send_file("/document/create-by-file", name, content, indexing_technique="high_quality", **fields)

    def send_file(self, path: str, name: str, content: bytes, /, **fields: Any) -> dict[str, Any]:
        files: Any = {"file": (name, content), "data": (None, json.dumps(fields))}
        answer: dict[str, Any] = self.site.ask("POST", self.path + path, files=files)
        return answer["document"] | {"batch": answer["batch"]}

    def documents(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = []
        while True:
            query = {"limit": 100, "page": len(listed) // 100 + 1}
            page = self.site.ask("GET", f"{self.path}/documents", params=query)
            listed += page["data"]
            if not page["has_more"]:
                return listed

    def document(self, document: dict[str, Any]) -> dict[str, Any]:
        shown: dict[str, Any] = self.site.ask("GET", f"{self.path}/documents/{document['id']}")
        return shown

    def ended(self, document: dict[str, Any], seconds: float = SECONDS) -> dict[str, Any]:
        """The document once it is completed or has failed."""
        is_over = ("completed", "error").__contains__
        return until(lambda: self.document(document), lambda shown: is_over(shown["indexing_status"]), seconds)

    def all_ended(self, seconds: float = SECONDS) -> list[dict[str, Any]]:
        is_over = ("completed", "error").__contains__
        return until(
            self.documents, lambda listed: all(is_over(one["indexing_status"]) for one in listed), seconds, pause=0.1
        )

    def ready_text(self, text: str, **fields: Any) -> dict[str, Any]:
        shown = self.ended(self.add_text(text, **fields))
        assert shown["indexing_status"] == "completed", shown["error"]
        return shown

    def segments(self, document: dict[str, Any]) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.site.ask("GET", f"{self.path}/documents/{document['id']}/segments")["data"]
        return listed

    def records(self, question: str, method: str = "hybrid_search") -> list[dict[str, Any]]:
        model = {"search_method": method, "reranking_enable": False, "top_k": 20, "score_threshold_enabled": False}
        body = {"query": question, "retrieval_model": model}
        found: list[dict[str, Any]] = self.site.ask("POST", f"{self.path}/retrieve", json=body)["records"]
        return found

    def contents(self, question: str, method: str = "full_text_search") -> list[str]:
        """What is found by its words, best first."""
        return [record["segment"]["content"] for record in self.records(question, method)]


def until(
    look: Callable[[], Any], is_it: Callable[[Any], bool], seconds: float = SECONDS, *, pause: float = 0.01
) -> Any:
    """What is seen once it is so."""
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if is_it(seen):
            return seen
        assert time.monotonic() < deadline, seen
        time.sleep(pause)
