"""What documents to come are made by: said as it is, chosen without loss."""

from dataclasses import fields
from typing import Any

import pytest

from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Document
from diglot.domain.rules import ChunkForm, ChunkingRules, MethodOptions
from diglot.http.native import wire
from diglot.library.documents import NewDocument
from tests.dialects.native.conftest import API, Shelf
from tests.dialects.others import a_stranger
from tests.house import finish

CUSTOM: dict[str, Any] = {
    "mode": "custom",
    "rules": {
        "pre_processing_rules": [{"id": "remove_urls_emails", "enabled": True}],
        "segmentation": {"separator": "###", "max_tokens": 300, "chunk_overlap": 20},
    },
}
OPTIONS = {"chunk_tokens": 99, "delimiter": "。", "pages": [[1, 3]], "column_roles": {"name": "metadata"}}
TAGS = {"tag_datasets": ["0192f0c4791c7e4fa0b1c2d3e4f5a6b7"], "most_tags": 5}
LAWS: dict[str, Any] = {"method": "laws", "options": {**OPTIONS, **TAGS, "overlap_percent": 10}}
PARTED: dict[str, Any] = {
    "children": {"separators": ["。", "；"], "max_tokens": 60, "overlap": 5},
    "mode": "hierarchical",
}


@pytest.fixture
def dataset(shelf: Shelf, request: pytest.FixtureRequest) -> Dataset:
    return shelf.house.datasets.create(shelf.house.keys.owner(), request.node.name)


def _shown(shelf: Shelf, dataset: Dataset) -> dict[str, Any]:
    answer = shelf.client.get(f"{API}/datasets/{dataset.id}/rules")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _chosen(shelf: Shelf, dataset: Dataset, **sent: Any) -> dict[str, Any]:
    answer = shelf.client.put(f"{API}/datasets/{dataset.id}/rules", json=sent)
    assert answer.status_code == 200, answer.text
    assert answer.json() == _shown(shelf, dataset)
    found: dict[str, Any] = answer.json()
    return found


def _read(shelf: Shelf, dataset: Dataset, text: str) -> Document:
    """A document that brings no rules."""
    owner = shelf.house.keys.owner()
    new = NewDocument(name="one.txt", content=[text.encode()], indexing=Indexing.ECONOMY)
    document = shelf.house.documents.add(owner, dataset.id, new)
    finish(shelf.house)
    return shelf.house.documents.get(owner, dataset.id, document.id)


def test_a_dataset_without_rules_is_automatic(shelf: Shelf, dataset: Dataset) -> None:
    found = _shown(shelf, dataset)
    assert (found["kind"], found["is_chosen"], found["form"]) == ("automatic", False, None)


def test_each_kind_is_told(shelf: Shelf, dataset: Dataset) -> None:
    assert _chosen(shelf, dataset, process_rule=CUSTOM)["kind"] == "custom"
    laws = _chosen(shelf, dataset, chunk_method="laws")
    assert (laws["kind"], laws["rules"]["method"]) == ("method", "laws")
    assert _chosen(shelf, dataset, rules=PARTED)["kind"] == "hierarchical"
    automatic = _chosen(shelf, dataset, rules={})
    assert (automatic["kind"], automatic["is_chosen"]) == ("automatic", True)


@pytest.mark.parametrize("sent", [{"process_rule": CUSTOM}, {"rules": PARTED}, {"rules": LAWS}, {"rules": {}}], ids=str)
def test_what_is_shown_can_be_sent_back(shelf: Shelf, dataset: Dataset, sent: dict[str, Any]) -> None:
    chosen = _chosen(shelf, dataset, **sent)
    assert _chosen(shelf, dataset, rules=chosen["rules"]) == chosen


def test_every_option_can_be_said() -> None:
    assert wire.Options.model_fields.keys() == {one.name for one in fields(MethodOptions)}
    assert wire.Rules.model_fields.keys() | {"kept"} == {one.name for one in fields(ChunkingRules)}


def test_a_size_leaves_the_rest_of_a_parser_config(shelf: Shelf, dataset: Dataset) -> None:
    _chosen(shelf, dataset, chunk_method="naive", parser_config={"delimiter": "。", "auto_keywords": 4})
    _chosen(shelf, dataset, parser_config={"chunk_token_num": 99})
    shown = shelf.client.get("/api/v1/datasets", params={"id": dataset.id}).json()["data"][0]
    kept = {name: shown["parser_config"][name] for name in ("chunk_token_num", "delimiter", "auto_keywords")}
    assert (shown["chunk_method"], kept) == (
        "naive",
        {"chunk_token_num": 99, "delimiter": "。", "auto_keywords": 4},
    )


def test_documents_that_bring_no_rules_follow_them(shelf: Shelf, dataset: Dataset) -> None:
    _chosen(shelf, dataset, process_rule=CUSTOM)
    assert _read(shelf, dataset, "One.###Two.###Three.").chunk_count == 3
    _chosen(shelf, dataset, rules={})
    assert _read(shelf, dataset, "One.###Two.###Three.").chunk_count == 1


def test_rules_for_children_make_children(shelf: Shelf, dataset: Dataset) -> None:
    assert _chosen(shelf, dataset, rules=PARTED)["form"] == "hierarchical"
    document = _read(shelf, dataset, "甲。乙；丙")
    chunks = shelf.client.get(f"{API}/documents/{document.id}/chunks").json()["items"]
    assert [chunk["child_count"] for chunk in chunks] == [3]


def test_the_mode_alone_makes_children(shelf: Shelf, dataset: Dataset) -> None:
    assert _chosen(shelf, dataset, rules={"mode": "hierarchical"})["form"] == "hierarchical"
    assert _read(shelf, dataset, "One.\nTwo.").chunk_form is ChunkForm.HIERARCHICAL


def test_what_a_chunk_holds_is_open_while_there_are_no_documents(shelf: Shelf, dataset: Dataset) -> None:
    _chosen(shelf, dataset, rules=PARTED)
    assert _chosen(shelf, dataset, process_rule=CUSTOM, doc_form="text_model")["form"] == "text"
    _read(shelf, dataset, "One.")
    refused = shelf.client.put(f"{API}/datasets/{dataset.id}/rules", json={"rules": PARTED})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "conflict")
    assert _shown(shelf, dataset)["kind"] == "custom"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"rules": {}, "chunk_method": "laws"},
        {"rules": {"max_tokens": 3}},
        # Automatic rules would not follow them.
        {"rules": {"max_tokens": 300}},
        {"rules": {"cleaning": {"remove_urls_emails": True}}},
    ],
    ids=str,
)
def test_what_is_refused_changes_nothing(shelf: Shelf, dataset: Dataset, sent: dict[str, Any]) -> None:
    refused = shelf.client.put(f"{API}/datasets/{dataset.id}/rules", json=sent)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid_argument")
    assert not _shown(shelf, dataset)["is_chosen"]


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_what_is_another_s_is_unknown(shelf: Shelf, dataset: Dataset, method: str) -> None:
    body: dict[str, Any] | None = {"rules": {}} if method == "PUT" else None
    answer = a_stranger(shelf.house).request(method, f"{API}/datasets/{dataset.id}/rules", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "dataset_not_found")
