"""What recognising a page costs, and what it finds: each engine that is here on the scans that have a truth."""

import resource
from collections.abc import Iterator

from benchmarks.parsing import OCR_LANGUAGES, judge
from diglot.adapters.ocr.engines import ENGINES

SCANS = {"en_scan_two_column.pdf": 1, "ocr_test.pdf": 1, "zh_scan_law.pdf": 2}
"""Name -> pages."""


def measure() -> dict[str, float]:
    """F1 and order of each scan; CPU seconds a page with all that belongs to it; the engine's memory at its peak."""
    found: dict[str, float] = {}
    for engine, row in ENGINES.items():
        if row.missing(OCR_LANGUAGES) is None:
            found |= {f"{engine}: {what}": value for what, value in _measured(engine)}
    return found


def _measured(engine: str) -> Iterator[tuple[str, float]]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for score in judge(SCANS, engine):
        yield f"{score.name} f1", score.f1
        yield f"{score.name} order", score.order
        yield f"{score.name} s a page", score.seconds / SCANS[score.name]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    yield "CPU s a page", spent / sum(SCANS.values())
    yield "MB at the peak, of it or of an engine before", after.ru_maxrss / 1024
