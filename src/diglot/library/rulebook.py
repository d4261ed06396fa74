"""Which rules made a document, and which a dataset gives to those to come."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable

from diglot.catalog import rules
from diglot.catalog.database import Database
from diglot.domain.dataset import Dataset
from diglot.domain.identity import DatasetId, RuleId
from diglot.domain.rules import ChunkingRules

REMEMBERED = 4096

NextRules = Callable[[ChunkingRules | None], ChunkingRules | None]
"""What the present rules become; None: they stay. Asked while nobody else can change them, perhaps more than once."""


class Rulebook:
    """A rule never changes once it is written down, so those that were asked for are remembered. Thread-safe.

    Whoever asks shows ids that stand on a dataset or a document which the caller may see.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[RuleId, ChunkingRules] = OrderedDict()
        self._lock = threading.Lock()

    def many(self, rule_ids: Iterable[RuleId]) -> dict[RuleId, ChunkingRules]:
        """Those that are there."""
        wanted = set(rule_ids)
        with self._lock:
            found = {one: self._known[one] for one in wanted if one in self._known}
        missing = wanted - found.keys()
        if missing:
            with self._database.read() as connection:
                fresh = rules.many(connection, missing)
            self._remember(fresh)
            found |= fresh
        return found

    def of_datasets(self, datasets: Iterable[Dataset]) -> dict[DatasetId, ChunkingRules]:
        """What a document gets that comes without rules: the rules chosen for its dataset, else those that were used
        there last. Datasets that have neither are left out."""
        chosen = {one.id: one.rule_id for one in datasets}
        open_ones = [dataset_id for dataset_id, rule_id in chosen.items() if rule_id is None]
        if open_ones:
            with self._database.read() as connection:
                chosen |= rules.latest_ids(connection, open_ones)
        named = {dataset_id: rule_id for dataset_id, rule_id in chosen.items() if rule_id is not None}
        known = self.many(named.values())
        return {dataset_id: known[rule_id] for dataset_id, rule_id in named.items() if rule_id in known}

    def _remember(self, fresh: dict[RuleId, ChunkingRules]) -> None:
        with self._lock:
            self._known.update(fresh)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
