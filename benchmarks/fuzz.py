"""Ten thousand damaged files of every format to a server of its own: whether each is read or told why not, and what it
leaves behind. A smaller run of the same cases is among the tests.
"""

import argparse
import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from unittest import mock

from diglot.cli.processes import RunningServer
from tests.fuzz.mutations import case
from tests.fuzz.running import PARSE_SECONDS, Herd, Report, fuzz
from tests.journeys.site import Site

CASES = 10_000
SETTINGS = {
    "DIGLOT_PARSE_SECONDS": str(PARSE_SECONDS),
    "DIGLOT_PARSE_MEMORY_BYTES": "400000000",
    "DIGLOT_ZIP": "on",
    # Recognising thousands of empty pictures takes longer than all the rest; how they are decoded is among the tests.
    "DIGLOT_OCR": "off",
}


def measure(run: int = 2, first: int = 0, count: int = CASES) -> dict[str, float]:
    """Prints each fault, and how its case is had again."""
    with tempfile.TemporaryDirectory(prefix="diglot-fuzz-") as folder:
        aside = Path(folder) / "aside"
        aside.mkdir()
        with (
            mock.patch.dict(os.environ, SETTINGS | {"TMPDIR": str(aside)}),
            RunningServer(Path(folder) / "data") as server,
        ):
            site = Site(server.url)
            site.client.headers["Authorization"] = f"Bearer {server.key}"
            with closing(site.client):
                report = fuzz(site, Herd(server.pid), run, first, count)
        report.faults += [f"left behind: {path.name}" for path in aside.rglob("*")]
    print(*(f"- {fault}" for fault in report.faults), sep="\n", flush=True)
    return _figures(report)


def _figures(report: Report) -> dict[str, float]:
    return {
        "files": report.cases,
        "read": report.ready,
        "refused at the door": report.at_the_door,
        "refused with a reason": report.reasons.total(),
        "of them by no reader's words": report.unforeseen,
        "of them by a crash of the reader": report.crashed,
        "different reasons": len(report.reasons),
        "faults": len(report.faults),
        "files a second": report.cases / max(report.seconds, 0.001),
        **{f"growth of {name}, MB": grown / 1e6 for name, grown in report.grown.items()},
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--run", type=int, default=2)
    arguments.add_argument("--first", type=int, default=0)
    arguments.add_argument("--count", type=int, default=CASES)
    arguments.add_argument("--keep", type=Path, help="a folder: the files are written there instead of sent")
    given = arguments.parse_args()
    if given.keep is not None:
        for number in range(given.first, given.first + given.count):
            one = case(given.run, number)
            (given.keep / one.name).write_bytes(one.content)
            print(one.name, one.story)
        sys.exit()
    for name, value in measure(given.run, given.first, given.count).items():
        print(f"{name:50} {value:10.2f}")


if __name__ == "__main__":
    main()
