"""Conditions on what documents have without metadata, as SQL: name, who added them, times."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, select, true

from diglot.catalog.tables import documents, users
from diglot.domain.conditions import Attribute, Condition, Operator, items, read, spell
from diglot.domain.identity import DatasetId

# Of its own name: these queries stand inside of others of documents.
_D = documents.alias()
_TEXTS: dict[Attribute, ColumnElement[Any]] = {
    Attribute.NAME: _D.c.name,
    Attribute.UPLOADER: select(users.c.name).where(users.c.id == _D.c.created_by).correlate(_D).scalar_subquery(),
}
_TIMES: dict[Attribute, ColumnElement[Any]] = {
    Attribute.CREATED: _D.c.created_at // 1000,
    Attribute.UPDATED: _D.c.updated_at // 1000,
}


def having(condition: Condition, dataset_ids: Sequence[DatasetId]) -> Select[Any]:
    """The ids of the documents that meet the condition, which has an attribute."""
    return select(_D.c.id).where(_D.c.dataset_id.in_(dataset_ids), _meets(condition))


def _meets(condition: Condition) -> ColumnElement[bool]:
    attribute, operator = condition.attribute, condition.operator
    assert attribute is not None
    if operator is Operator.NOT_EMPTY:
        return true()
    given = items(condition.values)
    if attribute in _TEXTS:
        return _met_by_text(_TEXTS[attribute], operator, [spell(value) for value in given])
    numbers = [number for value in given if (number := read(value).number) is not None]
    return _met_by_time(_TIMES[attribute], operator, numbers)


def _met_by_text(column: ColumnElement[Any], operator: Operator, given: list[str]) -> ColumnElement[bool]:
    compare = _OF_TEXT.get(operator)
    if operator in _OF_SEVERAL:
        # The database folds both sides: what one of them cannot fold stays alike.
        among = func.lower(column).in_([func.lower(literal(text)) for text in given])
        return among if operator is Operator.IN else and_(column.is_not(None), ~among)
    return compare(column, given[0]) if compare and given else false()


def _met_by_time(column: ColumnElement[Any], operator: Operator, given: list[float]) -> ColumnElement[bool]:
    compare = _OF_TIME.get(operator)
    if operator in _OF_SEVERAL:
        return column.in_(given) if operator is Operator.IN else column.not_in(given)
    if operator is Operator.IS_NOT and not given:
        return true()
    return compare(column, given[0]) if compare and given else false()


def _is(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    return func.lower(column) == func.lower(literal(text))


def _contains(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    return column.icontains(text, autoescape=True)


_OF_SEVERAL = frozenset({Operator.IN, Operator.NOT_IN})
_OF_TEXT: dict[Operator, Callable[[ColumnElement[Any], str], ColumnElement[bool]]] = {
    Operator.IS: _is,
    Operator.IS_NOT: lambda column, text: ~_is(column, text),
    Operator.CONTAINS: _contains,
    Operator.NOT_CONTAINS: lambda column, text: ~_contains(column, text),
    Operator.STARTS_WITH: lambda column, text: column.istartswith(text, autoescape=True),
    Operator.ENDS_WITH: lambda column, text: column.iendswith(text, autoescape=True),
}
_OF_TIME: dict[Operator, Callable[[ColumnElement[Any], float], ColumnElement[bool]]] = {
    Operator.IS: lambda column, seconds: column == seconds,
    Operator.IS_NOT: lambda column, seconds: column != seconds,
    Operator.GREATER: lambda column, seconds: column > seconds,
    Operator.LESS: lambda column, seconds: column < seconds,
    Operator.AT_LEAST: lambda column, seconds: column >= seconds,
    Operator.AT_MOST: lambda column, seconds: column <= seconds,
}
