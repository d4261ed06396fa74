"""`metadata_filtering_conditions` to ours."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from diglot.domain.conditions import Condition, Conditions, Logic, Operator, Value, spell
from diglot.domain.dataset import Dataset
from diglot.domain.errors import InvalidArgument
from diglot.http.dify import builtin, wire

OPERATORS: Mapping[str, Operator] = {
    "is": Operator.IS,
    "is not": Operator.IS_NOT,
    "contains": Operator.CONTAINS,
    "not contains": Operator.NOT_CONTAINS,
    "start with": Operator.STARTS_WITH,
    "end with": Operator.ENDS_WITH,
    "in": Operator.IN,
    "not in": Operator.NOT_IN,
    "empty": Operator.LACKING,
    "not empty": Operator.NOT_EMPTY,
    "=": Operator.IS,
    "≠": Operator.IS_NOT,
    "!=": Operator.IS_NOT,
    ">": Operator.GREATER,
    "<": Operator.LESS,
    "≥": Operator.AT_LEAST,
    ">=": Operator.AT_LEAST,
    "≤": Operator.AT_MOST,
    "<=": Operator.AT_MOST,
    "after": Operator.GREATER,
    "before": Operator.LESS,
}
OF_NOTHING = frozenset({Operator.LACKING, Operator.NOT_EMPTY})
OF_SEVERAL = frozenset({Operator.IN, Operator.NOT_IN})
ARGUMENT = "metadata_filtering_conditions"


def conditions_of(sent: wire.MetadataFilter, builtins: Collection[str]) -> Conditions | None:
    """None where nothing is asked: a condition without a value asks nothing, but for `empty` and `not empty`.
    `builtins` are the names by which built-in fields are meant. `InvalidArgument` for what is no condition, and for
    more than can be asked."""
    asked = [(one, _operator(one)) for one in sent.conditions or ()]
    made = [_condition(one, operator, builtins) for one, operator in asked if _asks(one, operator)]
    conditions = Conditions(tuple(made), Logic(sent.logical_operator or Logic.AND))
    conditions.require_moderate()
    return conditions if made else None


def builtins_meant(sent: wire.MetadataFilter, dataset: Dataset, fields: Callable[[], Collection[str]]) -> set[str]:
    """A field of the dataset's own goes before a built-in one of its name, unless built-in ones are shown. `fields`
    are the names of the dataset's own, asked for where they matter."""
    named = builtin.TYPES.keys() & {one.name for one in sent.conditions or ()}
    return named if builtin.are_shown(dataset) or not named else named - set(fields())


def _asks(sent: wire.MetadataCondition, operator: Operator) -> bool:
    return sent.value is not None or operator in OF_NOTHING


def _operator(sent: wire.MetadataCondition) -> Operator:
    known = OPERATORS.get(sent.comparison_operator.strip().lower())
    if known is None:
        raise InvalidArgument(f"There is no comparison operator {sent.comparison_operator[:40]!r}.", ARGUMENT)
    return known


def _condition(sent: wire.MetadataCondition, operator: Operator, builtins: Collection[str]) -> Condition:
    values = _values(operator, sent.value)
    if sent.name not in builtins:
        return Condition(sent.name, operator, values)
    if sent.name == builtin.SOURCE:
        return _of_source(operator, values)
    return Condition(sent.name, operator, values, builtin.ATTRIBUTES[sent.name])


def _of_source(operator: Operator, values: tuple[Value, ...]) -> Condition:
    """Every document has the same one, so that it is known here who meets the condition: all, or nobody."""
    return Condition(
        builtin.SOURCE,
        Operator.NOT_EMPTY if _is_met(builtin.FILE_UPLOAD, operator, values) else Operator.LACKING,
        attribute=builtin.ATTRIBUTES["document_name"],
    )


def _is_met(text: str, operator: Operator, values: tuple[Value, ...]) -> bool:
    given = [spell(value).lower() for value in values if value is not None]
    if operator in OF_SEVERAL:
        return (text in given) is (operator is Operator.IN)
    if not given:
        return operator is Operator.NOT_EMPTY
    met = {
        Operator.IS: text == given[0],
        Operator.IS_NOT: text != given[0],
        Operator.CONTAINS: given[0] in text,
        Operator.NOT_CONTAINS: given[0] not in text,
        Operator.STARTS_WITH: text.startswith(given[0]),
        Operator.ENDS_WITH: text.endswith(given[0]),
    }
    return met.get(operator, False)


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
    raise InvalidArgument(f"A metadata condition cannot compare with {str(value)[:40]!r}.", ARGUMENT)
