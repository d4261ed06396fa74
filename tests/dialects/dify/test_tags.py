"""Tags: a workspace's own words on its datasets."""

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from tests.dialects.dify.objects import a_dataset
from tests.house import a_client, finish

pytestmark = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)


def _tag(client: TestClient, name: str) -> str:
    return str(client.post("/v1/datasets/tags", json={"name": name}).json()["id"])


def _bind(client: TestClient, dataset: str, *tags: str) -> None:
    answer = client.post("/v1/datasets/tags/binding", json={"tag_ids": tags, "target_id": dataset})
    assert answer.status_code == 204, answer.text


def _listed(client: TestClient, *tags: str) -> set[str]:
    query = "&".join(f"tag_ids={tag}" for tag in tags)
    return {one["id"] for one in client.get(f"/v1/datasets?{query}").json()["data"]}


def _counts(client: TestClient) -> dict[str, str]:
    return {one["name"]: one["binding_count"] for one in client.get("/v1/datasets/tags").json()}


def test_datasets_by_tags(client: TestClient) -> None:
    first, second, third = (a_dataset(client) for _ in range(3))
    red, blue, unused = _tag(client, "red"), _tag(client, "blue"), _tag(client, "unused")
    _bind(client, first, red, blue)
    _bind(client, second, blue.replace("-", ""))
    assert _listed(client, red) == {first}
    assert _listed(client, blue) == _listed(client, red, blue) == {first, second}
    assert _listed(client, unused) == _listed(client, "nonsense") == set()
    assert [one["name"] for one in client.get(f"/v1/datasets/{first}").json()["tags"]] == ["blue", "red"]
    assert client.get(f"/v1/datasets/{third}").json()["tags"] == []
    assert {"red": "1", "blue": "2", "unused": "0"}.items() <= _counts(client).items()
    assert client.request("DELETE", "/v1/datasets/tags", json={"tag_id": blue}).status_code == 204
    assert _listed(client, blue) == set()
    assert [one["name"] for one in client.get(f"/v1/datasets/{first}/tags").json()["data"]] == ["red"]


def test_a_deleted_dataset_counts_no_more(client: TestClient, house: Diglot) -> None:
    dataset, tag = a_dataset(client), _tag(client, "short-lived")
    _bind(client, dataset, tag)
    client.delete(f"/v1/datasets/{dataset}")
    assert _counts(client)["short-lived"] == "0"
    assert _listed(client, tag) == set()
    # The purge is not held up by what hangs on the dataset.
    finish(house)
    assert _counts(client)["short-lived"] == "0"


def test_both_forms_of_unbinding(client: TestClient) -> None:
    dataset = a_dataset(client)
    tags = [_tag(client, name) for name in ("one", "two", "three")]
    _bind(client, dataset, *tags)
    path = "/v1/datasets/tags/unbinding"
    assert client.post(path, json={"tag_id": tags[0], "target_id": dataset}).status_code == 204
    assert client.post(path, json={"tag_ids": tags[:2], "target_id": dataset}).status_code == 204
    assert client.get(f"/v1/datasets/{dataset}/tags").json() == {"data": [{"id": tags[2], "name": "three"}], "total": 1}


def test_a_restricted_key_sees_no_bindings_of_others(client: TestClient, house: Diglot) -> None:
    mine, other, tag = a_dataset(client), a_dataset(client), _tag(client, "shared")
    _bind(client, mine, tag)
    _bind(client, other, tag)
    owner = house.keys.owner()
    reached = house.datasets.named(owner, client.get(f"/v1/datasets/{mine}").json()["name"]).id
    restricted = a_client(house, house.keys.create(owner, "k", datasets=[reached]).text)
    assert _counts(restricted)["shared"] == "1"
    assert _listed(restricted, tag) == {mine}
    answer = restricted.post("/v1/datasets/tags/unbinding", json={"tag_id": tag, "target_id": other})
    assert answer.status_code == 404
    assert _counts(client)["shared"] == "2"
