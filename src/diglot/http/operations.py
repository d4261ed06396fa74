"""An operation of a dialect: what it answers to, takes and does. Routes and OpenAPI come from this alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from diglot.domain.api_key import Caller, Origin
from diglot.domain.errors import DiglotError
from diglot.http.answers import Answer
from diglot.http.bodies import SentFile
from diglot.http.house import House


class Call:
    """A request on its way: filled step by step, then handed to the operation."""

    __slots__ = (
        "body",
        "caller",
        "facts",
        "files",
        "headers",
        "house",
        "identify",
        "origin",
        "path",
        "query",
        "scheme",
    )

    def __init__(self, house: House, path: dict[str, str]) -> None:
        self.house = house
        self.path = path
        self.headers = Headers()
        self.scheme = "http"
        self.origin = Origin(None)
        self.caller: Caller = None  # type: ignore[assignment]  # set before any operation sees the call
        # The same once more: an answer that goes on for long asks now and then whether it may.
        self.identify: Callable[[], Caller] = lambda: self.caller
        self.query: Any = None
        self.body: Any = None
        self.files: list[SentFile] = []
        # What the dialect looked up on the way, such as the dataset that the path names.
        self.facts: Any = None

    @property
    def cookies(self) -> Mapping[str, str]:
        return cookie_parser(self.headers.get("cookie", ""))


@dataclass(frozen=True, slots=True)
class ErrorForm:
    """How a dialect tells an error; `message` None: the error's own words."""

    status: int
    code: str
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """`query`, `body`, `form` (the JSON part of a multipart body), `answer` are wire models; examples are JSON. With
    both `body` and `form` either is taken.

    `errors` are those worth documenting beside the ones every operation has; `forms` tells some of them otherwise here.
    `is_light`: short enough for the event loop where the catalog is SQLite. `is_open`: asks for no key; its handler
    sees a call without a caller. `takes_cookie`: what it asks for instead is a session. `checks_media_type`: a body
    that does not call itself JSON is refused. `keeps_blanks`: a query parameter without a value is an empty text, else
    it is absent. `answer_media`: of an answer that is no JSON.
    """

    id: str
    method: str
    path: str
    tag: str
    summary: str
    description: str
    handler: Callable[[Call], Answer]
    answer: type[BaseModel] | None = None
    answer_example: Any = None
    answer_description: str = "Done."
    answer_media: str = ""
    status: int = 200
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    body_example: Any = None
    form: type[BaseModel] | None = None
    form_example: Any = None
    needs_file: bool = False
    errors: tuple[type[DiglotError], ...] = ()
    forms: Mapping[type[DiglotError], ErrorForm] = field(default_factory=dict)
    is_light: bool = False
    is_open: bool = False
    takes_cookie: bool = False
    checks_media_type: bool = False
    keeps_blanks: bool = False
    takes_long_text: bool = False
    is_deprecated: bool = False
