"""What of July's words needs no server."""

from dataclasses import replace
from typing import Any

import pytest

from diglot.domain.document import Document, DocumentStatus
from diglot.domain.identity import RevisionKey
from diglot.http.ragflow.errors import Refused
from diglot.http.ragflow_legacy.translate import ENDLESS, HELD_MS, Window, flag_of, status_body, window_of

BEGUN = 1_000_000


def _document(**fields: Any) -> Document:
    values: dict[str, Any] = dict.fromkeys(Document.__slots__)
    values |= {"status": DocumentStatus.READY, "progress": 1.0, "begun_at": BEGUN, "ended_at": BEGUN + 20}
    return Document(**(values | fields))


@pytest.mark.parametrize(
    ("document", "at_once", "later"),
    [
        (_document(), (0.01, "RUNNING"), (1.0, "DONE")),
        (_document(status=DocumentStatus.FAILED), (0.01, "RUNNING"), (-1.0, "FAIL")),
        (_document(status=DocumentStatus.CANCELLED), (0.0, "CANCEL"), (0.0, "CANCEL")),
        (_document(status=DocumentStatus.WAITING, begun_at=None), (0.0, "UNSTART"), (0.0, "UNSTART")),
        (
            _document(status=DocumentStatus.EMBEDDING, pending=RevisionKey(1), progress=0.5),
            (0.5, "RUNNING"),
            (0.5, "RUNNING"),
        ),
        (_document(begun_at=None), (1.0, "DONE"), (1.0, "DONE")),
    ],
    ids=["done", "failed", "stopped", "never begun", "in work", "done before times were kept"],
)
def test_a_short_reading_is_shown_as_running_for_a_moment(
    document: Document, at_once: tuple[float, str], later: tuple[float, str]
) -> None:
    assert tuple(status_body(document, BEGUN + HELD_MS - 1).values()) == at_once
    assert tuple(status_body(document, BEGUN + HELD_MS).values()) == later
    assert tuple(status_body(replace(document, enabled=False), BEGUN + HELD_MS).values()) == later


@pytest.mark.parametrize(
    ("offset", "count", "window"),
    [
        ("0", "-1", Window(0, ENDLESS)),
        ("2", "3", Window(2, 3)),
        (" 2 ", "0", Window(2, 0)),
        ("0", "-7", Window(0, ENDLESS)),
        ("0", "9" * 30, Window(0, ENDLESS)),
    ],
)
def test_windows(offset: str, count: str, window: Window) -> None:
    assert window_of(offset, count) == window
    window.within(window.offset)
    with pytest.raises(Refused, match="Offset is out of the valid range"):
        Window(3, 1).within(2)


@pytest.mark.parametrize("text", ["False", "false", "0", "no", "OFF", ""])
def test_what_is_false(text: str) -> None:
    assert not flag_of(text)
    assert flag_of("True")
    assert flag_of("anything")
