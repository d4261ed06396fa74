"""Subtitles: what is said, in sentences, when, and where it stands in the file."""

from pathlib import Path

import pytest

from diglot.domain.parsed import Parsed
from tests.adapters.parsers.reading_here import parsed
from tests.adapters.parsers.scoring import token_f1

DOCUMENTS = Path(__file__).parents[4] / "shared" / "documents"


def vtt(*cues: str) -> str:
    times = (f"00:{number:02}.000 --> 00:{number + 1:02}.000 align:start" for number in range(len(cues)))
    return "WEBVTT - title\n\nSTYLE\n::cue {}\n\nNOTE unseen\n\n" + "".join(
        f"cue {time}\n{time}\n{cue}\n\n" for time, cue in zip(times, cues, strict=True)
    )


def srt(*cues: str) -> str:
    return "".join(
        f"{number}\n00:00:{number:02},000 --> 00:00:{number + 1:02},500\n{cue}\n\n"
        for number, cue in enumerate(cues, 1)
    )


def texts(name: str, content: str) -> list[str]:
    return [block.text for block in parsed(name, content.encode()).blocks]


@pytest.mark.parametrize(("name", "file"), [("a.vtt", vtt), ("a.srt", srt)])
@pytest.mark.parametrize(
    ("cues", "said"),
    [
        (["We are in", "New York City.", "It", "rains."], ["We are in New York City.", "It rains."]),
        (["我们在", "纽约。", "下雨了"], ["我们在纽约。", "下雨了"]),
        (["<i>Laughs</i>", "{\\an8}at &amp; <b>now"], ["Laughs at & now"]),
        (["one\ntwo", "three"], ["one two three"]),
        # Live captions push the last line up.
        (["so the water", "so the water\nrises here", "rises here\nand there"], ["so the water rises here and there"]),
        (["No.", "No."], ["No.", "No."]),
        (["", "<b></b>", "said"], ["said"]),
    ],
)
def test_cues_become_sentences(name: str, file: type[str], cues: list[str], said: list[str]) -> None:
    assert texts(name, file(*cues)) == said
    assert texts(name, file(*cues).replace("\n", "\r\n")) == said


def test_who_speaks_is_said_once() -> None:
    cues = ("<v Ann>One.", "<v Ann>Two.", "<v.loud Bob &amp; Co>Three", "<v Ann>four.", "five")
    assert texts("a.vtt", vtt(*cues)) == ["Ann: One.", "Two.", "Bob & Co: Three", "Ann: four.", "five"]


def test_without_marks_of_sentences_paragraphs_end_all_the_same() -> None:
    found = texts("a.vtt", vtt(*(f"line {number} of what nobody marked" for number in range(50))))
    assert all(500 < len(text) < 550 for text in found[:-1])
    assert len(found) > 2


def test_places_are_those_in_the_file() -> None:
    content = vtt("<v Ann>We are in", "New York &amp; Rome.", "It rains.")
    result = parsed("a.vtt", content.encode())
    assert places(result, content) == [("We are in",), ("New York &amp; Rome.",), ("It rains.",)]
    assert [block.text[span.start : span.end] for block in result.blocks for span in block.spans] == [
        "We are in",
        "New York & Rome.",
        "It rains.",
    ]


def places(result: Parsed, content: str) -> list[tuple[str, ...]]:
    return [tuple(content[span.anchor.start : span.anchor.end] for span in block.spans) for block in result.blocks]


@pytest.mark.parametrize(
    ("timing", "times"),
    [
        ("01:02.500 --> 01:04.000 align:start", (62_500, 64_000)),
        ("1:00:02.5 --> 99:59:59,999", (3_602_500, 359_999_999)),
        ("9999:00:00,05-->0", None),
        ("00:05.000 --> 00:04.000", (5_000, 5_000)),
        ("00:05.000 --> later", (5_000, 5_000)),
    ],
)
def test_when_it_is_said(timing: str, times: tuple[int, int] | None) -> None:
    (block,) = parsed("a.vtt", f"WEBVTT\n\n{timing}\nOne line\nand another.\n".encode()).blocks
    places = [block.anchor, *(span.anchor for span in block.spans)]
    assert {(place.start_ms, place.end_ms) for place in places} == {times or (None, None)}


def test_a_sentence_takes_the_time_of_its_cues() -> None:
    first, second = parsed("a.vtt", vtt("We are in", "New York.", "It rains.").encode()).blocks
    assert (first.anchor.start_ms, first.anchor.end_ms) == (0, 2_000)
    assert [(span.anchor.start_ms, span.anchor.end_ms) for span in first.spans] == [(0, 1_000), (1_000, 2_000)]
    assert (second.anchor.start_ms, second.anchor.end_ms) == (2_000, 3_000)


@pytest.mark.parametrize("text", ["WEBVTT\n\nno times", "words only", "00:00 --> 00:01\nno thousandths"])
def test_what_has_no_cues_is_text(text: str) -> None:
    assert texts("a.vtt", text) == [text]


def test_a_file_that_is_nothing_but_times() -> None:
    assert texts("a.vtt", vtt("x") + "00:00.000 --> 00:00.000\n" * 5000) == ["x"]


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"there are no development documents at {DOCUMENTS}")
def test_a_real_transcript() -> None:
    found = texts("a.vtt", (DOCUMENTS / "webvtt_example_01.vtt").read_text("utf-8"))
    truth = (DOCUMENTS / "webvtt_example_01.vtt.truth.md").read_text("utf-8")
    assert found[1:3] == [
        "Thank you for walking down here.",
        "And I want to do a follow-up on the last conversation we did.",
    ]
    # The truth does not say who speaks.
    assert token_f1("\n".join(found), truth) > 0.93
