"""The embedded index: the contract, with thresholds as shipped and so low that everything is compacted and walked."""

from collections.abc import Callable
from pathlib import Path

import pytest

from diglot.adapters.index.compaction import Thresholds
from diglot.adapters.index.embedded import EmbeddedIndex
from diglot.ports.index import Index
from tests.contracts.index import IndexContract

EAGER = Thresholds(graph=64, tail=1, tail_share=0.0, removed=1, removed_share=0.0)


class TestEmbedded(IndexContract):
    @pytest.fixture(params=[Thresholds(), EAGER], ids=["as-shipped", "eager"])
    def open_index(self, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], Index]:
        return lambda: EmbeddedIndex(tmp_path, request.param)
