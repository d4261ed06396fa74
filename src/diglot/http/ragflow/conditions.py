"""Conditions on metadata as RAGFlow's clients write them, and Dify's where it asks us as an external source."""

from collections.abc import Mapping
from typing import Any

from diglot.domain.conditions import Condition, Conditions, Logic, Operator, Value
from diglot.http.ragflow.errors import data_error

OPERATORS: Mapping[str, Operator] = {
    "is": Operator.IS,
    "=": Operator.IS,
    "==": Operator.IS,
    "not is": Operator.IS_NOT,
    "is not": Operator.IS_NOT,
    "!=": Operator.IS_NOT,
    "≠": Operator.IS_NOT,
    ">": Operator.GREATER,
    "after": Operator.GREATER,
    "<": Operator.LESS,
    "before": Operator.LESS,
    "≥": Operator.AT_LEAST,
    ">=": Operator.AT_LEAST,
    "≤": Operator.AT_MOST,
    "<=": Operator.AT_MOST,
    "contains": Operator.CONTAINS,
    "not contains": Operator.NOT_CONTAINS,
    "in": Operator.IN,
    "not in": Operator.NOT_IN,
    "start with": Operator.STARTS_WITH,
    "end with": Operator.ENDS_WITH,
    "empty": Operator.EMPTY,
    "not empty": Operator.NOT_EMPTY,
}
OF_NOTHING = frozenset({Operator.EMPTY, Operator.NOT_EMPTY})
OF_SEVERAL = frozenset({Operator.IN, Operator.NOT_IN})


def conditions_of(sent: Any) -> Conditions | None:
    """`metadata_condition`: logic, and conditions of name, comparison_operator and value. None where there is no
    condition in it, which is no filter. `Refused` for what is none."""
    if sent is None:
        return None
    if not isinstance(sent, Mapping):
        raise data_error("metadata_condition must be an object.")
    items = _listed(sent.get("conditions"))
    made = [_condition(one.get("name"), one.get("comparison_operator"), one.get("value")) for one in items]
    return _joined(made, sent.get("logic") or sent.get("logical_operator"))


def filter_of(sent: Any) -> Conditions | None:
    """`meta_data_filter` with the method `manual`: logic, and a list of key, op and value."""
    if sent is None or sent == {}:
        return None
    if not isinstance(sent, Mapping):
        raise data_error("meta_data_filter must be an object.")
    method = sent.get("method") or "disabled"
    if method in ("auto", "semi_auto"):
        raise data_error(f"The metadata filter {method!r} needs a chat model, and none is configured.")
    if method != "manual":
        return None
    items = _listed(sent.get("manual"))
    return _joined([_condition(one.get("key"), one.get("op"), one.get("value")) for one in items], sent.get("logic"))


def _listed(sent: Any) -> list[Mapping[str, Any]]:
    if sent is None:
        return []
    if not isinstance(sent, list) or not all(isinstance(one, Mapping) for one in sent):
        raise data_error("The metadata conditions must be a list of objects.")
    return sent


def _joined(items: list[Condition], logic: Any) -> Conditions | None:
    if logic not in (None, *Logic):
        raise data_error(f"The logic of metadata conditions is 'and' or 'or', not {logic!r}.")
    return Conditions(tuple(items), Logic(logic or Logic.AND)) if items else None


def _condition(name: Any, operator: Any, value: Any) -> Condition:
    # Dify names a field by a list.
    if isinstance(name, list) and len(name) == 1:
        name = name[0]
    if not isinstance(name, str) or not name:
        raise data_error("Each metadata condition requires a name.")
    known = OPERATORS.get(operator.strip().lower()) if isinstance(operator, str) else None
    if known is None:
        raise data_error(f"There is no comparison operator {operator!r}.")
    return Condition(name, known, _values(known, value))


def _values(operator: Operator, value: Any) -> tuple[Value, ...]:
    if operator in OF_NOTHING:
        return ()
    if operator in OF_SEVERAL:
        several = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else [value]
        return tuple(_plain(one.strip() if isinstance(one, str) else one) for one in several)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return (_plain(value),)


def _plain(value: Any) -> Value:
    if value is None or isinstance(value, str | int | float):
        return value
    raise data_error(f"A metadata condition cannot compare with {value!r}.")
