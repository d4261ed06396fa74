"""The published `dify-python-sdk`, over every knowledge route that it has: each method, and its asynchronous twin."""

import asyncio
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dify_client import AsyncKnowledgeBaseClient, AsyncWorkspaceClient, KnowledgeBaseClient, WorkspaceClient
from dify_client.exceptions import APIError, AuthenticationError

from diglot.assembly import Diglot
from tests.house import KEY, finish, serving

Makes = Callable[[Any, Any], Any]


class Awaited:
    """An asynchronous client whose methods are called like those of the other one."""

    def __init__(self, client: Any, runner: asyncio.Runner) -> None:
        self.client = client
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.client, name)
        if not inspect.iscoroutinefunction(found):
            return found
        return lambda *sent, **named: self._runner.run(found(*sent, **named))


@pytest.fixture(scope="module")
def url(house: Diglot) -> Iterator[str]:
    with serving(house) as base:
        yield f"{base}/v1"


@pytest.fixture(params=["called", "awaited"])
def made(request: pytest.FixtureRequest, url: str) -> Iterator[Makes]:
    """Makes the client of one kind or its asynchronous twin."""
    with asyncio.Runner() as runner:
        clients: list[Any] = []

        def make(kind: Any, twin: Any) -> Any:
            client = kind(KEY, url) if request.param == "called" else Awaited(twin(KEY, url), runner)
            clients.append(client)
            return client

        yield make
        for client in clients:
            client.close() if request.param == "called" else client.aclose()


@pytest.fixture
def client(made: Makes, request: pytest.FixtureRequest) -> Any:
    """With a dataset of its own."""
    client = made(KnowledgeBaseClient, AsyncKnowledgeBaseClient)
    created = _json(client.create_dataset(request.node.name[-40:]))
    getattr(client, "client", client).dataset_id = created["id"]
    return client


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "说明.txt"
    path.write_text("The battery lasts ten hours.\n电池可以使用十小时。")
    return path


