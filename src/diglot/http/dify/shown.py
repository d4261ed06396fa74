"""Documents' metadata as Dify shows it: by field in documents, by name in what a search finds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from diglot.domain.conditions import items, spell
from diglot.domain.document import Document
from diglot.domain.identity import UserId, dashed
from diglot.domain.metadata_field import MetadataField
from diglot.http.dify import builtin
from diglot.http.dify.lookups import dataset_of
from diglot.http.operations import Call


@dataclass(frozen=True, slots=True)
class Shown:
    """`people` is None where built-in fields are not shown."""

    fields: Mapping[str, MetadataField]
    people: Mapping[UserId, str] | None

    @staticmethod
    def of(call: Call, documents: Collection[Document]) -> "Shown":
        """What is needed to show the metadata of these documents of the path's dataset."""
        dataset = dataset_of(call)
        fields = call.house.fields.by_name(call.caller, dataset.id, documents)
        return Shown(fields, call.house.fields.people(call.caller) if builtin.are_shown(dataset) else None)

    @staticmethod
    def for_names(call: Call) -> "Shown":
        """Enough for `by_name`, which needs no fields."""
        return Shown({}, call.house.fields.people(call.caller) if builtin.are_shown(dataset_of(call)) else None)

    def by_field(self, document: Document) -> list[dict[str, Any]] | None:
        """None rather than an empty list: some clients fail on that."""
        own = [
            {"id": dashed(field.id), "name": name, "type": field.type, "value": _value(value)}
            for name, value in document.metadata.items()
            for field in [self.fields[name]]
        ]
        return (
            own
            + [
                {"id": builtin.ID, "name": name, "type": builtin.TYPES[name], "value": value}
                for name, value in self._builtin(document).items()
            ]
            or None
        )

    def by_name(self, document: Document) -> dict[str, Any] | None:
        own = {name: _value(value) for name, value in document.metadata.items()}
        return own | self._builtin(document) or None

    def _builtin(self, document: Document) -> dict[str, Any]:
        return {} if self.people is None else builtin.values_of(document, self.people)


def _value(value: Any) -> str | int | float | None:
    """A text, a number or nothing: of a list its items with commas between them."""
    if value is None or (isinstance(value, str | int | float) and not isinstance(value, bool)):
        return value
    return ", ".join(spell(item) for item in items(value))
