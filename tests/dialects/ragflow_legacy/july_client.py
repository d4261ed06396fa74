"""A client as one wrote it in July 2024 from the pages of the API alone; it sends bytes where the SDK took paths."""

from collections.abc import Iterable, Mapping
from typing import Any

import httpx


class JulyClient:
    """`is_bearer`: the pages say `Bearer KEY`, the SDK of the time sent the key alone."""

    def __init__(self, base: str, key: str, *, prefix: str = "/api/v1", is_bearer: bool = False) -> None:
        authorization = f"Bearer {key}" if is_bearer else key
        self.http = httpx.Client(base_url=base + prefix, headers={"Authorization": authorization}, timeout=30)

    def __enter__(self) -> "JulyClient":
        return self

    def __exit__(self, *error: object) -> None:
        self.http.close()

    def create_dataset(self, name: str) -> Any:
        return self.http.post("/dataset", json={"name": name}).json()

    def list_dataset(self, offset: int = 0, count: int = -1, orderby: str = "create_time", desc: bool = True) -> Any:
        query = {"offset": offset, "count": count, "orderby": orderby, "desc": desc}
        return self.http.get("/dataset", params=query).json()

    def id_of(self, name: str) -> str | None:
        """By a look through the list, as there was no other way."""
        return next((one["id"] for one in self.list_dataset()["data"] if one["name"] == name), None)

    def get_dataset(self, name: str) -> Any:
        return self.http.get(f"/dataset/{self.id_of(name)}").json()

    def update_dataset(self, name: str, **fields: Any) -> Any:
        return self.http.put(f"/dataset/{self.id_of(name)}", json=fields).json()

    def delete_dataset(self, name: str) -> Any:
        return self.http.delete(f"/dataset/{self.id_of(name)}").json()

    def upload(self, dataset: str, files: Iterable[tuple[str, bytes]]) -> Any:
        return self.http.post(f"/dataset/{dataset}/documents", files=[("file", file) for file in files]).json()

    def delete_file(self, document: str, dataset: str) -> Any:
        return self.http.delete(f"/dataset/{dataset}/documents/{document}").json()

    def list_files(
        self,
        dataset: str,
        offset: int = 0,
        count: int = -1,
        order_by: str = "create_time",
        descend: bool = True,
        keywords: str = "",
    ) -> Any:
        query = {"offset": offset, "count": count, "order_by": order_by, "descend": str(descend), "keywords": keywords}
        return self.http.get(f"/dataset/{dataset}/documents/", params=query).json()

    def update_file(self, dataset: str, document: str, **fields: Any) -> Any:
        return self.http.put(f"/dataset/{dataset}/documents/{document}", json=fields).json()

    def download(self, dataset: str, document: str) -> Any:
        """The bytes, or what is answered in their place."""
        answer = self.http.get(f"/dataset/{dataset}/documents/{document}")
        return answer.content if "content-disposition" in answer.headers else answer.json()

    def start(self, dataset: str, document: str) -> Any:
        return self.http.post(f"/dataset/{dataset}/documents/{document}/status").json()

    def start_many(self, dataset: str, documents: list[str] | None = None) -> Any:
        return self.http.post(f"/dataset/{dataset}/documents/status", json={"doc_ids": documents}).json()

    def stop(self, dataset: str, document: str) -> Any:
        return self.http.delete(f"/dataset/{dataset}/documents/{document}/status").json()

    def stop_many(self, dataset: str, documents: list[str] | None = None) -> Any:
        url = f"/dataset/{dataset}/documents/status"
        return self.http.request("DELETE", url, json={"doc_ids": documents}).json()

    def status(self, dataset: str, document: str) -> Mapping[str, Any]:
        return dict(self.http.get(f"/dataset/{dataset}/documents/{document}/status").json())
