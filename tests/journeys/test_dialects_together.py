"""What is made in one dialect is listed, searched, edited and deleted in every other, and stays in its workspace."""

from collections.abc import Iterator
from itertools import count, permutations
from typing import Any

import pytest

from diglot.assembly import Diglot
from tests.dialects.others import a_stranger
from tests.house import a_client, a_house, follow
from tests.journeys.hands import Data, Dify, Hand, July, Ragflow, Reader, Searcher

HANDS: tuple[type[Hand], ...] = (Dify, Ragflow, July, Data)
READERS: tuple[type[Reader], ...] = (Dify, Ragflow, July)
SEARCHERS: tuple[type[Searcher], ...] = (Dify, Ragflow)
DONE = {Dify: "completed", Ragflow: "DONE", July: "3"}
TEXT = "The battery of the lantern lasts ten hours."
_numbers = count(1)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with a_house(tmp_path_factory.mktemp("house")) as one:
        yield one


def _pairs(kinds: tuple[type[Any], ...]) -> Any:
    pairs = list(permutations(kinds, 2))
    names = [f"{maker.__name__} makes, {other.__name__} looks".lower() for maker, other in pairs]
    return pytest.mark.parametrize(("maker_kind", "other_kind"), pairs, ids=names)


@_pairs(HANDS)
def test_datasets(house: Diglot, maker_kind: type[Hand], other_kind: type[Hand]) -> None:
    maker, other = maker_kind(house), other_kind(house)
    name = f"dataset {next(_numbers)}"
    dataset = maker.create_dataset(name)
    assert other.datasets()[dataset] == maker.datasets()[dataset] == name
    assert other.has_dataset(dataset)
    other.rename_dataset(dataset, f"{name} renamed")
    assert maker.datasets()[dataset] == f"{name} renamed"
    other.delete_dataset(dataset)
    assert not maker.has_dataset(dataset)
    assert not other.has_dataset(dataset)
    assert dataset not in maker.datasets()


@_pairs(READERS)
def test_documents(house: Diglot, maker_kind: type[Reader], other_kind: type[Reader]) -> None:
    maker, other = maker_kind(house), other_kind(house)
    dataset = maker.create_dataset(f"dataset {next(_numbers)}")
    document = maker.add(dataset, "lantern.txt", TEXT)
    assert other.documents(dataset) == maker.documents(dataset) == {document: "lantern.txt"}
    assert (maker.state(dataset, document), other.state(dataset, document)) == (DONE[maker_kind], DONE[other_kind])
    _require_found(house, dataset, [TEXT])

    other.rename(dataset, document, "torch.txt")
    assert maker.documents(dataset) == {document: "torch.txt"}
    other.hide(dataset, document)
    _require_found(house, dataset, [])
    maker.show(dataset, document)
    _require_found(house, dataset, [TEXT])

    second = other.add(dataset, "second.txt", "Wicks are made of cotton.")
    assert set(maker.documents(dataset)) == {document, second}
    assert maker.state(dataset, second) == DONE[maker_kind]
    maker.delete(dataset, second)
    other.delete(dataset, document)
    assert maker.documents(dataset) == other.documents(dataset) == {}
    _require_found(house, dataset, [])


@_pairs(SEARCHERS)
def test_chunks(house: Diglot, maker_kind: type[Searcher], other_kind: type[Searcher]) -> None:
    maker, other = maker_kind(house), other_kind(house)
    dataset = maker.create_dataset(f"dataset {next(_numbers)}")
    document = maker.add(dataset, "lantern.txt", TEXT)
    chunk = maker.add_chunk(dataset, document, "Zebras graze at dawn.")
    assert other.chunks(dataset, document)[chunk] == "Zebras graze at dawn."
    assert other.found(dataset, "zebras")[0] == "Zebras graze at dawn."
    other.edit_chunk(dataset, document, chunk, "Okapis graze at dusk.")
    assert maker.chunks(dataset, document)[chunk] == "Okapis graze at dusk."
    assert maker.found(dataset, "okapis")[0] == "Okapis graze at dusk."
    assert "Zebras graze at dawn." not in maker.found(dataset, "zebras")
    other.delete_chunk(dataset, document, chunk)
    assert set(maker.chunks(dataset, document).values()) == {TEXT}
    assert "Okapis graze at dusk." not in maker.found(dataset, "okapis")


