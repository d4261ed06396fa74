"""The corridor from question to hits, on a whole house."""

from dataclasses import replace

import pytest

from diglot.assembly import Diglot
from diglot.domain.dataset import Dataset
from diglot.domain.document import Document
from diglot.domain.errors import DatasetNotFound
from diglot.domain.identity import DatasetId, DocumentId, new_id
from diglot.domain.search import RetrievalPlan, RetrievalSettings, SearchMethod
from tests.adapters.embedders.model_server import ModelServer
from tests.retrieval.shelves import RAILWAY, TEA, ask, habit, shelf, texts


@pytest.fixture(scope="module")
def words(house: Diglot) -> tuple[Dataset, list[Document]]:
    return shelf(house, None, RAILWAY, TEA)


@pytest.fixture(scope="module")
def mixed(house: Diglot) -> tuple[Dataset, list[Document]]:
    return shelf(house, "english", RAILWAY, TEA)


@pytest.mark.parametrize("method", SearchMethod)
def test_without_vectors_every_method_finds_by_words(
    house: Diglot, words: tuple[Dataset, list[Document]], method: SearchMethod
) -> None:
    hits = ask(house, words[0], "ticket costs", method=method)
    assert texts(hits)[0] == "A ticket costs twelve crowns."
    assert hits.hits[0].scores.final == hits.hits[0].scores.lexical_share == 1.0
    assert hits.hits[0].scores.vector is None


def test_a_hit_knows_its_place_and_all_its_scores(house: Diglot, mixed: tuple[Dataset, list[Document]]) -> None:
    hit = ask(house, mixed[0], "Trains run hourly in summer.", vector_weight=0.5).hits[0]
    assert hit.document.name == "0.txt"
    assert [(anchor.start, anchor.end) for anchor in hit.chunk.anchors] == [(37, 65)]
    assert hit.scores.vector == pytest.approx(1.0, abs=1e-3)
    expected = 0.5 * (hit.scores.vector or 0) + 0.5 * (hit.scores.lexical_share or 0)
    assert hit.scores.final == pytest.approx(expected)


def test_semantic_search_orders_by_cosine(house: Diglot, mixed: tuple[Dataset, list[Document]]) -> None:
    hits = ask(house, mixed[0], "rack railway", method=SearchMethod.SEMANTIC)
    cosines = [hit.scores.vector for hit in hits.hits]
    assert len(cosines) == 5
    assert cosines == sorted(cosines, key=lambda one: -(one or 0))
    assert all(hit.scores.lexical is None and hit.scores.final == hit.scores.vector for hit in hits.hits)


@pytest.mark.parametrize("method", [SearchMethod.HYBRID, SearchMethod.SEMANTIC])
def test_a_model_that_cannot_read_the_question_has_no_say(
    house: Diglot, mixed: tuple[Dataset, list[Document]], method: SearchMethod
) -> None:
    hits = ask(house, mixed[0], "绿茶杀青的温度", method=method)
    assert texts(hits)[0] == "绿茶杀青的温度是二百四十度。"
    assert hits.hits[0].scores.vector is None
    assert "does not read" in hits.notes[0]


def test_a_weight_of_the_request_is_honoured_all_the_same(house: Diglot, mixed: tuple[Dataset, list[Document]]) -> None:
    hits = ask(house, mixed[0], "绿茶杀青的温度", vector_weight=0.5)
    assert hits.notes == ()
    assert all(hit.scores.vector is not None for hit in hits.hits)


def test_a_model_that_fails_leaves_the_words(
    house: Diglot, server: ModelServer, mixed: tuple[Dataset, list[Document]]
) -> None:
    with habit(server, "unknown model"):
        hits = ask(house, mixed[0], "ticket costs twelve")
    assert texts(hits) == ["A ticket costs twelve crowns."]
    assert hits.notes[0].startswith("english: ")


def test_the_threshold_looks_at_the_final_score(house: Diglot, words: tuple[Dataset, list[Document]]) -> None:
    everything = ask(house, words[0], "railway climbs summer")
    limit = everything.hits[0].scores.final
    assert len(everything.hits) > 1
    assert texts(ask(house, words[0], "railway climbs summer", threshold=limit)) == texts(everything)[:1]


