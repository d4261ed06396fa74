"""Questions with answers by kind of file."""

import pytest

from diglot.adapters.parsers.reading import read
from diglot.domain.chunk import ChunkDraft
from diglot.domain.errors import ParseFailed
from diglot.domain.parsed import Parsed
from diglot.domain.rules import ChunkMethod, MethodOptions
from diglot.domain.tokens import count_tokens
from diglot.ingestion.splitting.methods import split_by_method
from diglot.ports.parser import ParseLimits
from tests.ingestion.methods.reading import document, heading, needs_documents, paragraph
from tests.ingestion.methods.test_naive import workbook


def drafts(content: str | bytes | Parsed, name: str) -> list[ChunkDraft]:
    if not isinstance(content, Parsed):
        content = read(name, content.encode() if isinstance(content, str) else content, ParseLimits())
    return split_by_method(content, ChunkMethod.QA, MethodOptions(), name)


def pairs(content: str | bytes | Parsed, name: str) -> list[tuple[str, str | None]]:
    return [(draft.content, draft.answer) for draft in drafts(content, name)]


def test_the_first_two_filled_cells_of_every_sheet() -> None:
    book = workbook(
        One=[["Question", "Answer"], ["q1", "a1"]],
        Two=[["q2", "a2", "rest"], ["", "q3", "a3"], ["alone"]],
        Three=[["q4", 4]],
    )
    assert pairs(book, "a.xlsx") == [("q1", "a1"), ("q2", "a2"), ("q3", "a3"), ("q4", "4")]
    assert [draft.anchors[0].sheet for draft in drafts(book, "a.xlsx")] == ["One", "Two", "Two", "Three"]


def test_named_columns_are_believed() -> None:
    assert pairs("id,answer,question\n1,a1,q1\n2,a2,q2\n", "a.csv") == [("q1", "a1"), ("q2", "a2")]


def test_a_csv_row_of_another_width_goes_on_with_the_answer() -> None:
    csv = 'lost\nq1,"a, 1"\nmore\nq2,a2\n'
    assert pairs(csv, "a.csv") == [("q1", "a, 1\nmore"), ("q2", "a2")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("q1\ta1\nq2, too\ta2\n", [("q1", "a1"), ("q2, too", "a2")]),
        ("first\nq1,a1\ngoes on\nq2,a2\n", [("q1", "a1\ngoes on"), ("q2", "a2")]),
        ("a\tb\nc,d\n", [("a", "b\nc,d")]),
        ("Q: Who, me?\nA: Yes, you.\nQ: When?\nA: Now.", [("Who, me?", "Yes, you."), ("When?", "Now.")]),
        ("Question: q\tAnswer: a\n问题：问\t答案：答", [("q", "a"), ("问", "答")]),
        ("A dog barks\tQ is a letter", [("A dog barks", "Q is a letter")]),
    ],
)
def test_lines_of_text(text: str, found: list[tuple[str, str]]) -> None:
    assert pairs(text, "a.txt") == found


def test_headings_ask_by_their_whole_path() -> None:
    text = "lost\n# A\n\nzero\n\n## B\n\none\n\n- two\n\n### C\n\n```\n# no heading\n```\n\n## D\n\n## E ##\n\n| x |\n"
    assert pairs(text, "a.md") == [
        ("A", "zero"),
        ("A\nB", "one\n\n- two"),
        ("A\nB\nC", "```\n# no heading\n```"),
        ("A\nE", "| x |"),
    ]
    anchor = drafts(text, "a.md")[1].anchors[0]
    assert (text[anchor.start : anchor.end], anchor.headings) == ("## B\n\none\n\n- two", ("A", "B"))


def test_numbers_begin_questions_in_print() -> None:
    blocks = (
        paragraph("About", 1),
        paragraph("1. Who is it? It is I.", 1),
        paragraph("2. What then", 1),
        paragraph("This, with 2. in it.", 1),
        paragraph("1. listed", 2),
        paragraph("3. Why?\nBecause.", 2),
    )
    assert pairs(Parsed(blocks), "a.pdf") == [
        ("Who is it?", "It is I."),
        ("What then", "This, with 2. in it.\n\n1. listed"),
        ("Why?", "Because."),
    ]
    assert [anchor.page for draft in drafts(Parsed(blocks), "a.pdf") for anchor in draft.anchors] == [1, 1, 2, 2]
    han = (paragraph("第一问 谁？\n我。", 1), paragraph("第二问 何时？\n今。", 1))
    assert pairs(Parsed(han), "a.pdf") == [("谁？", "我。"), ("何时？", "今。")]


@pytest.mark.parametrize(
    ("name", "text"), [("a.txt", "no pairs\nat all"), ("a.md", "# alone"), ("a.csv", "a,b,c\n1,2,3\n")]
)
def test_what_holds_no_pairs_is_refused(name: str, text: str) -> None:
    with pytest.raises(ParseFailed, match=r"^Unable to recognize Q&A structure\.$"):
        drafts(text, name)


def test_headings_without_text_leave_the_labels() -> None:
    parsed = Parsed((heading("Only a title", 1), heading("Q: one?", 2), heading("A: two.", 2)))
    assert pairs(parsed, "a.docx") == [("one?", "two.")]


@needs_documents
@pytest.mark.parametrize(
    ("name", "count", "first", "last"),
    [
        ("zh_qa.xlsx", 300, ("黑豹队的防守丢了多少分？", "308"), "燃烧室"),
        ("en_qa.csv", 300, ("How many points did the Panthers defense surrender?", "308"), "combustion chamber"),
    ],
)
def test_real_pairs(name: str, count: int, first: tuple[str, str], last: str) -> None:
    found = drafts(document(name), name)
    assert len(found) == count
    assert (found[0].content, found[0].answer) == first
    assert found[-1].answer == last
    assert all(draft.anchors and draft.answer for draft in found)
    assert found[0].tokens == count_tokens(first[0]) + count_tokens(first[1])


@needs_documents
def test_a_real_faq() -> None:
    found = drafts(document("en_manual_faq.mdx"), "en_manual_faq.mdx")
    assert len(found) == 61
    assert found[-1].content.split("\n") == [
        "FAQs",
        "Usage",
        "How do I use Ollama with RAGFlow for local LLM inference?",
    ]
