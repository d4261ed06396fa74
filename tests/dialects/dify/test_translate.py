"""Dify's words to ours, by themselves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diglot.domain.document import DocumentStatus
from diglot.domain.search import RetrievalSettings, SearchMethod
from diglot.http.dify import retrieval_models, translate, wire


@pytest.mark.parametrize(
    ("sent", "weight"),
    [
        (None, None),
        ({}, None),
        ({"vector_setting": {"vector_weight": 0.7}, "keyword_setting": {"keyword_weight": 0.3}}, 0.7),
        ({"vector_setting": {"vector_weight": 2}, "keyword_setting": {"keyword_weight": 2}}, 0.5),
        ({"vector_setting": {"vector_weight": 0}, "keyword_setting": {"keyword_weight": 1}}, 0.0),
        ({"vector_setting": {"vector_weight": 0}, "keyword_setting": {"keyword_weight": 0}}, None),
        ({"vector_setting": {"vector_weight": 0.25}}, 0.25),
    ],
)
def test_weights_count_by_their_proportion(sent: dict[str, object] | None, weight: float | None) -> None:
    model = wire.RetrievalModel.model_validate({"search_method": "hybrid_search", "weights": sent})
    chosen = retrieval_models.settings_of(model)
    assert chosen.vector_weight == (None if weight is None else pytest.approx(weight))


def test_a_threshold_counts_when_it_is_switched_on() -> None:
    sent = {"search_method": "full_text_search", "score_threshold": 0.5, "top_k": 7}
    off = retrieval_models.settings_of(wire.RetrievalModel.model_validate(sent))
    on = retrieval_models.settings_of(wire.RetrievalModel.model_validate(sent | {"score_threshold_enabled": True}))
    assert off == RetrievalSettings(SearchMethod.FULL_TEXT, 7)
    assert on == RetrievalSettings(SearchMethod.FULL_TEXT, 7, threshold=0.5)


def test_every_state_has_its_words() -> None:
    assert set(translate.INDEXING_STATUS) == set(DocumentStatus)
    shown = {status for states in translate.STATUSES_SHOWN_AS.values() for status in states}
    assert shown == set(DocumentStatus) - {DocumentStatus.READY}


@settings(deadline=None)
@given(st.text(min_size=1, max_size=400) | st.text(min_size=190, max_size=400).map(lambda stem: f"{stem}.txt"))
def test_names_are_cut_not_lost(name: str) -> None:
    short = translate.short_name(name)
    assert 0 < len(short) <= 200
    assert short == name or len(name) > 200
    assert len(translate.text_name(name)) <= 200
    assert translate.text_name(name).endswith(".txt")


@pytest.mark.parametrize(
    ("name", "extension"), [("a.PDF", "PDF"), ("a", ""), (".hidden", ""), ("a.tar.gz", "gz"), ("a.", "")]
)
def test_extensions(name: str, extension: str) -> None:
    assert translate.extension_of(name) == extension


def test_numbers_on_the_wire_are_finite() -> None:
    for value in ("1e400", "-1e400"):
        with pytest.raises(ValueError, match=r"finite|valid"):
            wire.RetrievalModel.model_validate({"score_threshold": value})
