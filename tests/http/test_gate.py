"""What surrounds every request, and the pages outside all dialects."""

import json
import logging
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.http.logs import JsonLines
from tests.house import KEY, a_client, a_house


def test_health(client: TestClient) -> None:
    bare = TestClient(client.app)
    assert bare.get("/healthz").json() == {"status": "ok"}
    assert bare.get("/readyz").json() == {"status": "ready"}
    assert bare.head("/healthz").status_code == 200
    assert bare.post("/healthz").status_code == 405
    assert bare.get("/nothing").status_code == 404


def test_headers_that_hold_everywhere(client: TestClient) -> None:
    for path in ("/healthz", "/v1/datasets", "/v1/nothing", "/nothing"):
        answer = client.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert len(answer.headers["x-request-id"]) == 16


@pytest.mark.parametrize(("sent", "is_kept"), [("abc-1", True), ("a b", False), ("x" * 65, False), ("<script>", False)])
def test_request_ids(client: TestClient, sent: str, is_kept: bool) -> None:
    answer = client.get("/healthz", headers={"X-Request-Id": sent})
    assert (answer.headers["x-request-id"] == sent) is is_kept


def test_metrics_have_templates_not_ids(client: TestClient) -> None:
    client.get("/v1/datasets/0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3e")
    client.get("/v1/nothing-of-the-kind")
    client.request("BREW", "/v1/datasets")
    text = client.get("/metrics").text
    assert 'dialect="dify",method="GET",status="404",template="/datasets/{dataset_id}"' in text
    assert "0192f0c4" not in text
    assert "nothing-of-the-kind" not in text
    assert "BREW" not in text
    assert 'diglot_jobs{state="queued"}' in text


def test_logs_hold_no_secrets(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client.post("/v1/datasets", json={"name": "a private name"})
        client.get("/v1/datasets", params={"keyword": "a private question"})
    lines = [JsonLines().format(record) for record in caplog.records if record.name == "diglot.http"]
    assert [json.loads(line)["status"] for line in lines] == [200, 200]
    assert json.loads(lines[0])["template"] == "/datasets"
    assert "private" not in "".join(lines)
    assert KEY not in "".join(lines)


def test_the_api_can_be_switched_off(tmp_path: Path) -> None:
    with a_house(tmp_path, api_enabled=False) as house:
        answer = a_client(house).get("/v1/datasets")
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert a_client(house).get("/healthz").status_code == 200


def test_an_accident_is_told_in_the_dialect_s_form(
    house: Diglot, client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object, **facts: object) -> None:
        raise RuntimeError("a private reason")

    monkeypatch.setattr("diglot.catalog.datasets.page", broken)
    answer = client.get("/v1/datasets")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_server_error"
    assert "private" not in answer.text
    assert "a private reason" in caplog.text