@pytest.mark.parametrize("maker_kind", READERS)
def test_metadata_of_any_document(house: Diglot, maker_kind: type[Reader]) -> None:
    maker, ragflow, dify, july = maker_kind(house), Ragflow(house), Dify(house), July(house)
    dataset = maker.create_dataset(f"dataset {next(_numbers)}")
    document = maker.add(dataset, "lantern.txt", TEXT)
    ragflow.edit(dataset, document, meta_fields={"author": "Ann", "year": "1999"})
    assert ragflow.metadata(dataset, document) == {"author": "Ann", "year": "1999"}
    july.rename(dataset, document, "torch.txt")
    dify.rename(dataset, document, "wick.txt")
    assert ragflow.metadata(dataset, document) == {"author": "Ann", "year": "1999"}
    is_hers = {"name": "author", "comparison_operator": "is", "value": "Ann"}
    is_his = is_hers | {"value": "Bob"}
    for condition, found in ((is_hers, [TEXT]), (is_his, [])):
        assert ragflow.found(dataset, "lantern", metadata_condition={"conditions": [condition]}) == found
    follow(house, dataset)
    path = f"/v1/datasets/{dataset}/retrieve"
    [record] = dify.ask("POST", path, json={"query": "lantern"})["records"]
    assert record["segment"]["document"]["doc_metadata"] == {"author": "Ann", "year": "1999"}


def test_a_key_made_in_one_dialect_opens_all(house: Diglot) -> None:
    made = Ragflow(house).ask("POST", "/api/v1/system/tokens")["data"]["token"]
    hands = [kind(house, a_client(house, made)) for kind in HANDS]
    dataset = hands[0].create_dataset(f"dataset {next(_numbers)}")
    assert all(hand.has_dataset(dataset) for hand in hands)
    Ragflow(house).ask("DELETE", f"/api/v1/system/tokens/{made}")
    assert not any(hand.has_dataset(dataset) for hand in hands)
    paths = {Dify: "/v1/datasets", Ragflow: "/api/v1/datasets", July: "/api/v1/dataset", Data: "/v1/data?id=1"}
    assert {hand.client.get(paths[type(hand)]).status_code for hand in hands} == {401}


@pytest.mark.parametrize("maker_kind", READERS)
def test_nothing_crosses_into_another_workspace(house: Diglot, maker_kind: type[Reader]) -> None:
    maker = maker_kind(house)
    dataset = maker.create_dataset(f"dataset {next(_numbers)}")
    document = maker.add(dataset, "lantern.txt", TEXT)
    stranger = a_stranger(house)
    for kind in HANDS:
        hand = kind(house, stranger)
        assert not hand.has_dataset(dataset)
        assert dataset not in hand.datasets()
    assert Dify(house, stranger).is_refused("POST", f"/v1/datasets/{dataset}/retrieve", json={"query": "lantern"})
    asked = {"question": "lantern", "dataset_ids": [dataset]}
    assert Ragflow(house, stranger).is_refused("POST", "/api/v1/retrieval", json=asked)
    for path in (f"/v1/datasets/{dataset}/documents/{document}", f"/api/v1/dataset/{dataset}/documents/{document}"):
        assert Dify(house, stranger).is_refused("DELETE", path)
    assert maker.documents(dataset) == {document: "lantern.txt"}


def _require_found(house: Diglot, dataset: str, texts: list[str]) -> None:
    for kind in SEARCHERS:
        assert kind(house).found(dataset, "lantern battery") == texts, kind
