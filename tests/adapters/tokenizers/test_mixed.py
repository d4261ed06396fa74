"""The one analysis of text, for what is indexed and what is asked."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diglot.adapters.tokenizers.mixed import MixedTokenizer
from diglot.adapters.tokenizers.words import MAX_TERM

TOKENIZER = MixedTokenizer()

# What makes trouble: joiners, case changes, marks, widths, every kind of script, all planes, lone surrogates.
TRICKY = st.text(
    alphabet="aBz09_.,'’+#- \n\té\u0301ﬁß½™ＡｱﾞﾟがコЁйς한\u1112\u1161\u11abไก中圖乾々〇゛\u00ad\u200b\u200d\ufeff\x00"
    "𠮷👍\U0001f1e8\U000e0041\ud800",
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        (" .,;— ", []),
        ("Running dogs", ["run", "dog"]),
        ("to be", ["to", "be"]),
        ("patient's don’t", ["patient", "don't"]),
        ("l'eau dell'arte", ["eau", "art"]),
        ("HTTPServer", ["httpserver", "http", "server"]),
        ("maxTokens", ["maxtoken", "max", "token"]),
        ("max_tokens", ["max_tokens", "max", "token"]),
        ("__init__", ["init"]),
        ("GB18030", ["gb18030", "gb", "18030"]),
        ("100mg", ["100mg", "100", "mg"]),
        ("3.11", ["3.11"]),
        ("v3.11.2", ["v3.11.2", "3.11.2", "3.11"]),
        ("python3.11", ["python3.11", "python", "3.11"]),
        ("1,284.5", ["1284.5"]),
        ("[1,2,3]", ["1", "2", "3"]),
        ("H2O p53 mRNA", ["h2o", "p53", "mrna"]),
        ("C++ C# c foo++", ["c++", "c#", "c", "foo"]),
        ("COVID-19", ["covid", "19"]),
        ("café naïve Straße ﬁnd", ["cafe", "naiv", "strass", "find"]),
        ("ＡＢＣ", ["abc"]),
        ("exam\u00adple", ["exampl"]),
        ("Ёлка йод", ["елка", "йод"]),
        ("λόγος", ["λογοσ"]),
        ("中", ["中"]),
        ("圖書館", ["图", "书", "馆", "图书", "书馆"]),
        ("Python程序", ["python", "程", "序", "程序"]),
        ("𠮷野", ["𠮷", "野", "𠮷野"]),
        ("コンピュ", ["コン", "ンピ", "ピュ"]),
        ("ｶﾞｷﾞ", ["ガギ"]),
        ("食べる", ["食", "食べ", "べる"]),
        ("한국어", ["한국", "국어"]),
        ("हिन्दी", ["हिन्दी"]),
        ("قُرْآن", ["قرآن"]),
        ("👍ok", ["👍", "ok"]),
        ("a\ud800b", ["a", "b"]),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert TOKENIZER.terms(text) == terms


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("图书馆", "圖書館"),
        ("臺灣", "台湾"),
        ("http server", "HTTPServer"),
        ("max tokens", "max_tokens maxTokens"),
        ("python 3.11", "python3.11"),
        ("3.11", "3.11.2"),
        ("CAFE", "café"),
        ("gb18030", "ＧＢ１８０３０"),
        ("email addresses", "email address"),
        ("covid 19", "COVID19"),
    ],
)
def test_asked_terms_are_found(question: str, text: str) -> None:
    assert set(TOKENIZER.query_terms(question)) <= set(TOKENIZER.terms(text))


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("What is the cat of the cat?", ["what", "cat"]),
        ("To be or not to be", ["to", "be", "or", "not"]),
        ("的的", ["的", "的的"]),
        ("", []),
    ],
)
def test_query_terms(question: str, terms: list[str]) -> None:
    assert TOKENIZER.query_terms(question) == terms


@given(TRICKY)
def test_places_hold_the_terms(text: str) -> None:
    located = list(TOKENIZER.located(text))
    assert [term.text for term in located] == TOKENIZER.terms(text)
    assert all(0 <= term.start < term.end <= len(text) for term in located)


@given(TRICKY)
def test_a_word_cut_out_gives_its_term_again(text: str) -> None:
    for term in TOKENIZER.located(text):
        assert term.text in TOKENIZER.terms(text[term.start : term.end])


@given(st.one_of(st.text(), TRICKY))
def test_terms_are_plain(text: str) -> None:
    for term in TOKENIZER.terms(text):
        assert term
        assert term.split() == [term]
        assert len(term) <= 2 * MAX_TERM


@given(TRICKY, TRICKY)
def test_texts_do_not_touch_across_a_space(left: str, right: str) -> None:
    assert TOKENIZER.terms(f"{left} {right}") == TOKENIZER.terms(left) + TOKENIZER.terms(right)


def test_memory_does_not_change_terms() -> None:
    text = "Memory HTTPServer 3.11 memory HTTPServer 3.11"
    first = MixedTokenizer().terms(text)
    assert first == TOKENIZER.terms(text) == TOKENIZER.terms(text)


def test_a_very_long_word_is_found_by_its_beginning() -> None:
    assert TOKENIZER.terms("x" * 1_000_000) == ["x" * MAX_TERM]
    assert len(TOKENIZER.terms("aB9_" * 100_000)) <= 100_001
    assert len(TOKENIZER.terms("字" * 100_000)) == 199_999


def test_threads_share_it() -> None:
    texts = [f"sharing{number} tokenizers HTTPServer 圖書館 running{number}" for number in range(200)]
    alone = [MixedTokenizer().terms(text) for text in texts]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(MixedTokenizer().terms, texts)) == alone


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("123 !?", "en"),
        ("How are you", "en"),
        ("Où est la gare", "en"),
        ("如何配置 OpenTelemetry Collector?", "zh"),
        ("What does 你好 mean in this sentence?", "en"),
        ("圖書館在哪裡", "zh"),
        ("東京はどこですか", "ja"),
        ("한국어를 배우다", "ko"),
        ("Где библиотека", "ru"),
        ("أين المكتبة", "ar"),
        ("ห้องสมุดอยู่ที่ไหน", "th"),
        ("पुस्तकालय कहाँ है", "hi"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert TOKENIZER.language(text) == language


def test_keywords_are_readable_words() -> None:
    text = "The Docker clusters run on a cluster. Clusters of HTTPServer nodes; the port is 8080."
    words = TOKENIZER.keywords(text, 4)
    assert words[0].lower() in ("cluster", "clusters")
    assert "HTTPServer" in words
    assert not {"the", "The", "on", "8080"} & set(TOKENIZER.keywords(text, 100))


def test_keywords_of_han_text() -> None:
    words = TOKENIZER.keywords("图书馆保存文件。图书馆的读者可以提出问题，我们的服务器回答。", 10)
    assert words[0] == "图书馆"
    assert {"服务器", "读者"} <= set(words)
    assert not {"的", "可以", "我们"} & set(words)


def test_keywords_stay_as_written() -> None:
    assert "圖書館" in TOKENIZER.keywords("圖書館保存文件", 10)


@given(TRICKY, st.integers(-1, 5))
def test_keywords_are_few_and_from_the_text(text: str, limit: int) -> None:
    words = TOKENIZER.keywords(text, limit)
    assert len(words) <= max(limit, 0)
    assert len(set(words)) == len(words)
    assert all(len(word) >= 2 and word in text for word in words)
