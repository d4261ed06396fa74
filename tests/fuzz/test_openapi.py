"""Two thousand requests made from the OpenAPI documents, good and bad: answered as described, and never by a 500."""

from pathlib import Path

import pytest

from tests.fuzz.calling import SHARES, call_all

RUN = 1
CASES = 2000


# The worker beside may draw a random number while a request is made up.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@pytest.mark.parametrize("name", SHARES)
def test_answers_are_as_described(name: str, tmp_path: Path) -> None:
    tally = call_all(tmp_path, name, RUN, int(CASES * SHARES[name]))
    assert not tally.faults, "\n".join(tally.faults)
    assert tally.cases >= CASES * SHARES[name]
    # Half of the cases are bad on purpose; if nearly all were, little behind the door would be tried.
    assert tally.done > tally.cases / 10
