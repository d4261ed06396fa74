import pytest
from hypothesis import given
from hypothesis import strategies as st

from diglot.adapters.embedders.encoder import BATCH_TEXTS, BATCH_TOKENS, batches_by_length


@given(st.lists(st.integers(0, 600), max_size=200))
def test_batches_hold_each_text_once_and_stay_within_their_bounds(lengths: list[int]) -> None:
    batches = list(batches_by_length(lengths))
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[index] for index in batch)
        assert len(batch) == 1 or (len(batch) <= BATCH_TEXTS and longest * len(batch) <= BATCH_TOKENS)


@pytest.mark.parametrize("length", [32, 256])
def test_texts_of_one_length_fill_their_batches(length: int) -> None:
    full = min(BATCH_TEXTS, BATCH_TOKENS // length)
    assert [len(batch) for batch in batches_by_length([length] * full * 3)] == [full] * 3
