"""What every `Index` adapter must do. An adapter's test class inherits `IndexContract` and gives it `open_index`."""

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diglot.domain.dataset import Generation
from diglot.domain.identity import ChunkKey, DatasetId, GenerationId, RevisionKey, new_id
from diglot.ports.index import Candidate, Index, IndexRow, Vector

DIMENSION = 16
OpenIndex = Callable[[], Index]

# Each example has a generation of its own, so the shared store does no harm; nor do several classes that run this.
_SAFE_HERE = [HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]


def a_generation(dimension: int | None = DIMENSION, dataset: str | None = None) -> Generation:
    return Generation(
        GenerationId(new_id()), DatasetId(dataset or new_id()), "model", dimension, "tokens", 1, created_at=0
    )


def a_vector(seed: int, dimension: int = DIMENSION) -> Vector:
    vector = np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)
    return vector / np.linalg.norm(vector)


def a_row(key: int, text: str = "", *, group: int = 1, vector: Vector | None = None, **more: str) -> IndexRow:
    fields = {name: value.split() for name, value in more.items()}
    return IndexRow(ChunkKey(key), RevisionKey(group), text.split(), vector=vector, **fields)


def put(index: Index, generation: Generation, *rows: IndexRow, applied: int = 1, **removed: Collection[int]) -> None:
    """`removed_groups` and `removed_keys` where a test has some."""
    gone: dict[str, Any] = {"removed_groups": [], "removed_keys": [], **removed}
    index.apply(generation, rows=rows, applied=applied, **gone)


def keys_of(candidates: Sequence[Candidate]) -> list[int]:
    return [candidate.key for candidate in candidates]


def bm25(documents: dict[int, list[str]], terms: list[str]) -> dict[int, float]:
    """Robertson's BM25, k1 1.2, b 0.75, idf ln(1 + (N - n + 0.5) / (n + 0.5)), of what matches."""
    average = sum(map(len, documents.values())) / len(documents)
    scores: Counter[int] = Counter()
    for term in terms:
        holders = [key for key, tokens in documents.items() if term in tokens]
        idf = math.log(1 + (len(documents) - len(holders) + 0.5) / (len(holders) + 0.5))
        for key in holders:
            count, length = documents[key].count(term), len(documents[key])
            scores[key] += idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / average))
    return dict(scores)


