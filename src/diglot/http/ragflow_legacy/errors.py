"""What July 2024 told otherwise than today: some errors in older key names, a name that is taken by its name."""

from typing import Any

from diglot.domain.errors import DiglotError, NameTaken, Unauthorized
from diglot.http.answers import Answer, json_answer
from diglot.http.operations import Operation
from diglot.http.ragflow import errors
from diglot.http.ragflow.answers import body_of
from diglot.http.ragflow.codes import Code
from diglot.http.ragflow.errors import UNAUTHORIZED, Refused


class Missing(Refused):
    """An argument without which nothing is looked at."""

    def __init__(self, *arguments: str) -> None:
        super().__init__(Code.ARGUMENT, f"required argument are missing: {','.join(arguments)}; ")


class NoName(Refused):
    """Empty dataset name"""

    def __init__(self) -> None:
        super().__init__(Code.DATA, self.default_message())


class Elsewhere(Refused):
    """The document {document} is not in the dataset: {dataset}, but in the dataset: {other}."""

    def __init__(self, document: str, dataset: str, other: str) -> None:
        words = self.default_message().format(document=document, dataset=dataset, other=other)
        super().__init__(Code.ARGUMENT, words)


def twice_named(code: Code, message: str) -> dict[str, Any]:
    """Where July used the keys of the year before, both are there: its documents name the newer ones."""
    return body_of(code, message, None) | {"retcode": int(code), "retmsg": message}


def tell(error: DiglotError, operation: Operation | None) -> Answer:
    if isinstance(error, Unauthorized):
        return json_answer(twice_named(Code.UNAUTHORIZED, UNAUTHORIZED), 401)
    if isinstance(error, Missing):
        return json_answer(twice_named(error.code, error.message))
    forms = operation.forms if operation is not None else {}
    if isinstance(error, NameTaken) and NameTaken not in forms:
        return errors.tell(errors.data_error(taken(str(error.facts.get("name", "")))))
    return errors.tell(error, forms)


def example(kind: type[DiglotError], operation: Operation) -> tuple[int, str, object]:
    """Status, code and body for the documentation."""
    form = errors.form_of(kind, operation.forms)
    message = form.message or kind.default_message()
    if issubclass(kind, Unauthorized):
        return 401, form.code, twice_named(Code.UNAUTHORIZED, UNAUTHORIZED)
    if issubclass(kind, NameTaken) and NameTaken not in operation.forms:
        message = taken("manuals")
    return form.status, form.code, body_of(int(form.code), message)


def taken(name: str) -> str:
    return f"The name: {name.lower()} is already used by other datasets. Please choose a different name."
