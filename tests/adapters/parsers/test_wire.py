"""What children say, and what is believed of it."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diglot.adapters.parsers import wire
from diglot.domain import errors
from diglot.domain.parsed import Anchor, Block, BlockKind, Box, Parsed, Span
from diglot.domain.picture import Picture

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
counts = st.integers(0, 1 << 30)
boxes = st.builds(Box, counts, *[st.floats(-100, 2000).map(lambda side: round(side, 1))] * 4)
anchors = st.builds(
    Anchor,
    page=st.none() | counts,
    boxes=st.lists(boxes, max_size=2).map(tuple),
    headings=st.lists(texts, max_size=3).map(tuple),
    start=st.none() | counts,
    end=st.none() | counts,
    sheet=st.none() | texts,
    cells=st.none() | texts,
    slide=st.none() | counts,
    shape=st.none() | texts,
    part=st.none() | texts,
    start_ms=st.none() | counts,
    end_ms=st.none() | counts,
)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    text = draw(texts)
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    spans = tuple(Span(start, end, draw(anchors)) for start, end in zip(places[::2], places[1::2], strict=False))
    rows = draw(st.lists(st.lists(texts, max_size=2).map(tuple), max_size=len(text)))
    return Block(draw(st.sampled_from(BlockKind)), text, draw(anchors), draw(counts), tuple(rows), spans, draw(texts))


documents = st.builds(
    Parsed,
    st.lists(blocks(), max_size=4).map(tuple),
    st.none() | texts,
    st.none() | counts,
    scans=st.lists(counts, max_size=3).map(tuple),
)


@given(documents)
def test_what_is_said_is_heard(parsed: Parsed) -> None:
    assert wire.decode(wire.encode(parsed)) == parsed


def test_a_picture_is_heard() -> None:
    picture = Picture(3, 2, b"\n{}\x00\xff ", 0.36)
    assert wire.decode_picture(wire.encode_picture(picture)) == picture


@pytest.mark.parametrize(
    "said",
    [
        b'{"picture":[2,1,1.0]}\nx',
        b'{"picture":[0,0,1.0]}\n',
        b'{"picture":[-1,-1,1.0]}\nx',
        b'{"picture":[1,1,0]}\nx',
        b'{"picture":[1,1]}\nx',
        b'{"parsed":[[],null,null,[],[]]}',
        b"x",
        b"",
    ],
)
def test_a_picture_that_is_none_is_a_crash(said: bytes) -> None:
    with pytest.raises(errors.ParserCrashed):
        wire.decode_picture(said)


def test_a_picture_that_cannot_be_had_says_why() -> None:
    with pytest.raises(errors.MethodUnavailable, match="plain words"):
        wire.decode_picture(wire.encode_error(errors.MethodUnavailable("plain words")))


@pytest.mark.parametrize("kind", [errors.PasswordNeeded, errors.FileDamaged, errors.FileEmpty, errors.LimitExceeded])
def test_errors_keep_their_class_and_words(kind: type[errors.ParseFailed]) -> None:
    with pytest.raises(kind, match="plain words"):
        wire.decode(wire.encode_error(kind("plain words")))


def test_an_error_that_is_none_of_ours_stays_a_parse_failure() -> None:
    with pytest.raises(errors.ParseFailed, match="x"):
        wire.decode(orjson.dumps({"error": ["SystemExit", "x"]}))


def block(**changes: object) -> list[object]:
    fields = {"kind": "paragraph", "text": "abc", "anchor": {}, "level": 0, "rows": [], "spans": [], "gap": ""}
    return list((fields | changes).values())


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        "text",
        {},
        {"parsed": None},
        {"parsed": [[], None]},
        {"parsed": [[], 5, None, [], []]},
        {"parsed": [[], None, -1, [], []]},
        {"parsed": [[], None, True, [], []]},
        {"parsed": [[], None, None, [7], []]},
        {"parsed": [[], None, None, [], ["1"]]},
        {"picture": [1, 1, 1.0]},
        {"error": "short"},
        {"error": ["FileDamaged", 7]},
        {"surprise": 7},
        *(
            {"parsed": [[block(**change)], None, None, [], []]}
            for change in (
                {"kind": "script"},
                {"text": 7},
                {"level": "1"},
                {"level": 1.5},
                {"gap": None},
                {"rows": [["a"]] * 9},
                {"rows": [[1]]},
                {"spans": [[0, 9, {}]]},
                {"spans": [[2, 1, {}]]},
                {"spans": [[0, 2, {}], [1, 3, {}]]},
                {"anchor": {"page": "1"}},
                {"anchor": {"boxes": [[1, 2, 3]]}},
                {"anchor": {"boxes": [[1, 2, 3, 4, "x"]]}},
                {"anchor": {"headings": [1]}},
                {"anchor": {"nothing": "x"}},
                {"anchor": []},
            )
        ),
    ],
)
def test_nonsense_is_a_crash(said: object) -> None:
    with pytest.raises(errors.ParserCrashed):
        wire.decode(orjson.dumps(said))


@given(st.binary(max_size=60))
def test_any_bytes_are_heard_without_surprise(answer: bytes) -> None:
    with pytest.raises(errors.ParseFailed):
        wire.decode(answer)
