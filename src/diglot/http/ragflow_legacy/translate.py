"""July 2024's words and ours."""

from typing import Any, NamedTuple

from diglot.domain.dataset import Dataset
from diglot.domain.document import Document, Phase
from diglot.domain.page import Order
from diglot.domain.rules import ChunkingRules, ChunkMethod
from diglot.http.ragflow import dataset_bodies, states
from diglot.http.ragflow.answers import ABSENT
from diglot.http.ragflow.chunking import rules_of
from diglot.http.ragflow.dataset_bodies import PERMISSIONS
from diglot.http.ragflow.document_bodies import raw_body
from diglot.http.ragflow.errors import Unconvertible, data_error

# What a dataset has that was made here and that nobody changed.
FIRST_RULES = rules_of(ChunkMethod.NAIVE, {"pages": [[1, 1000000]]})
METHODS = frozenset(
    {
        ChunkMethod.PRESENTATION,
        ChunkMethod.LAWS,
        ChunkMethod.MANUAL,
        ChunkMethod.PAPER,
        ChunkMethod.RESUME,
        ChunkMethod.BOOK,
        ChunkMethod.QA,
        ChunkMethod.TABLE,
        ChunkMethod.NAIVE,
        ChunkMethod.PICTURE,
        ChunkMethod.ONE,
    }
)
ORDERS = {
    "create_time": Order.CREATED,
    "create_date": Order.CREATED,
    "update_time": Order.UPDATED,
    "update_date": Order.UPDATED,
    "name": Order.NAME,
}
FALSE = frozenset({"", "0", "false", "no", "off"})
# More than any list holds, and still a number that databases know.
ENDLESS = 2**31 - 1
SHORT_FIELDS = (
    "avatar",
    "chunk_num",
    "description",
    "doc_num",
    "embd_id",
    "id",
    "language",
    "name",
    "parser_config",
    "parser_id",
    "permission",
    "token_num",
)
DATASET_FIELDS = (
    *SHORT_FIELDS,
    "create_date",
    "create_time",
    "created_by",
    "similarity_threshold",
    "status",
    "tenant_id",
    "update_date",
    "update_time",
    "vector_similarity_weight",
)
TODAYS_NAMES = {
    "chunk_num": "chunk_count",
    "doc_num": "document_count",
    "embd_id": "embedding_model",
    "parser_id": "chunk_method",
}
NEW_DOCUMENT_FIELDS = (
    "created_by",
    "id",
    "kb_id",
    "location",
    "name",
    "parser_config",
    "parser_id",
    "size",
    "thumbnail",
    "type",
)
DOCUMENT_FIELDS = (
    *NEW_DOCUMENT_FIELDS,
    "chunk_num",
    "create_date",
    "create_time",
    "process_begin_at",
    "process_duration",
    "progress",
    "progress_msg",
    "run",
    "source_type",
    "status",
    "token_num",
    "update_date",
    "update_time",
)
# Its clients know a data URL or null; a list full of pictures would be long.
NO_PICTURE = {"thumbnail": None}
# Who starts a document and asks at once is to see it running, however short it is.
HELD_MS = 300


class Window(NamedTuple):
    """What part of a list is asked for."""

    offset: int
    limit: int

    def within(self, total: int) -> None:
        if self.offset > total:
            raise _out_of_range()


def window_of(offset: str, count: str) -> Window:
    start, length = _whole(offset), _whole(count)
    if start < 0:
        raise _out_of_range()
    return Window(min(start, ENDLESS), ENDLESS if length < 0 else min(length, ENDLESS))


def order_of(name: str, table: str) -> Order:
    """`table` is what RAGFlow calls the class whose attribute the name should be."""
    order = ORDERS.get(name)
    if order is None:
        raise Unconvertible(AttributeError(f"type object '{table}' has no attribute '{name}'"), ABSENT)
    return order


def flag_of(text: str) -> bool:
    return text.strip().lower() not in FALSE


def method_named(value: Any, field: str) -> ChunkMethod:
    if not isinstance(value, str) or value not in METHODS:
        raise data_error(f"Illegal value {value} for '{field}' field.")
    return ChunkMethod(value)


def permission_named(value: str | None) -> str | None:
    if value is not None and value not in PERMISSIONS:
        raise data_error(f"Illegal value {value} for 'permission' field.")
    return None if value is None else PERMISSIONS[value]


def dataset_body(dataset: Dataset, rules: ChunkingRules | None) -> dict[str, Any]:
    """`rules` are those of documents to come."""
    now = dataset_bodies.dataset_body(dataset, rules, dataset.embedding_model or "")
    return {name: now[TODAYS_NAMES.get(name, name)] for name in DATASET_FIELDS}


def short_body(dataset: Dataset, rules: ChunkingRules | None) -> dict[str, Any]:
    whole = dataset_body(dataset, rules)
    return {name: whole[name] for name in SHORT_FIELDS}


def new_document_body(document: Document, rules: ChunkingRules | None, ahead: int) -> dict[str, Any]:
    whole = raw_body(document, rules, ahead)
    return {name: whole[name] for name in NEW_DOCUMENT_FIELDS} | NO_PICTURE


def document_body(document: Document, rules: ChunkingRules | None, ahead: int) -> dict[str, Any]:
    """`ahead`: how many documents wait for a worker."""
    whole = raw_body(document, rules, ahead)
    # July spelt it so, its documents did not.
    more = NO_PICTURE | {"process_duation": whole["process_duration"]}
    return {name: whole[name] for name in DOCUMENT_FIELDS} | more


def status_body(document: Document, now: int) -> dict[str, Any]:
    """`now` in milliseconds."""
    is_held = document.phase in (Phase.DONE, Phase.FAILED) and now - (document.begun_at or 0) < HELD_MS
    if is_held:
        return {"progress": states.LEAST, "status": states.RUNS[Phase.RUNNING]}
    return {"progress": states.progress(document), "status": states.run(document)}


def _out_of_range() -> Unconvertible:
    return Unconvertible(IndexError("Offset is out of the valid range."), ABSENT)


def _whole(sent: str) -> int:
    try:
        return int(sent)
    except ValueError as error:
        raise Unconvertible(error, ABSENT) from error
