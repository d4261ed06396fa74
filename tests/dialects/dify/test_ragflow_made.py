"""What RAGFlow's rules and commands made, as Dify's clients see it."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.domain.dataset import Indexing
from diglot.domain.identity import DatasetId, DocumentId, parse_id
from diglot.domain.rules import ChunkingRules, ChunkMethod, MethodOptions
from diglot.ingestion.checking import fsck
from diglot.library.chunks import NewChunk
from diglot.library.documents import NewDocument
from diglot.worker import run_once
from tests.dialects.dify.objects import A_CHUNK_A_LINE, a_dataset, a_ready_document, contents
from tests.house import finish

NAIVE = ChunkingRules(
    method=ChunkMethod.NAIVE,
    options=MethodOptions(chunk_tokens=128, delimiter="\n。", overlap_percent=25),
    kept={"chunk_token_num": 128},
)


def _add(house: Diglot, dataset: str, rules: ChunkingRules = NAIVE, text: str = "Rails rust.", **fields: Any) -> str:
    known: dict[str, Any] = {"name": "n.txt", "indexing": Indexing.HIGH_QUALITY, "begins": False}
    new = NewDocument(content=[text.encode()], rules=rules, **(known | fields))
    return house.documents.add(house.keys.owner(), _id(dataset), new).id


def _id(dataset: str) -> DatasetId:
    return DatasetId(parse_id(dataset) or "")


def _start(house: Diglot, dataset: str, document: str) -> None:
    house.documents.start(house.keys.owner(), _id(dataset), [DocumentId(document)])
    finish(house)


def test_a_method_that_dify_has_not_is_shown_as_the_nearest_rule(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = _add(house, dataset)
    _start(house, dataset, document)
    shown = client.get(f"/v1/datasets/{dataset}/documents/{document}").json()
    for rule in (shown["document_process_rule"], shown["dataset_process_rule"]):
        assert rule["mode"] == "custom"
        assert rule["rules"]["segmentation"] == {"separator": "\n。", "max_tokens": 128, "chunk_overlap": 32}
        assert [one["enabled"] for one in rule["rules"]["pre_processing_rules"]] == [False, False]
    assert (shown["doc_form"], shown["indexing_status"]) == ("text_model", "completed")


def test_questions_and_answers(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = _add(house, dataset, ChunkingRules(method=ChunkMethod.QA), "Why?\tBecause.\n", name="a.txt")
    _start(house, dataset, document)
    shown = client.get(f"/v1/datasets/{dataset}/documents/{document}").json()
    assert (shown["doc_form"], shown["indexing_status"]) == ("qa_model", "completed")
    (segment,) = client.get(f"/v1/datasets/{dataset}/documents/{document}/segments").json()["data"]
    assert "Why?" in segment["content"]
    assert "Because." in (segment["answer"] or segment["content"])


def test_a_document_that_nobody_started_waits(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = _add(house, dataset)
    shown = client.get(f"/v1/datasets/{dataset}/documents/{document}").json()
    assert (shown["indexing_status"], shown["display_status"], shown["segment_count"]) == ("waiting", "queuing", 0)
    assert contents(client, dataset, "rails") == []
    listed = client.get(f"/v1/datasets/{dataset}/documents", params={"status": "queuing"}).json()
    assert listed["total"] == 1
    house.chunks.put(house.keys.owner(), _id(dataset), DocumentId(document), NewChunk("Bridges are painted."))
    run_once(house)
    assert contents(client, dataset, "bridges painted") == ["Bridges are painted."]
    _start(house, dataset, document)
    assert contents(client, dataset, "rails") == ["Rails rust."]


def test_a_document_that_was_stopped(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = _add(house, dataset, begins=True)
    house.documents.stop(house.keys.owner(), _id(dataset), [DocumentId(document)])
    shown = client.get(f"/v1/datasets/{dataset}/documents/{document}").json()
    assert (shown["indexing_status"], shown["segment_count"]) == ("error", 0)
    assert shown["error"] is None


def test_a_rule_of_dify_s_makes_it_anew(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = _add(house, dataset, text="Rails rust.\nBridges are painted.")
    _start(house, dataset, document)
    sent = {"process_rule": A_CHUNK_A_LINE}
    answer = client.post(f"/v1/datasets/{dataset}/documents/{document}/update-by-text", json=sent)
    assert answer.status_code == 200, answer.text
    finish(house)
    _, rules = house.documents.with_rules(house.keys.owner(), _id(dataset), DocumentId(document))
    assert (rules.document.method, rules.document.separator) == (ChunkMethod.GENERAL, "\n")
    assert len(client.get(f"/v1/datasets/{dataset}/documents/{document}/segments").json()["data"]) == 2


@pytest.mark.parametrize(("first", "then"), [("economy", "high_quality"), ("high_quality", "economy")])
def test_another_way_of_indexing(client: TestClient, house: Diglot, first: str, then: str) -> None:
    dataset = a_dataset(client)
    document = a_ready_document(client, house, dataset, "Rails rust.", indexing_technique=first)
    changed = client.patch(f"/v1/datasets/{dataset}", json={"indexing_technique": then})
    assert changed.status_code == 200, changed.text
    body = changed.json()
    assert (body["indexing_technique"], bool(body["embedding_model"])) == (then, then == "high_quality")
    assert contents(client, dataset, "rails") == ["Rails rust."]
    run_once(house)
    assert contents(client, dataset, "rails") == ["Rails rust."]
    shown = client.get(f"/v1/datasets/{dataset}/documents/{document}").json()
    assert (shown["tokens"] > 0) is (then == "high_quality")
    assert shown["indexing_status"] == "completed"
    assert fsck(house).is_clean
