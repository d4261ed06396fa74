"""Bytes to text."""

# ruff: noqa: E501 - samples of text

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diglot.adapters.parsers.encodings import clean, decode, decode_markup
from tests.adapters.parsers.reading_here import parsed, running_text

CHINESE = (
    "第一条 为了保护劳动者的合法权益，调整劳动关系，建立和维护适应社会主义市场经济的劳动制度，促进经济发展和社会进步，根据宪法，制定本法。\n"
    * 3
)
TRADITIONAL = (
    "傳染病通報作業流程：醫療機構發現疑似個案時，應於二十四小時內通報主管機關，並配合辦理疫情調查與採檢作業。\n" * 3
)
JAPANESE = (
    "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所で泣いていた事だけは記憶している。\n"
    * 3
)
KOREAN = (
    "모든 국민은 인간으로서의 존엄과 가치를 가지며, 행복을 추구할 권리를 가진다. 국가는 이를 보장할 의무를 진다.\n" * 3
)
GERMAN = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich; die Straße führt früh über Köln.\n" * 3
RUSSIAN = "Съешь же ещё этих мягких французских булок, да выпей чаю. Широкая электрификация южных губерний.\n" * 3


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "utf-8"),
        (CHINESE, "utf-8-sig"),
        (CHINESE, "gb18030"),
        (CHINESE, "gb2312"),
        (CHINESE, "utf-16"),
        (CHINESE, "utf-16-le"),
        (CHINESE, "utf-16-be"),
        (TRADITIONAL, "big5"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (KOREAN, "euc-kr"),
        (GERMAN, "cp1252"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-32"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (JAPANESE, "iso-2022-jp"),
        (KOREAN, "iso-2022-kr"),
    ],
)
def test_the_text_comes_back(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_ascii_before_the_first_foreign_letter_does_not_mislead() -> None:
    text = "plain line\n" * 20_000 + CHINESE
    assert decode(text.encode("gb18030")) == text


PLAIN = "A plain line of English text.\n" * 300


@pytest.mark.parametrize(
    ("line", "encoding"),
    [
        ("The price is £30 in a café, très cher.\n", "cp1252"),
        ("Heat it to 20 °C.\n", "cp1252"),
        ("It’s naïve.\n", "cp1252"),
        ("© 2024\n", "cp1252"),
        ("int count; // 初始化变量\n", "gb18030"),
        ("設定檔案\n", "big5"),
        ("日本語の設定\n", "cp932"),
        ("Привет, мир\n", "cp1251"),
    ],
)
def test_a_few_foreign_letters_among_plain_lines_are_what_they_are(line: str, encoding: str) -> None:
    for text in (line, PLAIN + line + PLAIN, (PLAIN + line) * 20):
        assert decode(text.encode(encoding)) == text


def test_a_few_nul_do_not_make_a_plain_text_chinese() -> None:
    assert decode(b"Hello\x00world\x00again and more text") == "Helloworldagain and more text"


def test_a_cut_character_does_not_turn_utf8_into_something_else() -> None:
    assert decode(CHINESE.encode()[:-2]).startswith(CHINESE[:-1][:50])


def test_declared_encoding_is_believed_if_the_bytes_agree() -> None:
    page = '<meta charset="gbk"><p>短</p>'
    assert decode_markup(page.encode("gbk")) == page
    lie = '<meta charset="gbk"><p>größer</p>'
    assert "größer" in decode_markup(lie.encode())
    assert decode_markup(b"<meta charset='nonsense'>text") == "<meta charset='nonsense'>text"


@given(st.binary(max_size=400))
def test_any_bytes_become_storable_text(content: bytes) -> None:
    text = decode(content)
    text.encode()
    assert "\x00" not in text
    assert "\r" not in text


@given(st.text(max_size=200))
def test_utf8_is_exact_but_for_line_ends_and_nul(text: str) -> None:
    kept = text.encode("utf-8", "ignore").decode()
    wanted = kept.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if kept.encode()[:2] not in {b"\xff\xfe", b"\xfe\xff"} and "\x00" not in kept:
        assert decode(kept.encode()) == wanted


def test_nul_and_lone_surrogates_go() -> None:
    assert clean("a\x00b\ud800c\r\nd\re") == "abc\nd\ne"
    assert running_text(parsed("a.json", rb'{"a": "x\ud800y\u0000z"}')) != ""
