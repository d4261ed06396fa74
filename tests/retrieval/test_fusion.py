import pytest
from hypothesis import given
from hypothesis import strategies as st

from diglot.retrieval.candidates import Legs
from diglot.retrieval.fusion import best_lexical, fuse, scores

keys = st.integers(1, 200)
all_legs = st.builds(
    Legs, st.dictionaries(keys, st.floats(0.001, 1000)), st.dictionaries(keys, st.floats(-1, 1)), st.just(True)
)


def order(legs: Legs, weight: float) -> list[int]:
    return [key for _, key in sorted(fuse(legs, weight, best_lexical([legs])))]


def test_hybrid_score_is_the_weighted_sum_of_cosine_and_share_of_best_bm25() -> None:
    legs = Legs({1: 8.0, 2: 4.0}, {1: 0.5, 2: 0.9, 3: 0.7}, True)
    ranked = sorted(fuse(legs, 0.6, best_lexical([legs])))
    assert [(key, round(-final, 6)) for final, key in ranked] == [(2, 0.74), (1, 0.7), (3, 0.42)]
    assert [scores(one, legs, 8.0).lexical_share for one in ranked] == [0.5, 1.0, None]


def test_equal_scores_come_by_key() -> None:
    assert order(Legs({9: 1.0, 3: 1.0, 5: 1.0}, {}, True), 0.0) == [3, 5, 9]


@given(all_legs)
def test_without_weight_the_vector_has_no_say(legs: Legs) -> None:
    by_words = [key for key in order(legs, 0.0) if key in legs.lexical]
    assert by_words == order(Legs(legs.lexical, {}, True), 0.0)


@given(all_legs, st.floats(0, 0.999))
def test_final_scores_stay_between_nought_and_one(legs: Legs, weight: float) -> None:
    assert all(-1.0 - 1e-9 <= final <= 0.0 for final, _ in fuse(legs, weight, best_lexical([legs])))


@given(all_legs, st.floats(0, 1))
def test_every_candidate_comes_once_and_its_scores_recombine(legs: Legs, weight: float) -> None:
    best = best_lexical([legs])
    ranked = fuse(legs, weight, best)
    assert sorted(key for _, key in ranked) == sorted(legs.lexical.keys() | legs.vector.keys())
    for one in ranked:
        parts = scores(one, legs, best)
        if weight < 1.0:
            expected = weight * max(0.0, parts.vector or 0.0) + (1 - weight) * (parts.lexical_share or 0.0)
            assert parts.final == pytest.approx(expected)


@given(all_legs)
def test_with_full_weight_the_final_score_is_the_cosine(legs: Legs) -> None:
    assert {key: -final for final, key in fuse(legs, 1.0, 1.0) if key in legs.vector} == legs.vector