class IndexContract:
    @pytest.fixture
    def open_index(self) -> OpenIndex:
        """Each call opens the same store once more, as another process would."""
        raise NotImplementedError

    @pytest.fixture
    def index(self, open_index: OpenIndex) -> Iterator[Index]:
        with closing(open_index()) as index:
            yield index

    def test_what_was_never_written_answers_nothing(self, index: Index) -> None:
        generation = a_generation()
        assert index.applied(generation) == 0
        assert index.search_text(generation, ["word"], 10) == []
        assert index.search_vector(generation, a_vector(1), 10) == []
        assert index.vector_scores(generation, a_vector(1), [1, 2]) == [None, None]
        assert index.keys(generation) == {}
        assert index.compact(generation) is False
        assert index.stats(generation).rows == 0
        assert index.generations() == []
        index.drop(generation)

    def test_text_scores_are_bm25(self, index: Index) -> None:
        generation = a_generation()
        texts = {1: "red fox red den", 2: "red hen", 3: "the quick brown fox jumps over a lazy dog again", 4: "none"}
        put(index, generation, *(a_row(key, text) for key, text in texts.items()))
        expected = bm25({key: text.split() for key, text in texts.items()}, ["red", "fox", "absent"])
        found = index.search_text(generation, ["red", "fox", "absent"], 10)
        assert {hit.key: hit.score for hit in found} == pytest.approx(expected, rel=1e-4)
        assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)

    def test_title_and_keywords_count_beside_the_content(self, index: Index) -> None:
        generation = a_generation()
        put(
            index,
            generation,
            a_row(1, "alpha beta"),
            a_row(2, "gamma beta", title="alpha beta"),
            a_row(3, "delta beta", keywords="alpha beta"),
            a_row(4, "other words"),
        )
        found = {hit.key: hit.score for hit in index.search_text(generation, ["alpha"], 10)}
        assert found.keys() == {1, 2, 3}
        assert found[1] > found[2]
        assert min(found.values()) > 0

    def test_a_keyword_counts_more_than_content_however_few_rows_have_any(self, index: Index) -> None:
        generation = a_generation()
        mentioning = [a_row(key, f"alpha alpha alpha number{key}") for key in range(2, 60)]
        put(index, generation, a_row(1, "delta beta", keywords="alpha gamma"), *mentioning)
        found = index.search_text(generation, ["alpha"], 100)
        assert found[0].key == 1
        assert len(found) == 59

    def test_without_vectors_keywords_only_add_to_the_content(self, index: Index) -> None:
        generation = a_generation(dimension=None)
        rows = [
            a_row(1, "delta beta", keywords="alpha"),
            a_row(2, "alpha beta", keywords="alpha"),
            a_row(3, "alpha beta"),
        ]
        put(index, generation, *rows, a_row(4, "other words"))
        assert [hit.key for hit in index.search_text(generation, ["alpha"], 10)] == [2, 3, 1]

    @pytest.mark.parametrize(
        "token",
        [
            "AND",
            "a:b",
            '"',
            "+x",
            "-x",
            "*",
            "(",
            "\\",
            "^2",
            "~",
            "知识",
            "庫",
            "😀",
            "e\u0301",
            "\u0000",
            "\u200b",
            "x" * 5000,
        ],
        ids=lambda token: ascii(token)[:12],
    )
    def test_a_token_is_found_whatever_its_characters(self, index: Index, token: str) -> None:
        generation = a_generation()
        rows = [IndexRow(ChunkKey(1), RevisionKey(1), ["a", token]), IndexRow(ChunkKey(2), RevisionKey(1), ["a", "b"])]
        put(index, generation, *rows)
        assert keys_of(index.search_text(generation, [token], 10)) == [1]

    @pytest.mark.parametrize("token", ["\ud800", "x" * 70_000, "", "a b", "\u3000"], ids=lambda token: ascii(token)[:8])
    def test_an_impossible_token_costs_only_itself(self, index: Index, token: str) -> None:
        generation = a_generation()
        put(index, generation, IndexRow(ChunkKey(1), RevisionKey(1), [token, "word"]))
        assert keys_of(index.search_text(generation, [token, "word"], 10)) == [1]

    def test_vector_scores_are_cosines(self, index: Index) -> None:
        generation = a_generation()
        vectors = {key: a_vector(key) for key in range(1, 200)}
        put(index, generation, *(a_row(key, group=key % 7, vector=vector) for key, vector in vectors.items()))
        query = a_vector(1000)
        exact = sorted(((float(vector @ query), key) for key, vector in vectors.items()), reverse=True)
        found = index.search_vector(generation, query, 20)
        assert keys_of(found) == [key for _, key in exact[:20]]
        assert [hit.score for hit in found] == pytest.approx([score for score, _ in exact[:20]], abs=2e-3)
        assert all(hit.group == hit.key % 7 for hit in found)
        asked = [5, 999, 17]
        scores = index.vector_scores(generation, query, asked)
        assert scores[1] is None
        assert scores[0] == pytest.approx(float(vectors[5] @ query), abs=2e-3)
        assert scores[2] == pytest.approx(float(vectors[17] @ query), abs=2e-3)

    @pytest.mark.parametrize("groups", [{3}, {3, 5, 99}, set(), {99}, set(range(500)), [3, 3]], ids=repr)
    def test_groups_filter_both_legs(self, index: Index, groups: Collection[int]) -> None:
        generation = a_generation()
        rows = [a_row(key, "same word", group=key % 10, vector=a_vector(key)) for key in range(100)]
        put(index, generation, *rows)
        expected = {key for key in range(100) if key % 10 in groups}
        assert set(keys_of(index.search_text(generation, ["word"], 200, groups))) == expected
        assert set(keys_of(index.search_vector(generation, a_vector(7), 200, groups))) == expected

    def test_filtered_pages_stay_full(self, index: Index) -> None:
        generation = a_generation()
        rows = [a_row(key, "word" + " word" * (key % 3), group=key, vector=a_vector(key)) for key in range(600)]
        put(index, generation, *rows)
        groups = set(range(0, 600, 2))
        assert len(index.search_text(generation, ["word"], 40, groups)) == 40
        assert len(index.search_vector(generation, a_vector(3), 40, groups)) == 40
        rare = set(range(590, 1100))
        assert set(keys_of(index.search_text(generation, ["word"], 40, rare))) == set(range(590, 600))

    def test_the_limit_holds_and_ties_go_by_key(self, index: Index) -> None:
        generation = a_generation()
        put(index, generation, *(a_row(key, "same", vector=a_vector(1)) for key in (9, 3, 7, 1)))
        assert keys_of(index.search_text(generation, ["same"], 10)) == [1, 3, 7, 9]
        assert keys_of(index.search_vector(generation, a_vector(1), 10)) == [1, 3, 7, 9]
        assert len(index.search_text(generation, ["same"], 2)) == 2
        assert len(index.search_vector(generation, a_vector(1), 2)) == 2
        assert index.search_text(generation, ["same"], 0) == []
        assert index.search_vector(generation, a_vector(1), 0) == []

    def test_a_row_replaces_the_one_with_its_key(self, index: Index) -> None:
        generation = a_generation()
        put(index, generation, a_row(1, "old", group=1, vector=a_vector(1)))
        put(index, generation, a_row(1, "older", group=2), a_row(1, "new", group=2, vector=a_vector(2)))
        assert index.search_text(generation, ["old", "older"], 10) == []
        assert [(hit.key, hit.group) for hit in index.search_text(generation, ["new"], 10)] == [(1, 2)]
        assert index.search_vector(generation, a_vector(2), 10)[0].score == pytest.approx(1.0, abs=1e-3)
        assert index.keys(generation) == {1: 2}
        assert index.stats(generation).rows == 1

    def test_removals_come_before_rows(self, index: Index) -> None:
        generation = a_generation()
        put(index, generation, a_row(1, "one", group=1), a_row(2, "two", group=1), a_row(3, "three", group=2))
        put(index, generation, a_row(1, "again", group=1), removed_groups=[1, 77], removed_keys=[3, 88])
        assert index.keys(generation) == {1: 1}
        assert index.search_text(generation, ["one", "two", "three"], 10) == []
        assert keys_of(index.search_text(generation, ["again"], 10)) == [1]

    def test_applied_follows_each_change_even_an_empty_one(self, index: Index) -> None:
        generation = a_generation()
        for number in (5, 9, 40):
            put(index, generation, applied=number)
            assert index.applied(generation) == number
        assert index.stats(generation).rows == 0

    def test_the_same_change_twice_leaves_the_same_state(self, index: Index) -> None:
        generation = a_generation()
        put(index, generation, a_row(1, "gone", group=1), a_row(2, "kept", group=2, vector=a_vector(2)))
        for _ in range(2):
            put(
                index, generation, a_row(3, "word", vector=a_vector(3)), removed_groups=[1], removed_keys=[9], applied=7
            )
        assert index.keys(generation) == {2: 2, 3: 1}
        assert index.applied(generation) == 7
        assert keys_of(index.search_text(generation, ["word", "gone"], 10)) == [3]
        assert sorted(keys_of(index.search_vector(generation, a_vector(3), 10))) == [2, 3]
        assert index.stats(generation).vectors == 2

    def test_rows_without_a_vector_are_found_by_words_alone(self, index: Index) -> None:
        generation = a_generation()
        put(index, generation, a_row(1, "word"), a_row(2, "word", vector=a_vector(2)))
        assert keys_of(index.search_text(generation, ["word"], 10)) == [1, 2]
        assert keys_of(index.search_vector(generation, a_vector(9), 10)) == [2]
        assert index.vector_scores(generation, a_vector(2), [1, 2]) == [None, pytest.approx(1.0, abs=1e-3)]
        assert (index.stats(generation).rows, index.stats(generation).vectors) == (2, 1)

    def test_a_generation_may_have_no_vectors(self, index: Index) -> None:
        generation = a_generation(dimension=None)
        put(index, generation, a_row(1, "word"), a_row(2, "other", vector=a_vector(2)))
        put(index, generation, removed_keys=[2])
        assert index.search_vector(generation, a_vector(2), 10) == []
        assert index.vector_scores(generation, a_vector(2), [1]) == [None]
        assert keys_of(index.search_text(generation, ["word", "other"], 10)) == [1]

    @pytest.mark.parametrize("value", [math.nan, math.inf, 1e30, 0.0])
    def test_a_strange_vector_harms_no_other(self, index: Index, value: float) -> None:
        generation = a_generation()
        strange = np.full(DIMENSION, value, np.float32)
        put(index, generation, a_row(1, "word", vector=strange), a_row(2, "word", vector=a_vector(2)))
        assert index.search_vector(generation, a_vector(2), 1)[0].key == 2
        assert keys_of(index.search_text(generation, ["word"], 10)) == [1, 2]
        assert index.search_vector(generation, strange, 10) == []

    def test_generations_are_apart(self, index: Index) -> None:
        first = a_generation()
        second = a_generation(dimension=3, dataset=first.dataset_id)
        third = a_generation(dimension=None)
        put(index, first, a_row(1, "word", vector=a_vector(1)), applied=1)
        put(index, second, a_row(1, "term", vector=a_vector(1, 3)), applied=2)
        put(index, third, a_row(1, "token"), applied=3)
        assert [index.applied(generation) for generation in (first, second, third)] == [1, 2, 3]
        assert index.search_text(second, ["word", "token"], 10) == []
        assert len(index.search_vector(second, a_vector(1, 3), 10)) == 1
        assert set(index.generations()) == {first.id, second.id, third.id}

    def test_a_dropped_generation_is_as_if_never_written(self, index: Index) -> None:
        generation, other = a_generation(), a_generation()
        put(index, generation, a_row(1, "word", vector=a_vector(1)), applied=4)
        put(index, other, a_row(1, "word"), applied=5)
        for _ in range(2):
            index.drop(generation)
            assert index.applied(generation) == 0
            assert index.search_text(generation, ["word"], 10) == []
            assert index.generations() == [other.id]
        put(index, generation, a_row(2, "word"), applied=1)
        assert keys_of(index.search_text(generation, ["word"], 10)) == [2]
        assert index.applied(other) == 5

    def test_what_was_applied_is_there_after_reopening(self, open_index: OpenIndex) -> None:
        generation = a_generation()
        with closing(open_index()) as index:
            put(index, generation, a_row(1, "word", vector=a_vector(1)), a_row(2, "word"), applied=8)
            put(index, generation, removed_keys=[2], applied=9)
        with closing(open_index()) as index:
            assert index.applied(generation) == 9
            assert keys_of(index.search_text(generation, ["word"], 10)) == [1]
            assert keys_of(index.search_vector(generation, a_vector(1), 10)) == [1]
            put(index, generation, a_row(3, "word"), applied=10)
            assert keys_of(index.search_text(generation, ["word"], 10)) == [1, 3]

    def test_others_see_a_change_within_a_second(self, index: Index, open_index: OpenIndex) -> None:
        generation = a_generation()
        with closing(open_index()) as other:
            assert other.search_text(generation, ["word"], 10) == []
            for number in range(1, 8):
                put(index, generation, a_row(number, "word", vector=a_vector(number)), applied=number)
                deadline = time.monotonic() + 1.0
                while other.applied(generation) != number and time.monotonic() < deadline:
                    time.sleep(0.01)
                assert keys_of(other.search_text(generation, ["word"], 10)) == list(range(1, number + 1))
                assert len(other.search_vector(generation, a_vector(1), 10)) == number

    def test_a_searcher_never_sees_half_a_change(self, index: Index, open_index: OpenIndex) -> None:
        generation = a_generation()
        put(index, generation, *_edition(0), applied=0)
        failures: list[str] = []
        done = threading.Event()

        def look() -> None:
            with closing(open_index()) as other:
                while not done.is_set():
                    for hits in (
                        other.search_text(generation, ["same"], 100),
                        other.search_vector(generation, a_vector(1), 100),
                    ):
                        if len(hits) != 20 or len({hit.group for hit in hits}) != 1:
                            failures.append(repr(hits))

        watcher = threading.Thread(target=look)
        watcher.start()
        try:
            for number in range(1, 17):
                put(index, generation, *_edition(number), removed_groups=[number - 1], applied=number)
                if number % 8 == 0:
                    index.compact(generation)
        finally:
            done.set()
            watcher.join()
        assert failures == []

    @settings(max_examples=25, deadline=None, suppress_health_check=_SAFE_HERE)
    @given(st.data())
    def test_it_holds_what_the_changes_say(self, index: Index, data: st.DataObject) -> None:
        generation = a_generation()
        held: dict[int, IndexRow] = {}
        for number in range(1, data.draw(st.integers(1, 6)) + 1):
            rows = data.draw(st.lists(_ROWS, max_size=12))
            groups, keys = data.draw(st.sets(_GROUPS, max_size=2)), data.draw(st.sets(_KEYS, max_size=3))
            put(index, generation, *rows, removed_groups=groups, removed_keys=keys, applied=number)
            held = {key: row for key, row in held.items() if row.group not in groups and key not in keys}
            held |= {row.key: row for row in rows}
            if data.draw(st.booleans()):
                index.compact(generation)
        _assert_holds(index, generation, held)


