"""GET /datasets/{dataset_id}/documents: which documents, in which order, or what they could be narrowed to."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import orjson

from diglot.domain.conditions import Condition, Conditions, Operator, spell
from diglot.domain.dataset import Dataset
from diglot.domain.document import Document, DocumentFilter, Outline, Phase
from diglot.domain.errors import DocumentNotFound
from diglot.domain.identity import DocumentId, parse_id
from diglot.domain.page import Order
from diglot.http.answers import Answer
from diglot.http.operations import Call
from diglot.http.ragflow import file_kinds, states
from diglot.http.ragflow import wire_documents as wire
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.conditions import conditions_of
from diglot.http.ragflow.document_bodies import shown
from diglot.http.ragflow.errors import argument_error, data_error
from diglot.http.ragflow.lookups import dataset_of, split_ids
from diglot.http.ragflow.paging import paging

ORDERS = {"create_time": Order.CREATED, "update_time": Order.UPDATED, "name": Order.NAME}
MOST_IDS = 100
# Where no document may be left over.
NOWHERE: frozenset[DocumentId] = frozenset()


def list_documents(call: Call) -> Answer:
    query: wire.DocumentsQuery = call.query
    dataset = dataset_of(call, data_error(f"You don't own the dataset {call.path['dataset_id']}. "))
    wanted = paging(query.page if query.offset is None else query.offset, query.page_size or query.limit)
    if query.orderby not in ORDERS:
        raise argument_error(f"invalid orderby field: {query.orderby}")
    only = _filter(call, dataset)
    if query.type == "filter":
        found = call.house.documents.outlines(call.caller, dataset.id, only)
        return done({"total": len(found), "filter": _choices(found)})
    page = call.house.documents.list(
        call.caller,
        dataset.id,
        offset=wanted.offset,
        limit=wanted.size,
        only=only,
        order=ORDERS[query.orderby],
        is_descending=query.desc.strip().lower() != "false",
    )
    return done({"total": page.total, "docs": shown(call.house, _in_time(query, page.items))})


def _filter(call: Call, dataset: Dataset) -> DocumentFilter:
    query: wire.DocumentsQuery = call.query
    wants_empty, metadata = _metadata(query)
    return DocumentFilter(
        keyword=query.keywords,
        phases=phases_of(query.run),
        ids=_ids(call, dataset),
        name=_name(call, dataset),
        suffixes=suffixes_of(query.suffix, query.types),
        conditions=metadata,
        has_metadata=False if wants_empty else None,
    )


def phases_of(asked: list[str]) -> frozenset[Phase] | None:
    if not asked:
        return None
    wrong = states.unknown_runs(asked)
    if wrong:
        raise data_error(f"Invalid filter run status conditions: {', '.join(wrong)}")
    return states.phases(asked)


def _ids(call: Call, dataset: Dataset) -> frozenset[DocumentId] | None:
    query: wire.DocumentsQuery = call.query
    asked = [one.strip() for sent in query.ids for one in sent.split(",") if one.strip()]
    if len(asked) > MOST_IDS:
        raise argument_error(f"ids must contain at most {MOST_IDS} IDs")
    wanted = frozenset(DocumentId(one) for one in split_ids(asked)[0].values()) if asked else None
    if not query.id:
        return wanted
    one = frozenset({_present(call, dataset, query.id)})
    return one if wanted is None else one & wanted or NOWHERE


def _present(call: Call, dataset: Dataset, sent: str) -> DocumentId:
    plain = parse_id(sent)
    refusal = data_error(f"you don't own the document {sent}")
    if plain is None:
        raise refusal
    try:
        return call.house.documents.get(call.caller, dataset.id, DocumentId(plain)).id
    except DocumentNotFound as error:
        raise refusal from error


def _name(call: Call, dataset: Dataset) -> str:
    name: str = call.query.name
    if name and not call.house.documents.is_name_taken(call.caller, dataset.id, name):
        raise data_error(f"you don't own the document {name}")
    return name


def suffixes_of(suffixes: list[str], types: list[str]) -> frozenset[str] | None:
    """Both narrow; None where nothing was asked for."""
    if not suffixes and not types:
        return None
    wrong = [one for one in types if one not in file_kinds.TYPES]
    if wrong:
        raise data_error(f"Invalid filter conditions: {', '.join(wrong)} type{'s' if len(wrong) > 1 else ''}")
    named = frozenset(one.lower().removeprefix(".") for one in suffixes)
    of_types = frozenset(file_kinds.extensions_of(types))
    return named & of_types if suffixes and types else named or of_types


def _metadata(query: wire.DocumentsQuery) -> tuple[bool, tuple[Conditions, ...]]:
    """Whether only documents without metadata are wanted, else what must hold of it."""
    condition = _object(query.metadata_condition, "metadata_condition", f": {query.metadata_condition}")
    values = _object(query.metadata, "metadata", "")
    wants_empty = query.return_empty_metadata.strip().lower() == "true" or bool(values.pop("empty_metadata", False))
    if wants_empty:
        return True, ()
    made = conditions_of(condition), _having(values)
    return False, tuple(one for one in made if one is not None)


def _object(sent: str, name: str, shown: str) -> dict[str, Any]:
    if not sent:
        return {}
    try:
        parsed = orjson.loads(sent)
    except orjson.JSONDecodeError:
        raise data_error(f"{name} must be valid JSON{shown}.") from None
    if not isinstance(parsed, dict):
        raise data_error(f"{name} must be an object.")
    return parsed


def _having(values: dict[str, Any]) -> Conditions | None:
    """Every field has one of its values."""
    wanted = {
        name: tuple(one for one in (some if isinstance(some, list) else [some]) if isinstance(one, str | int | float))
        for name, some in values.items()
    }
    items = tuple(Condition(name, Operator.IN, some) for name, some in wanted.items() if some)
    return Conditions(items) if items else None


def _in_time(query: wire.DocumentsQuery, documents: Iterable[Document]) -> list[Document]:
    """RAGFlow looks at the time last, so that a page may hold fewer than it could."""
    earliest, latest = _milliseconds(query.create_time_from), _milliseconds(query.create_time_to)
    return [one for one in documents if one.created_at >= earliest and (not latest or one.created_at <= latest)]


def _milliseconds(sent: Any) -> int:
    try:
        return int(sent)
    except (TypeError, ValueError, OverflowError):
        return 0


def _choices(documents: Iterable[Outline]) -> dict[str, Any]:
    suffixes: Counter[str] = Counter()
    runs: Counter[str] = Counter()
    metadata: dict[str, Counter[str]] = {}
    empty = 0
    for one in documents:
        suffixes[file_kinds.extension(one.name)] += 1
        runs[states.DIGITS[one.phase]] += 1
        empty += not one.metadata
        for name, value in one.metadata.items():
            texts = {spell(item) for item in (value if isinstance(value, list) else [value]) if item is not None}
            metadata.setdefault(name, Counter()).update(texts)
    counted: dict[str, Any] = {name: dict(texts) for name, texts in metadata.items()}
    return {
        "suffix": dict(suffixes),
        "run_status": dict(runs),
        "metadata": counted | {"empty_metadata": {"true": empty}},
    }
