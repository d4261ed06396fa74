"""Models are those that this server has."""

from starlette.testclient import TestClient

from diglot.assembly import Diglot
from tests.dialects.dify.objects import a_dataset

PATH = "/v1/workspaces/current/models/model-types"


def test_each_embedding_model_can_be_chosen(client: TestClient, house: Diglot) -> None:
    providers = client.get(f"{PATH}/text-embedding").json()["data"]
    names = [model["model"] for provider in providers for model in provider["models"]]
    assert names == house.embedders.names()
    for name in names:
        made = a_dataset(client, indexing_technique="high_quality", embedding_model=name)
        shown = client.get(f"/v1/datasets/{made}").json()
        assert (shown["embedding_model"], shown["embedding_available"]) == (name, True)
        assert shown["embedding_model_provider"] in [provider["provider"] for provider in providers]


def test_a_reranker_is_listed_once_it_is_there(client: TestClient, house: Diglot) -> None:
    assert client.get(f"{PATH}/rerank").json() == {"data": []}
