from hypothesis import given
from hypothesis import strategies as st

from diglot.retrieval.candidates import Found
from diglot.retrieval.fusion import best_lexical, fuse, in_order

scores = st.one_of(st.none(), st.floats(0.001, 1000))
cosines = st.one_of(st.none(), st.floats(-1, 1))
founds = st.lists(st.builds(Found, st.integers(1, 10_000), scores, cosines), unique_by=lambda found: found.key)


def test_hybrid_score_is_the_weighted_sum_of_cosine_and_share_of_best_bm25() -> None:
    found = [Found(1, lexical=8.0, vector=0.5), Found(2, lexical=4.0, vector=0.9), Found(3, vector=0.7)]
    ranked = in_order(fuse(found, 0.6, best_lexical(found)))
    assert [(key, round(scores.final, 6)) for key, scores in ranked] == [(2, 0.74), (1, 0.7), (3, 0.42)]
    assert [scores.lexical_share for _, scores in ranked] == [0.5, 1.0, None]


def test_equal_scores_come_by_key() -> None:
    found = [Found(9, lexical=1.0), Found(3, lexical=1.0), Found(5, lexical=1.0)]
    assert [key for key, _ in in_order(fuse(found, 0.0, 1.0))] == [3, 5, 9]


@given(founds)
def test_without_weight_the_vector_has_no_say(found: list[Found]) -> None:
    best = best_lexical(found)
    alone = in_order(fuse([Found(one.key, one.lexical) for one in found], 0.0, best))
    assert [key for key, _ in in_order(fuse(found, 0.0, best))] == [key for key, _ in alone]


@given(founds, st.floats(0, 0.999))
def test_final_scores_stay_between_nought_and_one(found: list[Found], weight: float) -> None:
    assert all(0.0 <= scores.final <= 1.0 for _, scores in fuse(found, weight, best_lexical(found)))


@given(founds)
def test_with_full_weight_the_final_score_is_the_cosine(found: list[Found]) -> None:
    for one, (_, ranked) in zip(found, fuse(found, 1.0, best_lexical(found)), strict=True):
        assert ranked.final == (-1.0 if one.vector is None else one.vector)
