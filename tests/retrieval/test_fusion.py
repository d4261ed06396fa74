from hypothesis import given
from hypothesis import strategies as st

from diglot.retrieval.candidates import Found
from diglot.retrieval.fusion import Ranked, best_lexical, fuse, in_order, scores

bm25s = st.one_of(st.none(), st.floats(0.001, 1000))
cosines = st.one_of(st.none(), st.floats(-1, 1))
founds = st.lists(st.builds(Found, st.integers(1, 10_000), bm25s, cosines), unique_by=lambda found: found.key)


def keys(ranked: list[Ranked]) -> list[int]:
    return [one.found.key for one in in_order(ranked)]


def test_hybrid_score_is_the_weighted_sum_of_cosine_and_share_of_best_bm25() -> None:
    found = [Found(1, lexical=8.0, vector=0.5), Found(2, lexical=4.0, vector=0.9), Found(3, vector=0.7)]
    ranked = in_order(fuse(found, 0.6, best_lexical(found)))
    assert [(one.found.key, round(one.final, 6)) for one in ranked] == [(2, 0.74), (1, 0.7), (3, 0.42)]
    assert [scores(one, best_lexical(found)).lexical_share for one in ranked] == [0.5, 1.0, None]


def test_equal_scores_come_by_key() -> None:
    assert keys(fuse([Found(9, lexical=1.0), Found(3, lexical=1.0), Found(5, lexical=1.0)], 0.0, 1.0)) == [3, 5, 9]


@given(founds)
def test_without_weight_the_vector_has_no_say(found: list[Found]) -> None:
    best = best_lexical(found)
    assert keys(fuse(found, 0.0, best)) == keys(fuse([Found(one.key, one.lexical) for one in found], 0.0, best))


@given(founds, st.floats(0, 0.999))
def test_final_scores_stay_between_nought_and_one(found: list[Found], weight: float) -> None:
    assert all(0.0 <= one.final <= 1.0 + 1e-9 for one in fuse(found, weight, best_lexical(found)))


@given(founds)
def test_with_full_weight_the_final_score_is_the_cosine(found: list[Found]) -> None:
    for one, ranked in zip(found, fuse(found, 1.0, best_lexical(found)), strict=True):
        assert ranked.final == (-1.0 if one.vector is None else one.vector)
