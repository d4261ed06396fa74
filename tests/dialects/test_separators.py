"""Separators that were typed into one line mean the same in every dialect."""

import pytest

from diglot.domain.rules import ChunkMethod
from diglot.http.dify import process_rules, wire
from diglot.http.ragflow import chunking

TYPED = [
    (r"\n", "\n"),
    (r"\n\n", "\n\n"),
    ("\n", "\n"),
    ("。", "。"),
    (r"。\n", "。\n"),
    (r"\t", "\t"),
    (r"\r\n", "\r\n"),
    (r"\\n", r"\n"),
    (r"\d+", r"\d+"),
    ("###", "###"),
    ("é😀", "é😀"),
]


@pytest.mark.parametrize(("typed", "literal"), TYPED)
def test_in_difys_words(typed: str, literal: str) -> None:
    segmentation = {"separator": typed, "max_tokens": 100}
    rules = {"pre_processing_rules": [], "segmentation": segmentation, "subchunk_segmentation": segmentation}
    sent = wire.ProcessRule.model_validate({"mode": "hierarchical", "rules": rules})
    made = process_rules.chunking_rules(sent, 4000)
    assert made is not None
    assert made.children is not None
    assert (made.separator, made.children.separators) == (literal, (literal,))


@pytest.mark.parametrize(("typed", "literal"), TYPED)
def test_in_ragflows_words(typed: str, literal: str) -> None:
    divided = {"use_parent_child": True, "children_delimiter": f"`{typed}`"}
    made = chunking.rules_of(ChunkMethod.NAIVE, {"delimiter": typed, "parent_child": divided})
    assert made.children is not None
    assert (made.options.delimiter, made.children.separators) == (literal, (literal,))
