"""The same few deeds through each dialect, so that what one does can be looked at by another.

Ids are 32 hex digits here; each hand writes them as its dialect does.
"""

from abc import ABC, abstractmethod
from typing import Any

from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.domain.errors import DatasetNotFound
from diglot.domain.identity import DatasetId, dashed
from tests.house import KEY, a_client, finish, follow


class Hand(ABC):
    """Somebody at work through one dialect."""

    def __init__(self, house: Diglot, client: TestClient | None = None) -> None:
        self.house = house
        self.client = client or a_client(house)

    def ask(self, method: str, path: str, **sent: Any) -> Any:
        """What is answered to a request that must succeed."""
        answer = self.client.request(method, path, **sent)
        assert answer.is_success, (method, path, answer.status_code, answer.text)
        body = answer.json() if answer.content else {}
        assert body.get("code", 0) == 0, (method, path, body)
        return body

    def is_refused(self, method: str, path: str, **sent: Any) -> bool:
        answer = self.client.request(method, path, **sent)
        return not answer.is_success or answer.json().get("code", 0) != 0

    @abstractmethod
    def create_dataset(self, name: str) -> str: ...

    @abstractmethod
    def datasets(self) -> dict[str, str]:
        """Names by id."""

    @abstractmethod
    def rename_dataset(self, dataset: str, name: str) -> None: ...

    @abstractmethod
    def delete_dataset(self, dataset: str) -> None: ...

    @abstractmethod
    def has_dataset(self, dataset: str) -> bool:
        """Whether it is there when one asks for it alone."""


class Reader(Hand):
    """Of the dialects that have documents."""

    @abstractmethod
    def add(self, dataset: str, name: str, text: str) -> str:
        """And has it read."""

    @abstractmethod
    def documents(self, dataset: str) -> dict[str, str]:
        """Names by id."""

    @abstractmethod
    def state(self, dataset: str, document: str) -> str: ...

    @abstractmethod
    def rename(self, dataset: str, document: str, name: str) -> None: ...

    @abstractmethod
    def hide(self, dataset: str, document: str) -> None: ...

    @abstractmethod
    def show(self, dataset: str, document: str) -> None: ...

    @abstractmethod
    def delete(self, dataset: str, document: str) -> None: ...


class Searcher(Reader):
    """Of the dialects that have chunks, and search."""

    @abstractmethod
    def found(self, dataset: str, question: str) -> list[str]: ...

    @abstractmethod
    def add_chunk(self, dataset: str, document: str, text: str) -> str: ...

    @abstractmethod
    def chunks(self, dataset: str, document: str) -> dict[str, str]:
        """Texts by id."""

    @abstractmethod
    def edit_chunk(self, dataset: str, document: str, chunk: str, text: str) -> None: ...

    @abstractmethod
    def delete_chunk(self, dataset: str, document: str, chunk: str) -> None: ...


