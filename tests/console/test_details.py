"""What the pages say and keep of one thing: rules, reasons, languages, names of buttons, a reranker's word."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from diglot.assembly import Diglot
from tests.adapters.embedders.model_server import ModelServer, model_server, score_of
from tests.console.conftest import Play
from tests.console.playing import OWNER
from tests.console.stock import PARTED
from tests.house import KEY, finish

QUESTION = "quartermaster zephyrometer locker"
TOGETHER = "The quartermaster keeps the zephyrometer in locker 12."
ENDING = "Here the long report ends."
LONG = f"A locker. {'Nothing happens on this day. ' * 120}{TOGETHER} {'Nor on this one. ' * 120}{ENDING}"
TEXTS = {"long.txt": LONG, "one.txt": "A zephyrometer is heavy.", "two.txt": "The quartermaster sleeps near a locker."}
WHOLE = {
    "mode": "custom",
    "rules": {"pre_processing_rules": [], "segmentation": {"separator": "@@", "max_tokens": 4000}},
}
CHILDREN = {"separators": ["。", "；"], "max_tokens": 60, "overlap": 5}


@pytest.fixture(scope="module")
def owned(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, headers={"Authorization": f"Bearer {KEY}"}, timeout=30) as client:
        assert client.post("/diglot/v1/setup", json=OWNER).status_code == 200
        yield client


@pytest.fixture(scope="module")
def reranker() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture(scope="module")
def shelf(owned: httpx.Client, reranker: ModelServer, house: Diglot) -> str:
    """A dataset with texts that is asked in the lab, and a reranker for it."""
    made = owned.post("/v1/datasets", json={"name": "Lab", "indexing_technique": "high_quality"}).json()["id"]
    for name, text in TEXTS.items():
        sent = {"name": name, "text": text, "indexing_technique": "high_quality", "process_rule": WHOLE}
        assert owned.post(f"/v1/datasets/{made}/document/create-by-text", json=sent).status_code == 200
    endpoint = {"type": "rerank", "name": "judge", "base_url": reranker.url, "model": "judge"}
    assert owned.post("/diglot/v1/models", json=endpoint).status_code == 201
    finish(house)
    return str(made)


def _rules(client: httpx.Client, dataset: str) -> Any:
    return client.get(f"/diglot/v1/datasets/{dataset}/rules").json()


def test_rules_are_shown_as_they_are_and_saved_without_loss(play: Play, owned: httpx.Client) -> None:
    plain, parted = (owned.post("/v1/datasets", json={"name": name}).json()["id"] for name in ("Plain", "Children"))
    rules = {"mode": "hierarchical", "separator": "\t", "overlap": 30, "children": CHILDREN}
    chosen = owned.put(f"/diglot/v1/datasets/{parted}/rules", json={"rules": rules}).json()
    sent = play("rules", dataset=plain, parted=parted)["sent"]
    assert len(sent) == 2
    custom = _rules(owned, plain)
    assert (custom["kind"], custom["rules"]["separator"], custom["form"]) == ("custom", "###", "text")
    after = _rules(owned, parted)
    assert after["rules"]["children"] == CHILDREN | {"parent_mode": "paragraph", "max_tokens": 70}
    assert after["rules"] | {"children": None} == chosen["rules"] | {"children": None}


def test_reasons_are_told_in_the_reader_s_language(play: Play, owned: httpx.Client, house: Diglot) -> None:
    made = owned.post("/v1/datasets", json={"name": "Broken"}).json()["id"]
    how = {"data": json.dumps({"indexing_technique": "economy", "process_rule": {"mode": "automatic"}})}
    path = f"/v1/datasets/{made}/document/create-by-file"
    sent = owned.post(path, data=how, files={"file": ("broken.docx", b"PK\x03\x04 nonsense")}).json()
    finish(house)
    play("reasons", place=f"/console/datasets/{made}", document=sent["document"]["id"])


@pytest.mark.usefixtures("owned")
def test_a_language_stays_with_the_member(play: Play) -> None:
    play("languages")


def test_every_button_of_chunks_has_a_name_of_its_own(play: Play, owned: httpx.Client, house: Diglot) -> None:
    made = owned.post("/v1/datasets", json={"name": "Parted"}).json()["id"]
    document = owned.post(f"/v1/datasets/{made}/document/create-by-text", json=PARTED).json()["document"]["id"]
    finish(house)
    for language, names in play("parts", place=f"{made}/documents/{document}").items():
        assert len(set(names)) == len(names), (language, sorted(one for one in names if names.count(one) > 1))


def test_a_reranker_s_word_orders_and_is_told(play: Play, shelf: str) -> None:
    facts = {"dataset": shelf, "question": QUESTION, "reranker": "judge"}
    found = play("lab", **facts, long="long.txt", together=TOGETHER, ending=ENDING)
    judged = {name: score_of(QUESTION, text) for name, text in TEXTS.items()}
    assert found["after"] == sorted(judged, key=lambda name: -judged[name])
    assert sorted(found["before"]) == sorted(found["after"])
    for name, table, scores in zip(found["after"], found["tables"], found["scores"], strict=True):
        shown = f"{judged[name]:.3f}"
        assert "Reranking model" in table, name
        assert table.count(shown) == 2, (name, table)
        assert scores.count(shown) == 2, (name, scores)


def test_a_reranker_that_fails_is_done_without(play: Play, shelf: str, reranker: ModelServer) -> None:
    reranker.mode = "refuses"
    try:
        found = play("lab_without", dataset=shelf, question=QUESTION, reranker="judge")
    finally:
        reranker.mode = "good"
    assert found["hits"] == len(TEXTS)
    assert "judge" in found["note"]
