"""Datasets as plain resources: number, name, description."""

from diglot.http.dialect import Dialect
from diglot.http.house import House
from diglot.http.operations import Operation
from diglot.http.pool import Pool
from diglot.http.ragflow.app import RagflowDialect

OPERATIONS: tuple[Operation, ...] = ()


class DataDialect(RagflowDialect):
    def __init__(self, house: House, pool: Pool) -> None:
        Dialect.__init__(self, "data", house, OPERATIONS, pool)