class Dify(Searcher):
    url = "/v1/datasets"

    def create_dataset(self, name: str) -> str:
        return plain(self.ask("POST", self.url, json={"name": name, "indexing_technique": "high_quality"})["id"])

    def datasets(self) -> dict[str, str]:
        return {plain(one["id"]): one["name"] for one in self.ask("GET", self.url, params={"limit": 100})["data"]}

    def rename_dataset(self, dataset: str, name: str) -> None:
        assert self.ask("PATCH", self._of(dataset), json={"name": name})["name"] == name

    def delete_dataset(self, dataset: str) -> None:
        self.ask("DELETE", self._of(dataset))

    def has_dataset(self, dataset: str) -> bool:
        return not self.is_refused("GET", self._of(dataset))

    def add(self, dataset: str, name: str, text: str) -> str:
        path = f"{self._of(dataset)}/document/create-by-file"
        files = {"file": (name, text.encode()), "data": (None, '{"indexing_technique": "high_quality"}')}
        made = plain(self.ask("POST", path, files=files)["document"]["id"])
        finish(self.house)
        return made

    def documents(self, dataset: str) -> dict[str, str]:
        return {plain(one["id"]): one["name"] for one in self.ask("GET", f"{self._of(dataset)}/documents")["data"]}

    def state(self, dataset: str, document: str) -> str:
        return str(self.ask("GET", self._document(dataset, document))["indexing_status"])

    def rename(self, dataset: str, document: str, name: str) -> None:
        self.ask("POST", f"{self._document(dataset, document)}/update-by-text", json={"name": name})

    def hide(self, dataset: str, document: str) -> None:
        self._switch(dataset, document, "disable")

    def show(self, dataset: str, document: str) -> None:
        self._switch(dataset, document, "enable")

    def delete(self, dataset: str, document: str) -> None:
        self.ask("DELETE", self._document(dataset, document))

    def found(self, dataset: str, question: str) -> list[str]:
        model = {"search_method": "hybrid_search", "reranking_enable": False, "top_k": 10}
        body = {"query": question, "retrieval_model": model | {"score_threshold_enabled": False}}
        records = self.ask("POST", f"{self._of(dataset)}/retrieve", json=body)["records"]
        return [one["segment"]["content"] for one in records]

    def add_chunk(self, dataset: str, document: str, text: str) -> str:
        body = {"segments": [{"content": text}]}
        made = self.ask("POST", f"{self._document(dataset, document)}/segments", json=body)["data"][0]["id"]
        follow(self.house, dataset)
        return plain(made)

    def chunks(self, dataset: str, document: str) -> dict[str, str]:
        listed = self.ask("GET", f"{self._document(dataset, document)}/segments")["data"]
        return {plain(one["id"]): one["content"] for one in listed}

    def edit_chunk(self, dataset: str, document: str, chunk: str, text: str) -> None:
        path = f"{self._document(dataset, document)}/segments/{dashed(chunk)}"
        self.ask("POST", path, json={"segment": {"content": text}})
        follow(self.house, dataset)

    def delete_chunk(self, dataset: str, document: str, chunk: str) -> None:
        self.ask("DELETE", f"{self._document(dataset, document)}/segments/{dashed(chunk)}")

    def _of(self, dataset: str) -> str:
        return f"{self.url}/{dashed(dataset)}"

    def _document(self, dataset: str, document: str) -> str:
        return f"{self._of(dataset)}/documents/{dashed(document)}"

    def _switch(self, dataset: str, document: str, action: str) -> None:
        path = f"{self._of(dataset)}/documents/status/{action}"
        self.ask("PATCH", path, json={"document_ids": [dashed(document)]})


class Ragflow(Searcher):
    url = "/api/v1/datasets"

    def create_dataset(self, name: str) -> str:
        return str(self.ask("POST", self.url, json={"name": name})["data"]["id"])

    def datasets(self) -> dict[str, str]:
        return {one["id"]: one["name"] for one in self.ask("GET", self.url, params={"page_size": 100})["data"]}

    def rename_dataset(self, dataset: str, name: str) -> None:
        self.ask("PUT", f"{self.url}/{dataset}", json={"name": name})

    def delete_dataset(self, dataset: str) -> None:
        self.ask("DELETE", self.url, json={"ids": [dataset]})

    def has_dataset(self, dataset: str) -> bool:
        return not self.is_refused("GET", f"{self.url}/{dataset}")

    def add(self, dataset: str, name: str, text: str) -> str:
        path = f"{self.url}/{dataset}/documents"
        made = str(self.ask("POST", path, files={"file": (name, text.encode())})["data"][0]["id"])
        self.ask("POST", f"{self.url}/{dataset}/chunks", json={"document_ids": [made]})
        finish(self.house)
        return made

    def documents(self, dataset: str) -> dict[str, str]:
        return {one["id"]: one["name"] for one in self._docs(dataset)}

    def state(self, dataset: str, document: str) -> str:
        return str(self._docs(dataset, id=document)[0]["run"])

    def rename(self, dataset: str, document: str, name: str) -> None:
        self.edit(dataset, document, name=name)

    def hide(self, dataset: str, document: str) -> None:
        self.edit(dataset, document, enabled=0)

    def show(self, dataset: str, document: str) -> None:
        self.edit(dataset, document, enabled=1)

    def edit(self, dataset: str, document: str, **fields: Any) -> None:
        self.ask("PATCH", f"{self.url}/{dataset}/documents/{document}", json=fields)

    def metadata(self, dataset: str, document: str) -> Any:
        return self._docs(dataset, id=document)[0]["meta_fields"]

    def delete(self, dataset: str, document: str) -> None:
        self.ask("DELETE", f"{self.url}/{dataset}/documents", json={"ids": [document]})

    def found(self, dataset: str, question: str, **fields: Any) -> list[str]:
        body = {"question": question, "dataset_ids": [dataset], "similarity_threshold": 0.0, **fields}
        return [one["content"] for one in self.ask("POST", "/api/v1/retrieval", json=body)["data"]["chunks"]]

    def add_chunk(self, dataset: str, document: str, text: str) -> str:
        made = self.ask("POST", self._chunks(dataset, document), json={"content": text})["data"]["chunk"]["id"]
        follow(self.house, dataset)
        return str(made)

    def chunks(self, dataset: str, document: str) -> dict[str, str]:
        listed = self.ask("GET", self._chunks(dataset, document))["data"]["chunks"]
        return {one["id"]: one["content"] for one in listed}

    def edit_chunk(self, dataset: str, document: str, chunk: str, text: str) -> None:
        self.ask("PATCH", f"{self._chunks(dataset, document)}/{chunk}", json={"content": text})
        follow(self.house, dataset)

    def delete_chunk(self, dataset: str, document: str, chunk: str) -> None:
        self.ask("DELETE", self._chunks(dataset, document), json={"chunk_ids": [chunk]})

    def _docs(self, dataset: str, **query: Any) -> list[dict[str, Any]]:
        return list(self.ask("GET", f"{self.url}/{dataset}/documents", params=query)["data"]["docs"])

    def _chunks(self, dataset: str, document: str) -> str:
        return f"{self.url}/{dataset}/documents/{document}/chunks"


