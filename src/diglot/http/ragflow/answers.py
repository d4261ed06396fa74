"""RAGFlow's envelope: `code` 0 and data, or another code and a message. HTTP's own status is 200 nearly always."""

from typing import Any

from diglot.http.answers import Answer, json_answer
from diglot.http.ragflow.codes import Code


class _Absent:
    pass


ABSENT = _Absent()


def done(data: Any = ABSENT, message: str = "success", **more: Any) -> Answer:
    """`more` stands beside code, message and data."""
    return json_answer(body_of(Code.SUCCESS, message, data) | more)


def body_of(code: int, message: str, data: Any = ABSENT) -> dict[str, Any]:
    body: dict[str, Any] = {"code": int(code), "message": message}
    return body if data is ABSENT else body | {"data": data}
