"""Chunks with children: every child a stretch of its parent, every word in some child."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import AnchoredText
from diglot.domain.rules import ChildRules, ChunkForm, ChunkingRules, ParentMode, RuleMode
from diglot.domain.tokens import count_tokens
from diglot.ingestion.chunking import divided
from diglot.ingestion.splitting import split

TEXT = "One. First line.\nSecond line.\n\nTwo. Third line.\n第四行。\n\n\n"


def drafts(text: str, children: ChildRules | None = None, **fields: object) -> list[ChunkDraft]:
    rules = ChunkingRules(RuleMode.HIERARCHICAL, children=children, **fields)  # type: ignore[arg-type]
    return split(AnchoredText(text, ()), rules, ChunkForm.HIERARCHICAL)


def contents(made: list[ChunkDraft]) -> list[tuple[str, list[str]]]:
    return [(draft.content, [child.content for child in draft.children]) for draft in made]


def test_paragraphs_and_their_lines() -> None:
    assert contents(drafts(TEXT)) == [
        ("One. First line.\nSecond line.", ["One. First line.", "Second line."]),
        ("Two. Third line.\n第四行。", ["Two. Third line.", "第四行。"]),
    ]


def test_the_whole_document_is_one_parent() -> None:
    [(content, children)] = contents(drafts(TEXT, ChildRules(ParentMode.FULL_DOCUMENT)))
    assert content == TEXT.strip()
    assert children == ["One. First line.", "Second line.", "Two. Third line.", "第四行。"]


def test_several_separators() -> None:
    [(_, children)] = contents(drafts("a; b, c;d", ChildRules(separators=(";", ", "))))
    assert children == ["a", "b", "c", "d"]


def test_without_a_separator_the_size_alone_cuts() -> None:
    [(_, children)] = contents(drafts("word " * 100, ChildRules(separators=(), max_tokens=50)))
    assert len(children) >= 2
    assert all(count_tokens(child) <= 50 for child in children)


def test_nothing_is_made_of_nothing() -> None:
    assert drafts(" \n\n \n") == []


def test_children_of_what_a_method_made_stand_where_it_stands() -> None:
    draft = divided(ChunkDraft("row one\nrow two"), ChunkingRules())
    assert [child.content for child in draft.children] == ["row one", "row two"]
    assert [one.content for one in draft.searched] == ["row one", "row two"]


@pytest.mark.parametrize("mode", ParentMode)
@given(text=st.text("ab .\n。x", max_size=300), size=st.integers(50, 80), overlap=st.integers(0, 40))
def test_every_child_is_a_part_of_its_parent_and_no_word_is_lost(
    mode: ParentMode, text: str, size: int, overlap: int
) -> None:
    for draft in drafts(text, ChildRules(mode, max_tokens=size, overlap=overlap), max_tokens=100):
        assert draft.children
        assert all(child.content in draft.content for child in draft.children)
        words = {
            word for child in draft.children for word in child.content.replace("。", " ").replace(".", " ").split()
        }
        assert set(draft.content.replace("。", " ").replace(".", " ").split()) <= words