def test_documents_that_are_allowed_are_the_only_ones_found(
    house: Diglot, words: tuple[Dataset, list[Document]]
) -> None:
    dataset, (railway, tea) = words

    def found(*allowed: str) -> set[str]:
        settings = RetrievalSettings(SearchMethod.FULL_TEXT, top_k=10)
        ids = frozenset(map(DocumentId, allowed))
        plan = RetrievalPlan(dataset.workspace_id, (dataset.id,), "railway 茶叶", settings, ids)
        return {hit.document.id for hit in house.retriever.search(plan).hits}

    assert found(railway.id, tea.id) == {railway.id, tea.id}
    assert found(tea.id) == {tea.id}
    assert found() == set()
    assert found(new_id()) == set()


def test_pages_go_on_where_the_one_before_ended(house: Diglot) -> None:
    dataset, _ = shelf(house, None, "\n".join(f"lantern number {number}" for number in range(25)))

    def page(offset: int) -> list[str]:
        settings = RetrievalSettings(SearchMethod.FULL_TEXT, top_k=10)
        plan = RetrievalPlan(dataset.workspace_id, (dataset.id,), "lantern", settings, offset=offset)
        return texts(house.retriever.search(plan))

    assert page(0) + page(10) + page(20) == texts(ask(house, dataset, "lantern", top_k=25))
    assert len(page(20)) == 5


def test_pages_stay_full_though_the_index_still_holds_what_was_disabled(house: Diglot) -> None:
    """Nobody updates the index here: a thousand better hits must be looked past."""
    dataset, (first, _) = shelf(
        house, None, "\n".join("comet comet comet" for _ in range(1000)), "\n".join(f"comet {one}" for one in range(12))
    )
    house.documents.disable(house.keys.owner(), dataset.id, [first.id])
    hits = ask(house, dataset, "comet", top_k=12)
    assert len(hits.hits) == 12
    assert {hit.document.name for hit in hits.hits} == {"1.txt"}


def test_what_is_deleted_is_gone_from_the_answer_on(house: Diglot) -> None:
    dataset, (only,) = shelf(house, None, "an ephemeral remark")
    assert texts(ask(house, dataset, "ephemeral")) == ["an ephemeral remark"]
    house.documents.remove(house.keys.owner(), dataset.id, only.id)
    assert texts(ask(house, dataset, "ephemeral")) == []


def test_a_reranker_has_the_last_word(house: Diglot, words: tuple[Dataset, list[Document]]) -> None:
    plain = ask(house, words[0], "railway summer ticket crowns")
    judged = ask(house, words[0], "railway summer ticket crowns", reranker="judge")
    assert sorted(texts(judged)) == sorted(texts(plain))
    assert [hit.scores.final for hit in judged.hits] == sorted((hit.scores.rerank for hit in judged.hits), reverse=True)
    assert {hit.chunk.key: hit.scores.fused for hit in judged.hits} == {
        hit.chunk.key: hit.scores.final for hit in plain.hits
    }


@pytest.mark.parametrize("reranker", ["judge", "no longer there"])
def test_without_its_reranker_a_search_still_answers(
    house: Diglot, server: ModelServer, words: tuple[Dataset, list[Document]], reranker: str
) -> None:
    with habit(server, "unknown model"):
        hits = ask(house, words[0], "ticket costs", reranker=reranker)
    assert texts(hits)[0] == "A ticket costs twelve crowns."
    assert "not reranked" in hits.notes[0]


def test_an_unknown_or_foreign_dataset_is_not_there(house: Diglot, words: tuple[Dataset, list[Document]]) -> None:
    with pytest.raises(DatasetNotFound):
        ask(house, replace(words[0], id=DatasetId(new_id())), "railway")
    with pytest.raises(DatasetNotFound):
        ask(house, replace(words[0], workspace_id=new_id()), "railway")  # type: ignore[arg-type]  # a workspace's id


def test_several_datasets_are_one_ranking(house: Diglot) -> None:
    one, _ = shelf(house, None, "heron at the lake")
    other, _ = shelf(house, None, "heron heron heron\nan owl")
    settings = RetrievalSettings(SearchMethod.FULL_TEXT, top_k=10)
    hits = house.retriever.search(RetrievalPlan(one.workspace_id, (one.id, other.id), "heron", settings))
    assert sorted(texts(hits)) == ["heron at the lake", "heron heron heron"]
    assert hits.hits[0].scores.final == 1.0
