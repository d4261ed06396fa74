"""POST /explain: in our own settings and in the bodies that Dify's and RAGFlow's clients send."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.domain.chunk import Chunk
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.identity import dashed, new_id
from diglot.domain.rules import ChildRules, ChunkForm, ChunkingRules, RuleMode
from diglot.http.native.explaining import SENTENCES
from diglot.http.native.wire_explaining import ExplainedSearch
from diglot.library.documents import NewDocument
from diglot.retrieval.absence import Reason
from tests.dialects.native.conftest import API, Shelf
from tests.dialects.others import a_reader, a_stranger, one_restricted
from tests.house import a_client, a_house, finish

LINES = ChunkingRules(RuleMode.CUSTOM, separator="\n", max_tokens=500, overlap=0)
TEXT = "The lantern is lit at dusk.\nA lantern, a lantern and one more lantern.\nNothing burns here."


@dataclass(frozen=True)
class Lamps:
    """A dataset whose chunks are known."""

    house: Diglot
    client: TestClient
    dataset: Dataset
    chunks: list[Chunk]

    @property
    def ids(self) -> list[str]:
        return [chunk.id for chunk in self.chunks]

    def ask(self, client: TestClient | None = None, **body: Any) -> Any:
        answer = (client or self.client).post(f"{API}/explain", json={"dataset_ids": [self.dataset.id], **body})
        if answer.status_code == 200:
            ExplainedSearch.model_validate(answer.json())
        return answer

    def explained(self, **body: Any) -> Any:
        answer = self.ask(**body)
        assert answer.status_code == 200, answer.text
        return answer.json()


def a_dataset(house: Diglot, name: str, texts: list[str], **options: Any) -> tuple[Dataset, list[Chunk]]:
    caller = house.keys.owner()
    dataset = house.datasets.create(caller, name)
    added = [
        house.documents.add(
            caller,
            dataset.id,
            NewDocument(f"{place}.txt", [text.encode()], **{"rules": LINES, "indexing": Indexing.ECONOMY} | options),
        )
        for place, text in enumerate(texts)
    ]
    finish(house)
    found = [chunk for one in added for chunk in house.chunks.list(caller, dataset.id, one.id).items]
    return house.datasets.get(caller, dataset.id), found


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def lamps(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lamps]:
    with contextlib.ExitStack() as stack:
        settings: dict[str, Any] = {}
        if request.param == "postgres":
            cluster = request.getfixturevalue("postgres")
            settings["database_url"] = cluster.url(stack.enter_context(cluster.database()))
        house = stack.enter_context(a_house(tmp_path_factory.mktemp("lamps"), **settings))
        yield Lamps(house, a_client(house), *a_dataset(house, "lamps", [TEXT]))


def test_our_own_settings(lamps: Lamps) -> None:
    first, second, third = lamps.ids
    told = lamps.explained(
        query="a lantern at dusk", top_k=1, chunk_ids=[dashed(second), third, new_id(), "no id", first]
    )
    plan = told["plan"]
    assert (plan["method"], plan["top_k"], plan["language"]) == ("hybrid", 1, "en")
    assert plan["terms"] == ["lantern", "dusk"]
    [searched] = plan["datasets"]
    assert (searched["weight_from"], searched["by_words"], searched["by_vectors"]) == ("no_vectors", True, False)
    [hit] = told["hits"]
    assert (hit["chunk_id"], hit["rank"], hit["document_name"]) == (first, 1, "0.txt")
    assert hit["scores"]["bm25"] == hit["scores"]["best_bm25"] == plan["best_bm25"]
    assert hit["matched"] == {"content": ["lantern", "dusk"], "title": [], "keywords": ["lantern", "dusk"]}
    assert [hit["content"][start:end] for start, end in hit["marks"]] == ["lantern", "dusk"]
    assert (hit["position"], hit["answer"], hit["anchors"][0]["start"]) == (1, None, 0)
    assert sum(hit["parts"].values()) == pytest.approx(hit["scores"]["final"])
    chunks = told["chunks"]
    assert [one["reason"] for one in chunks] == ["behind_top_k", "no_match", "unknown", "unknown", "returned"]
    assert chunks[0]["explanation"] == "It stands behind the 1 that count."
    assert chunks[0]["facts"] == {"rank": 2, "top_k": 1, "score": chunks[0]["scores"]["final"]}
    assert sum(chunks[0]["parts"].values()) == pytest.approx(chunks[0]["scores"]["final"])
    assert chunks[3]["chunk_id"] == "no id"


def test_conditions_and_documents(lamps: Lamps) -> None:
    caller, chunk = lamps.house.keys.owner(), lamps.chunks[0]
    lamps.house.metadata.set(caller, lamps.dataset.id, chunk.document_id, {"year": 1887})
    old = {"name": "year", "operator": "less", "values": [1900]}
    named = {"operator": "contains", "values": ["nothing"], "attribute": "name"}
    told = lamps.explained(query="dusk", conditions={"items": [old, named], "logic": "or"})
    assert [one["is_met"] for one in told["hits"][0]["filters"]] == [True, False]
    assert [one["document_values"] for one in told["hits"][0]["filters"]] == [[1887], ["0.txt"]]
    [missed] = lamps.explained(query="dusk", conditions={"items": [old, named]}, chunk_ids=[chunk.id])["chunks"]
    assert missed["reason"] == "condition_not_met"
    assert [one["name"] for one in missed["facts"]["failed"]] == ["name"]
    elsewhere = lamps.explained(query="dusk", document_ids=[new_id(), "no id"], chunk_ids=[chunk.id])
    assert (elsewhere["plan"]["documents"], elsewhere["plan"]["depth"]) == (1, 0)
    assert (elsewhere["hits"], elsewhere["chunks"][0]["reason"]) == ([], "document_not_asked")


def test_a_threshold_says_by_how_much(lamps: Lamps) -> None:
    [low] = lamps.explained(query="lantern dusk", threshold=0.99, chunk_ids=[lamps.ids[1]])["chunks"]
    assert low["reason"] == "below_threshold"
    assert low["facts"] == {"threshold": 0.99, "score": low["scores"]["final"]}
    assert low["explanation"] == f"Its score {low['scores']['final']:.4f} is below the threshold 0.9900."


@pytest.mark.parametrize(
    "settings",
    [{}, {"search_method": "full_text_search", "top_k": 1}, {"score_threshold_enabled": True, "score_threshold": 1}],
)
def test_a_body_of_dify_s_is_the_search_that_its_client_gets(lamps: Lamps, settings: dict[str, Any]) -> None:
    body = {"query": "lantern dusk", "retrieval_model": {"reranking_enable": False, **settings}}
    theirs = lamps.client.post(f"/v1/datasets/{lamps.dataset.id}/retrieve", json=body).json()["records"]
    told = lamps.explained(dify=body, chunk_ids=lamps.ids)
    assert [one["segment"]["id"] for one in theirs] == [dashed(one["chunk_id"]) for one in told["hits"]]
    assert [one["score"] for one in theirs] == [one["scores"]["final"] for one in told["hits"]]
    assert told["plan"]["method"] == "keyword"
    outside = lamps.explained(query="lantern dusk", dify={"retrieval_model": body["retrieval_model"]})
    assert outside["hits"] == told["hits"]


def test_a_body_of_ragflow_s_is_the_search_that_its_client_gets(lamps: Lamps) -> None:
    body = {"question": "lantern dusk", "dataset_ids": [lamps.dataset.id], "page": 2, "page_size": 1}
    theirs = lamps.client.post("/api/v1/retrieval", json=body).json()["data"]["chunks"]
    told = lamps.client.post(f"{API}/explain", json={"ragflow": body, "chunk_ids": lamps.ids}).json()
    assert [one["id"] for one in theirs] == [one["chunk_id"] for one in told["hits"]] == [lamps.ids[1]]
    assert [one["similarity"] for one in theirs] == [one["scores"]["final"] for one in told["hits"]]
    assert [one["reason"] for one in told["chunks"]] == ["other_page", "returned", "no_match"]
    assert (told["plan"]["blends_rerank"], told["hits"][0]["rank"]) == (True, 2)
    outside = lamps.explained(query="lantern dusk", ragflow={"page": 2, "page_size": 1})
    assert outside["hits"] == told["hits"]


def _asking(**condition: Any) -> dict[str, Any]:
    return {"query": "a", "conditions": {"items": [condition]}}


@pytest.mark.parametrize(
    ("body", "status", "argument"),
    [
        ({}, 400, "query"),
        ({"query": " "}, 400, "query"),
        ({"query": "a", "dataset_ids": None}, 400, "dataset_ids"),
        ({"query": "a", "dataset_ids": []}, 400, "dataset_ids"),
        ({"query": "a", "dataset_ids": ["no id"]}, 404, None),
        ({"query": "a", "dataset_ids": [new_id()]}, 404, None),
        ({"query": "a", "other": 1}, 400, "other"),
        ({"query": "a", "top_k": 0}, 400, "top_k"),
        ({"query": "a", "vector_weight": 1.5}, 400, "vector_weight"),
        ({"query": "a", "method": "magic"}, 400, "method"),
        ({"query": "a", "reranker": "nobody"}, 400, "reranker"),
        ({"query": "a", "conditions": {"items": []}}, 400, "conditions.items"),
        (_asking(operator="is", values=["x"]), 400, "conditions.items.name"),
        (_asking(name="year", operator="is"), 400, "conditions.items.values"),
        ({"query": "a", "top_k": 3, "dify": {}}, 400, "dify"),
        ({"query": "a", "dify": {}, "ragflow": {}}, 400, "ragflow"),
        ({"query": "a", "dify": {"query": "b"}}, 400, "query"),
        ({"query": "a" * 251, "dify": {}}, 400, "query"),
        ({"query": "a", "ragflow": {"page_size": 5000}}, 400, "ragflow"),
        ({"ragflow": {"question": " "}}, 400, "query"),
        ({"query": "a", "dataset_ids": None, "ragflow": {}}, 400, "ragflow"),
        ({"query": "a", "dataset_ids": None, "ragflow": {"dataset_ids": [new_id()]}}, 400, "ragflow"),
    ],
)
def test_what_is_refused(lamps: Lamps, body: dict[str, Any], status: int, argument: str | None) -> None:
    answer = lamps.ask(**body)
    assert (answer.status_code, answer.json()["error"].get("argument")) == (status, argument), answer.text


def test_dify_s_body_asks_one_dataset(lamps: Lamps) -> None:
    other = lamps.house.datasets.create(lamps.house.keys.owner(), "second", is_numbered=True)
    refused = lamps.ask(query="a", dataset_ids=[lamps.dataset.id, other.id], dify={})
    assert refused.json()["error"]["argument"] == "dataset_ids"
    assert lamps.ask(query="a", dataset_ids=[lamps.dataset.id, other.id]).status_code == 200


def test_another_s_chunk_looks_unknown(lamps: Lamps) -> None:
    """To a stranger who asks a dataset of their own, and to a key for another dataset; a reader is told."""
    chunk = lamps.ids[0]
    assert lamps.ask(a_reader(lamps.house), query="dusk", chunk_ids=[chunk]).json()["chunks"][0]["reason"] == "returned"
    for client, name in ((a_stranger(lamps.house), "strange"), (one_restricted(lamps.house, "apart"), "apart")):
        own = client.get("/v1/datasets").json()["data"]
        dataset = own[0]["id"] if own else client.post("/v1/datasets", json={"name": name}).json()["id"]
        unknown = new_id()
        told = lamps.ask(client, query="dusk", dataset_ids=[dataset], chunk_ids=[chunk, unknown]).json()["chunks"]
        assert told[0] == told[1] | {"chunk_id": chunk}
        assert told[0]["reason"] == "unknown"
    elsewhere = lamps.house.datasets.create(lamps.house.keys.owner(), "elsewhere", is_numbered=True)
    [told] = lamps.explained(query="dusk", dataset_ids=[elsewhere.id], chunk_ids=[chunk])["chunks"]
    assert (told["reason"], told["document_id"], told["content"]) == ("dataset_not_asked", None, None)


def test_parents_are_told_of_with_their_children(lamps: Lamps) -> None:
    rules = ChunkingRules(
        RuleMode.CUSTOM, separator="\n\n", max_tokens=500, overlap=0, children=ChildRules(separators=("\n",))
    )
    text = "The beacon burns.\nIts keeper sleeps.\nA beacon, a beacon.\n\nThe quay is empty.\nNobody comes."
    dataset, parents = a_dataset(
        lamps.house, f"parents {new_id()}", [text], rules=rules, chunk_form=ChunkForm.HIERARCHICAL
    )
    caller = lamps.house.keys.owner()
    [burning, empty] = parents
    [first, sleeper, third] = lamps.house.children.list(caller, dataset.id, burning.document_id, burning.id).items
    named = [burning.id, first.id, sleeper.id, empty.id]
    told = lamps.explained(dataset_ids=[dataset.id], query="beacon", chunk_ids=named)
    [hit] = told["hits"]
    assert hit["chunk_id"] == burning.id
    assert {one["chunk_id"] for one in hit["children"]} == {first.id, third.id}
    assert hit["scores"] == hit["children"][0]["scores"]
    assert [one["reason"] for one in told["chunks"]] == ["returned", "returned", "no_match", "found_by_children"]
    assert told["chunks"][3]["facts"] == {"children": 2}
    low = lamps.explained(dataset_ids=[dataset.id], query="beacon burns", threshold=2, chunk_ids=named[:2])["chunks"]
    assert [one["reason"] for one in low] == ["below_threshold", "below_threshold"]
    assert low[0]["scores"] == low[1]["scores"]
    shown = lamps.explained(dataset_ids=[dataset.id], query="beacon", threshold=0.99, chunk_ids=[burning.id, first.id])
    assert [one["reason"] for one in shown["chunks"]] == ["returned", "below_threshold"]


def test_a_child_may_stand_behind_better_ones_of_a_parent_that_is_shown(lamps: Lamps) -> None:
    rules = ChunkingRules(RuleMode.CUSTOM, separator="\n\n", max_tokens=500, overlap=0, children=ChildRules())
    text = "\n".join("A buoy" + " and a buoy" * count + "." for count in range(6))
    dataset, [parent] = a_dataset(
        lamps.house, f"siblings {new_id()}", [text], rules=rules, chunk_form=ChunkForm.HIERARCHICAL
    )
    children = lamps.house.children.list(lamps.house.keys.owner(), dataset.id, parent.document_id, parent.id).items
    told = lamps.explained(dataset_ids=[dataset.id], query="buoy", top_k=1, chunk_ids=[one.id for one in children])
    assert [one["chunk_id"] for one in told["hits"]] == [parent.id]
    shown = {one["chunk_id"] for one in told["hits"][0]["children"]}
    assert 0 < len(shown) < len(children)
    for one in told["chunks"]:
        assert one["reason"] == ("returned" if one["chunk_id"] in shown else "behind_siblings")
        assert one["rank"] == 1


def test_every_reason_has_its_sentence() -> None:
    assert SENTENCES.keys() == set(Reason)


def test_the_shelf_s_documents_are_explained_by_a_reader(shelf: Shelf) -> None:
    shelf.read("reader.txt", b"The astrolabe.")
    body = {"dataset_ids": [shelf.dataset.id], "query": "astrolabe"}
    [hit] = a_reader(shelf.house).post(f"{API}/explain", json=body).json()["hits"]
    assert hit["document_name"] == "reader.txt"
