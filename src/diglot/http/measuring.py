"""Numbers for operators. Labels are dialects, templates and states alone: nothing that grows with the data.

Where several processes answer, they count into files of the folder that PROMETHEUS_MULTIPROC_DIR names, and whichever
is asked tells the sum. The supervisor sets it; prometheus_client reads it as it is imported.
"""

import os
import shutil
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from diglot.catalog import datasets, documents, jobs
from diglot.catalog.database import Database
from diglot.domain.document import Phase
from diglot.domain.errors import DiglotError

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
OTHER = "other"
PHASES_SECONDS = 5.0
PHASES_SHARE = 0.02
SPARE_BYTES = 1 << 20


class Measurements:
    """One registry an application, so that two in one process do not mix."""

    def __init__(self, database: Database) -> None:
        self._registry = CollectorRegistry()
        own: CollectorRegistry | None = self._registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            MultiProcessCollector(self._registry)  # type: ignore[no-untyped-call]  # the library leaves it bare
            own = None
        labels = ("dialect", "method", "template")
        self._requests = Counter("diglot_http_requests", "Requests answered.", (*labels, "status"), registry=own)
        self._seconds = Histogram(
            "diglot_http_request_seconds", "Time to the answer.", labels, registry=own, buckets=BUCKETS
        )
        self._registry.register(CatalogNumbers(database))
        # Finding a child by its labels costs more than counting.
        self._known: dict[tuple[str, str, str, int], tuple[Counter, Histogram]] = {}

    def note(self, dialect: str, method: str, template: str, status: int, seconds: float) -> None:
        known = self._known.get((dialect, method, template, status))
        if known is None:
            if not _may_grow():
                return
            requests = self._requests.labels(dialect, method, template, str(status))
            known = requests, self._seconds.labels(dialect, method, template)
            self._known[dialect, method, template, status] = known
        known[0].inc()
        known[1].observe(seconds)

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self._registry)


def _may_grow() -> bool:
    """Whether something can be counted that was not before. The files are mapped: where the disk has no page left for a
    new number, the system kills whoever writes it, at every request."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return folder is None or shutil.disk_usage(folder).free > SPARE_BYTES


class CatalogNumbers(Collector):
    """Asked of the catalog when somebody looks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._phases: dict[Phase, int] = {}
        self._phases_until = float("-inf")

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Without the catalog the other numbers are still worth having."""
        try:
            found = list(self._found())
        except DiglotError:
            found = []
        yield GaugeMetricFamily("diglot_catalog_up", "Whether the catalog answers.", value=int(bool(found)))
        yield from found

    def _found(self) -> Iterator[GaugeMetricFamily]:
        with self._database.read() as connection:
            counts = jobs.counts(connection)
            age_ms = jobs.oldest_age_ms(connection)
            totals = datasets.totals(connection)
        states = GaugeMetricFamily("diglot_jobs", "Jobs by state.", labels=["state"])
        for state, count in counts.items():
            states.add_metric([state], count)
        yield states
        oldest = "Age of the oldest waiting job in seconds."
        yield GaugeMetricFamily("diglot_jobs_oldest_seconds", oldest, value=age_ms / 1000)
        yield GaugeMetricFamily("diglot_datasets", "Datasets.", value=totals.datasets)
        yield self._by_phase()
        found = "Documents that can be found."
        yield GaugeMetricFamily("diglot_documents_available", found, value=totals.available)
        yield GaugeMetricFamily("diglot_chunks", "Chunks of the documents.", value=totals.chunks)

    def _by_phase(self) -> GaugeMetricFamily:
        began = time.monotonic()
        if began >= self._phases_until:
            with self._database.read() as connection:
                self._phases = documents.phase_counts(connection)
            # It looks at every document: with millions of them, less often.
            took = time.monotonic() - began
            self._phases_until = began + max(PHASES_SECONDS, took / PHASES_SHARE)
        family = GaugeMetricFamily("diglot_documents", "Documents by phase.", labels=["phase"])
        for phase, count in self._phases.items():
            family.add_metric([phase], count)
        return family

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing: registering must not ask the catalog."""
        return iter(())
