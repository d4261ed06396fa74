"""`make bench`: every measurement, one after the other, as Markdown on standard output.

`python -m benchmarks NAME…` runs some of them. What is measured stands in each script; RESULTS.md keeps what came out.
"""

import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    catalog,
    conditions,
    console,
    embedding,
    filling,
    fuzz,
    http,
    index,
    ingest,
    listing,
    ocr,
    openapi,
    parsing,
    pdf,
    quality,
    search,
    standing,
)

Measurement = Callable[[], dict[str, float]]
SETS = ["mini-en", "mini-zh", "scifact", "cmrc-chunk-zh", "drcd-dev-zhtw"]
CHINESE = ["mini-zh", "cmrc-chunk-zh", "drcd-dev-zhtw"]

MEASUREMENTS: dict[str, Measurement] = {
    "standing": standing.measure,
    "search-10k": lambda: search.measure(10_000),
    "search-100k": lambda: search.measure(100_000),
    "index-10k": lambda: index.measure(10_000),
    "index-100k": lambda: index.measure(100_000),
    "filling": filling.measure,
    "http-10k": lambda: http.measure(10_000),
    "http-100k": lambda: http.measure(100_000),
    "listing": listing.measure,
    "ingest-small": lambda: ingest.measure(1000, 4),
    "ingest-large": lambda: ingest.measure(30, 400),
    "embedding": embedding.measure,
    "catalog": catalog.measure,
    "conditions": conditions.measure,
    "console": console.measure,
    "parsing": parsing.measure,
    "ocr": ocr.measure,
    "fuzz": fuzz.measure,
    "openapi": openapi.measure,
    "pdf": pdf.measure,
    "quality-minilm": lambda: quality.measure(SETS, "minilm"),
    "quality-lexical": lambda: quality.measure(CHINESE, None),
}


def main(names: list[str]) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d}, {_machine()}\n")
    for name in names or MEASUREMENTS:
        start = time.monotonic()
        measured = MEASUREMENTS[name]()
        print(f"## {name} ({time.monotonic() - start:.0f} s)\n\n| what | measured |\n|---|---|")
        print("\n".join(f"| {what} | {value:.4g} |" for what, value in measured.items()), "\n", flush=True)


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    described = f"{len(models)} x {models[0]}" if models else platform.processor()
    return f"{described}, {platform.system()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main(sys.argv[1:])
