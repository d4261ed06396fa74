"""The estimate against recorded counts of cl100k_base, and the law that splitting rests on."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diglot.domain.tokens import count_tokens

SHARED = Path(__file__).resolve().parents[3] / "shared"

PASSAGES = {
    "english prose": (
        65,
        "The library keeps every document that was given to it, and remembers which page each answer cam"
        "e from. When a reader asks a question, the shelves are searched twice: once for the words thems"
        "elves, and once for what they mean. Both lists are then joined, and whatever has been withdrawn"
        " since this morning is quietly left out.",
    ),
    "english technical": (
        82,
        "Set DIGLOT_DATA to a folder on a local disk and start the server with `diglot serve --port 8080"
        "`. It listens on 127.0.0.1 by default; put a reverse proxy in front of it before you open it to"
        " other machines. Requests above 50 MB are refused with status 413, and a full queue answers 429"
        " with a Retry-After header.",
    ),
    "english science": (
        80,
        "Transcription factors regulate haematopoietic stem cell differentiation through chromatin remod"
        "elling. In a randomised controlled trial of 1,284 patients, systolic blood pressure fell by 6.2"
        " mmHg (95 % CI 4.1-8.3, p < 0.001) in the intervention group, whereas cardiovascular mortality "
        "was unchanged after 24 months.",
    ),
    "simplified prose": (
        113,
        "图书馆保存着每一份交给它的文件，并且记得每个答案出自哪一页。读者提出问题的时候，书架会被查找两遍：一遍按照词语"
        "本身，一遍按照它们的意思。两份清单随后合并，今天早上撤下的内容会被悄悄地去掉。",
    ),
    "simplified law": (
        115,
        "第十二条 建设单位应当在项目开工前向所在地县级以上人民政府主管部门提交申请，并附送下列材料：（一）项目批准文件"
        "；（二）施工图设计文件审查合格书；（三）法律、行政法规规定的其他材料。主管部门应当自收到申请之日起二十日内作出"
        "决定。",
    ),
    "traditional prose": (
        137,
        "圖書館保存著每一份交給它的文件，並且記得每個答案出自哪一頁。讀者提出問題的時候，書架會被查找兩遍：一遍按照詞語"
        "本身，一遍按照它們的意思。兩份清單隨後合併，今天早上撤下的內容會被悄悄地去掉。",
    ),
}

# First 400 texts of each corpus, joined by blank lines.
CORPORA = {"scifact": 116_457, "cmrc2018-zh": 247_167, "drcd-dev-zhtw": 270_095}

TRICKY = st.text(alphabet="aAzZ0 9.-_\n\t你龘あ한яé😀\ud800\u3000", max_size=60)


@pytest.mark.parametrize("name", PASSAGES)
def test_passages_within_a_tenth(name: str) -> None:
    exact, text = PASSAGES[name]
    assert count_tokens(text) == pytest.approx(exact, rel=0.1)


@pytest.mark.parametrize("name", CORPORA)
def test_corpora_within_a_tenth(name: str) -> None:
    path = SHARED / "retrieval" / name / "corpus.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is not there: the corpora were not counted")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line, _ in zip(lines, range(400), strict=False)]
    assert count_tokens("\n\n".join(texts)) == pytest.approx(CORPORA[name], rel=0.1)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("   ", 0),
        ("word", 1),
        ("two words", 2),
        ("internationalisation", 3),
        ("2026", 2),
        ("\n\n  \n", 1),
        ("的", 1),
        ("龘", 2),
        ("😀", 2),
        ("，", 1),
        ("\ud800", 2),
        ("привет", 3),
    ],
)
def test_small_things(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


@given(TRICKY, TRICKY)
def test_a_whole_is_never_more_than_its_parts(left: str, right: str) -> None:
    assert count_tokens(left + right) <= count_tokens(left) + count_tokens(right)


@given(TRICKY, st.integers(0, 60), st.integers(0, 60))
def test_a_part_is_never_more_than_its_whole(text: str, start: int, end: int) -> None:
    assert count_tokens(text[start:end]) <= count_tokens(text)


@given(st.text())
def test_any_text_has_a_count(text: str) -> None:
    assert 0 <= count_tokens(text) <= 2 * len(text)