def _json(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json()


def _refused(call: Callable[..., Any], *sent: Any) -> int:
    """The status: of the error that one client raises, of the answer that its twin gives."""
    try:
        status = call(*sent).status_code
    except APIError as error:
        status = error.status_code
    return int(status)


def test_documents(house: Diglot, client: Any) -> None:
    made = _json(client.create_document_by_text("text", "The battery lasts ten hours."))
    assert made["document"]["name"] == "text.txt"
    finish(house)
    status = _json(client.batch_indexing_status(made["batch"]))["data"][0]
    assert status["indexing_status"] == "completed"
    document = made["document"]["id"]
    assert _json(client.list_documents(page=1, page_size=10, keyword="text"))["total"] == 1
    found = _json(client.hit_testing("battery"))["records"]
    assert [one["segment"]["content"] for one in found] == ["The battery lasts ten hours."]
    assert _json(client.update_document_by_text(document, "text", "Dogs bark."))["document"]["id"] == document
    finish(house)
    assert [one["content"] for one in _json(client.query_segments(document))["data"]] == ["Dogs bark."]
    for action, then in (("archive", "archived"), ("un_archive", "available"), ("disable", "disabled")):
        assert _json(client.batch_update_document_status(action, [document])) == {"result": "success"}
        assert [one["display_status"] for one in _json(client.list_documents())["data"]] == [then]
    assert _json(client.delete_document(document)) == {"result": "success"}
    assert _json(client.get_dataset())["document_count"] == 0


# The asynchronous twins hand the HTTP library a file that it cannot read, and send nothing.
@pytest.mark.parametrize("made", ["called"], indirect=True)
def test_files(house: Diglot, client: Any, file: Path) -> None:
    made = _json(client.create_document_by_file(str(file)))
    assert made["document"]["name"] == "说明.txt"
    finish(house)
    found = _json(client.hit_testing("battery"))["records"]
    assert found[0]["segment"]["content"] == "The battery lasts ten hours.\n电池可以使用十小时。"
    document = made["document"]["id"]
    by_lines = {"rules": {"pre_processing_rules": [], "segmentation": {"separator": "\n"}}, "mode": "custom"}
    updated = _json(client.update_document_by_file(document, str(file), {"process_rule": by_lines, "name": "m.txt"}))
    assert (updated["document"]["id"], updated["document"]["name"]) == (document, "m.txt")
    finish(house)
    assert _json(client.query_segments(document))["total"] == 2
    replaced = _json(client.create_document_by_file(str(file), original_document_id=document))
    assert replaced["document"]["id"] == document
    assert _json(client.get_dataset())["document_count"] == 1
    assert _refused(client.upload_pipeline_file, str(file)) == 404


def test_segments(house: Diglot, client: Any) -> None:
    document = _json(client.create_document_by_text("text", "Cats sleep all day."))["document"]["id"]
    finish(house)
    segment = _json(client.add_segments(document, [{"content": "1", "answer": "1", "keywords": ["a"]}]))["data"][0]
    listed = _json(client.query_segments(document, keyword="1", status="completed"))
    assert [one["id"] for one in listed["data"]] == [segment["id"]]
    edited = _json(client.update_document_segment(document, segment["id"], {"content": "2", "enabled": True}))
    assert edited["data"]["content"] == "2"
    assert _json(client.delete_document_segment(document, segment["id"])) == {"result": "success"}
    assert _json(client.query_segments(document))["total"] == 1


def test_datasets(client: Any) -> None:
    dataset = client.dataset_id
    assert dataset in [one["id"] for one in _json(client.list_datasets())["data"]]
    changed = _json(client.update_dataset(name="renamed", description="d", indexing_technique="economy"))
    assert (changed["name"], changed["description"], changed["indexing_technique"]) == ("renamed", "d", "economy")
    assert _json(client.get_dataset(dataset))["name"] == "renamed"
    assert client.delete_dataset().status_code == 204
    assert _refused(client.get_dataset) == 404


def test_metadata(house: Diglot, client: Any) -> None:
    document = _json(client.create_document_by_text("text", "Cats sleep all day."))["document"]["id"]
    finish(house)
    year = _json(client.create_dataset_metadata({"type": "number", "name": "jahr"}), 201)
    assert _json(client.update_dataset_metadata(year["id"], {"name": "year"}))["name"] == "year"
    values = [{"id": year["id"], "name": "year", "value": 2020}]
    done = client.update_documents_metadata([{"document_id": document, "metadata_list": values}])
    assert _json(done) == {"result": "success"}
    fields = _json(client.get_dataset_metadata())
    assert [(one["name"], one["count"]) for one in fields["doc_metadata"]] == [("year", 1)]
    assert _json(client.list_documents())["data"][0]["doc_metadata"][0]["value"] == 2020
    names = [one["name"] for one in _json(client.get_built_in_metadata())["fields"]]
    assert names == ["document_name", "uploader", "upload_date", "last_update_date", "source"]
    for action in ("enable", "disable"):
        assert _json(client.manage_built_in_metadata(action)) == {"result": "success"}
        assert _json(client.get_dataset_metadata())["built_in_field_enabled"] is (action == "enable")


def test_tags(client: Any) -> None:
    # It has no method that makes a tag.
    tag = _json(client._send_request("POST", "/datasets/tags", json={"name": "manuals"}))
    assert client.bind_dataset_tags([tag["id"]]).status_code == 204
    assert _json(client.get_dataset_tags()) == {"data": [{"id": tag["id"], "name": "manuals"}], "total": 1}
    assert [one["binding_count"] for one in _json(client.list_dataset_tags()) if one["id"] == tag["id"]] == ["1"]
    assert client.unbind_dataset_tag(tag["id"]).status_code == 204
    assert _json(client.get_dataset_tags()) == {"data": [], "total": 0}
    assert client._send_request("DELETE", "/datasets/tags", json={"tag_id": tag["id"]}).status_code == 204


def test_models(house: Diglot, made: Makes) -> None:
    client = made(WorkspaceClient, AsyncWorkspaceClient)
    for ask in (client.get_available_models, client.get_available_models_by_type):
        providers = _json(ask("text-embedding"))["data"]
        assert [one["model"] for provider in providers for one in provider["models"]] == house.embedders.names()


def test_methods_for_which_dify_s_knowledge_api_has_no_route(client: Any) -> None:
    assert _refused(client.create_dataset_from_template, "manual", "from a template") == 405
    assert _refused(client.duplicate_dataset, client.dataset_id, "copy") == 404


def test_pipelines_are_not_had(client: Any) -> None:
    assert _refused(client.get_datasource_plugins) == 404
    assert _refused(client.run_datasource_node, "node", {}, "local_file") == 404
    assert _refused(client.run_rag_pipeline, {}, "local_file", [], "node") == 404


def test_a_wrong_key(url: str) -> None:
    with KnowledgeBaseClient("dataset-wrong", url) as stranger, pytest.raises(AuthenticationError):
        stranger.list_datasets()
