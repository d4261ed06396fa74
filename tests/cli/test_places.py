"""Places of chunks in a few words."""

import pytest

from diglot.cli.places import place
from diglot.domain.parsed import Anchor


@pytest.mark.parametrize(
    ("anchors", "words"),
    [
        ([], ""),
        ([Anchor(start=0, end=5)], ""),
        ([Anchor(page=3, headings=("A", "B")), Anchor(page=5)], "pages 3-5, B"),
        ([Anchor(slide=2)], "slide 2"),
        ([Anchor(sheet="S", cells="A1:C7", headings=("A",))], "S!A1:C7"),
        ([Anchor(start_ms=59_999, end_ms=3_661_000)], "0:00:59-1:01:01"),
        ([Anchor(start_ms=5_000, end_ms=9_000), Anchor(start_ms=7_000, end_ms=8_000)], "0:00:05-0:00:09"),
    ],
)
def test_a_place_in_words(anchors: list[Anchor], words: str) -> None:
    assert place(anchors) == words