_GROUPS, _KEYS = st.integers(1, 6), st.integers(1, 40)
_ROWS = st.builds(
    lambda key, group, word, has_vector: a_row(
        key, word, group=group, vector=a_vector(key * 7 + group) if has_vector else None
    ),
    _KEYS,
    _GROUPS,
    st.sampled_from(["red", "green", "red green", "blue blue"]),
    st.booleans(),
)


def _assert_holds(index: Index, generation: Generation, held: dict[int, IndexRow]) -> None:
    assert index.keys(generation) == {key: row.group for key, row in held.items()}
    vectors = {key: row.vector for key, row in held.items() if row.vector is not None}
    stats = index.stats(generation)
    assert (stats.rows, stats.vectors) == (len(held), len(vectors))
    for word in ("red", "green", "blue"):
        expected = {key for key, row in held.items() if word in row.tokens}
        assert set(keys_of(index.search_text(generation, [word], 100))) == expected
        allowed = {key for key in expected if held[key].group in {1, 4}}
        assert set(keys_of(index.search_text(generation, [word], 100, {1, 4}))) == allowed
    query = a_vector(0)
    order = sorted(vectors, key=lambda key: (-float(vectors[key] @ query), key))
    assert set(keys_of(index.search_vector(generation, query, 5))) == set(order[:5])
    assert set(keys_of(index.search_vector(generation, query, 100, {2}))) == {
        key for key in vectors if held[key].group == 2
    }
    scores = index.vector_scores(generation, query, list(range(1, 41)))
    assert {key for key, score in zip(range(1, 41), scores, strict=True) if score is not None} == vectors.keys()


def _edition(number: int) -> list[IndexRow]:
    rows = [a_row(key, "same words", group=number, vector=a_vector(key)) for key in range(20)]
    # Half of the rows replace the edition before, the other half come beside it while its group goes.
    return [replace(row, key=ChunkKey(row.key + 100 * number)) if row.key % 2 else row for row in rows]
