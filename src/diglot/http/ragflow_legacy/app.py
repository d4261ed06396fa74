"""RAGFlow's HTTP API of July 2024: what differs from today's."""

import re
from typing import Any

import orjson
from starlette.datastructures import Headers

from diglot.domain.errors import DiglotError, InvalidArgument
from diglot.http.answers import Answer
from diglot.http.bodies import parse_object
from diglot.http.dialect import Dialect
from diglot.http.house import House
from diglot.http.operations import Operation
from diglot.http.pool import Pool
from diglot.http.ragflow.app import RagflowDialect
from diglot.http.ragflow_legacy import datasets, documents, errors, parsing

OPERATIONS: tuple[Operation, ...] = (*datasets.OPERATIONS, *documents.OPERATIONS, *parsing.OPERATIONS)
LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class LegacyDialect(RagflowDialect):
    def __init__(self, house: House, pool: Pool) -> None:
        Dialect.__init__(self, "ragflow_legacy", house, OPERATIONS, pool)

    def parse(self, raw: bytes, headers: Headers, operation: Operation) -> dict[str, Any]:
        """What is no JSON is no body, whatever it calls itself."""
        try:
            return parse_object(raw)
        except InvalidArgument as error:
            if isinstance(error.__cause__, orjson.JSONDecodeError) and not LONE_SURROGATE.search(raw):
                return {}
            raise

    def tell(self, error: DiglotError, operation: Operation | None) -> Answer:
        return errors.tell(error, operation)

    def example(self, kind: type[DiglotError], operation: Operation) -> tuple[int, str, object]:
        return errors.example(kind, operation)
