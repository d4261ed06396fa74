"""So much at once, so much in line, and who comes after that is told when to come again."""

import threading
import time

import pytest

from diglot.domain.errors import Overloaded
from diglot.library.turns import Turns


def test_some_work_some_wait_the_rest_is_refused() -> None:
    turns = Turns(1, 1)
    order: list[str] = []
    has_turn, go = threading.Event(), threading.Event()

    def first() -> None:
        with turns.turn():
            has_turn.set()
            assert go.wait(10)
            order.append("first")

    def second() -> None:
        with turns.turn():
            order.append("second")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert has_turn.wait(10)
    threads[1].start()
    refusal = _refused(turns)
    go.set()
    for thread in threads:
        thread.join(10)
    assert refusal.facts["retry_after"] > 0
    assert order == ["first", "second"]
    with turns.turn():
        pass


def _refused(turns: Turns) -> Overloaded:
    """As soon as the line is full."""
    found: list[Overloaded] = []
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        entering = threading.Thread(target=_enter, args=(turns, found))
        entering.start()
        entering.join(0.2)
        if found:
            return found[0]
    pytest.fail("nobody was refused")


def _enter(turns: Turns, found: list[Overloaded]) -> None:
    try:
        with turns.turn():
            pass
    except Overloaded as error:
        found.append(error)


def test_a_failure_gives_its_place_back() -> None:
    turns = Turns(1)
    for _ in range(3):
        with pytest.raises(ValueError, match="wrong"), turns.turn():
            raise ValueError("wrong")
