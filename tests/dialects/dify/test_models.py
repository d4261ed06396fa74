"""Models are those that this server has."""

from starlette.testclient import TestClient

from diglot.adapters.embedders.adding import add_reranker_endpoint
from diglot.adapters.embedders.store import ModelStore
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
    add_reranker_endpoint(ModelStore(house.settings.models_folder), "judge", "http://127.0.0.1:9", "r", probe=False)
    [provider] = client.get(f"{PATH}/rerank").json()["data"]
    assert [(one["model"], one["model_type"]) for one in provider["models"]] == [("judge", "rerank")]
    assert house.rerankers.resolve("judge") == "judge"