class July(Reader):
    url = "/api/v1/dataset"

    def create_dataset(self, name: str) -> str:
        return str(self.ask("POST", self.url, json={"name": name})["data"]["dataset_id"])

    def datasets(self) -> dict[str, str]:
        return {one["id"]: one["name"] for one in self.ask("GET", self.url)["data"]}

    def rename_dataset(self, dataset: str, name: str) -> None:
        assert self.ask("PUT", f"{self.url}/{dataset}", json={"name": name})["data"]["name"] == name

    def delete_dataset(self, dataset: str) -> None:
        self.ask("DELETE", f"{self.url}/{dataset}")

    def has_dataset(self, dataset: str) -> bool:
        return not self.is_refused("GET", f"{self.url}/{dataset}")

    def add(self, dataset: str, name: str, text: str) -> str:
        path = f"{self.url}/{dataset}/documents"
        made = str(self.ask("POST", path, files={"file": (name, text.encode())})["data"][0]["id"])
        self.ask("POST", f"{path}/{made}/status")
        finish(self.house)
        return made

    def documents(self, dataset: str) -> dict[str, str]:
        return {one["id"]: one["name"] for one in self._docs(dataset)}

    def state(self, dataset: str, document: str) -> str:
        return next(str(one["run"]) for one in self._docs(dataset) if one["id"] == document)

    def rename(self, dataset: str, document: str, name: str) -> None:
        self._update(dataset, document, name=name)

    def hide(self, dataset: str, document: str) -> None:
        self._update(dataset, document, enable="0")

    def show(self, dataset: str, document: str) -> None:
        self._update(dataset, document, enable="1")

    def delete(self, dataset: str, document: str) -> None:
        self.ask("DELETE", f"{self.url}/{dataset}/documents/{document}")

    def _docs(self, dataset: str) -> list[dict[str, Any]]:
        return list(self.ask("GET", f"{self.url}/{dataset}/documents")["data"]["docs"])

    def _update(self, dataset: str, document: str, **fields: str) -> None:
        self.ask("PUT", f"{self.url}/{dataset}/documents/{document}", json=fields)


class Data(Hand):
    """Knows datasets by number alone and has no list; that is looked up here, past the dialect."""

    url = "/v1/data"

    def create_dataset(self, name: str) -> str:
        number = self.ask("POST", self.url, json={"name": name})["data"]["id"]
        return str(self.house.datasets.by_number(self._caller(), number).id)

    def datasets(self) -> dict[str, str]:
        known = [one.id for one in self.house.datasets.every(self._caller())]
        shown = {one: self.client.get(self.url, params={"id": self._number(one)}).json() for one in known}
        return {one: body["data"]["name"] for one, body in shown.items() if body["success"]}

    def rename_dataset(self, dataset: str, name: str) -> None:
        assert self.ask("PUT", f"{self.url}/{self._number(dataset)}", json={"name": name})["data"]["name"] == name

    def delete_dataset(self, dataset: str) -> None:
        self.ask("DELETE", f"{self.url}/{self._number(dataset)}")

    def has_dataset(self, dataset: str) -> bool:
        try:
            number = self._number(dataset)
        except DatasetNotFound:
            return False
        return not self.is_refused("GET", self.url, params={"id": number})

    def _number(self, dataset: str) -> int:
        return self.house.datasets.number(self._caller(), DatasetId(dataset))

    def _caller(self) -> Any:
        return self.house.keys.verify(KEY)


def plain(dashed_id: str) -> str:
    return dashed_id.replace("-", "")
