"""RAGFlow's HTTP API of July 2024."""

from diglot.http.dialect import Dialect
from diglot.http.house import House
from diglot.http.operations import Operation
from diglot.http.pool import Pool
from diglot.http.ragflow.app import RagflowDialect

OPERATIONS: tuple[Operation, ...] = ()


class LegacyDialect(RagflowDialect):
    def __init__(self, house: House, pool: Pool) -> None:
        Dialect.__init__(self, "ragflow_legacy", house, OPERATIONS, pool)
