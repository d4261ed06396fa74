"""Twenty thousand requests made from the OpenAPI documents, good and bad, to a house in this process: whether each is
answered as described. A smaller run of the same kind is among the tests.
"""

import argparse
import tempfile
import warnings
from pathlib import Path

from tests.fuzz.calling import SHARES, call_all

CASES = 20_000


def measure(run: int = 2, count: int = CASES) -> dict[str, float]:
    """Prints each fault, with the request."""
    measured: dict[str, float] = {}
    # The worker beside may draw a random number while a request is made up.
    warnings.filterwarnings("ignore", "Do not use the `random` module inside strategies")
    for name, share in SHARES.items():
        with tempfile.TemporaryDirectory(prefix="diglot-openapi-") as folder:
            tally = call_all(Path(folder), name, run, int(count * share))
        for fault in tally.faults:
            print(f"- {fault}", flush=True)
        measured |= {
            f"{name}: requests": tally.cases,
            f"{name}: granted": tally.done,
            f"{name}: faults": len(tally.faults),
            f"{name}: requests a second": tally.cases / tally.seconds,
        }
    return measured


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--run", type=int, default=2)
    arguments.add_argument("--count", type=int, default=CASES)
    given = arguments.parse_args()
    for name, value in measure(given.run, given.count).items():
        print(f"{name:40} {value:10.2f}")


if __name__ == "__main__":
    main()
