"""One dialect as an ASGI application: finds the operation, then key, path, body, handler; tells every error its way."""

import logging
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from diglot.domain.api_key import Caller, Origin
from diglot.domain.errors import ApiDisabled, DiglotError, InvalidArgument
from diglot.http.answers import Answer
from diglot.http.bodies import MOST_FILES, ClientGone, Form, parse_object, read_body, read_form
from diglot.http.house import House
from diglot.http.operations import Call, Operation
from diglot.http.pool import Pool
from diglot.http.routing import Place, Routes
from diglot.library.sessions import KIND as TOKEN

T = TypeVar("T")
MULTIPART = "multipart/form-data"
ESCAPED_CHARACTER_BYTES = 6
QUERY_FIELDS = 256
LIGHT_BYTES = 64_000
SLASHES = re.compile("/{2,}")

log = logging.getLogger("diglot.http")


class Dialect(ABC):
    """`merges_slashes`: `//` in a path is one slash. `most_files` and `most_file_bytes`: what one form may hold, the
    latter beside the largest file that is allowed. `data_part`: the field of a form that holds all others as JSON;
    empty where they stand beside the files. `refusal`: the shape of what is answered to a refused request.

    `pool` runs what may block; where the catalog is SQLite, light operations run on the event loop instead: a point
    read takes less time than the way to a thread and back."""

    merges_slashes: ClassVar[bool] = False
    most_files: ClassVar[int] = MOST_FILES
    most_file_bytes: ClassVar[int] = 0
    data_part: ClassVar[str] = ""
    refusal: ClassVar[type[BaseModel] | None] = None

    def __init__(self, name: str, house: House, operations: Iterable[Operation], pool: Pool) -> None:
        self.name = name
        self.house = house
        self.operations = tuple(operations)
        self._pool = pool
        self._reads_inline = house.settings.database_url is None
        self._routes = Routes((one.method, one.path, one) for one in self.operations)
        self._list_fields = {one.query: _list_fields(one.query) for one in self.operations if one.query is not None}

    @abstractmethod
    def key_of(self, headers: Headers) -> str:
        """The API key of a request; raises an `Unauthorized` with the dialect's words."""

    @abstractmethod
    def look_up(self, call: Call) -> None:
        """What must exist before query and body are looked at."""

    @abstractmethod
    def tell(self, error: DiglotError, operation: Operation | None) -> Answer: ...

    @abstractmethod
    def tell_status(self, status: int, path: str) -> Answer:
        """A plain 404, 405 or 500. `path`: what was asked for, prefix and all."""

    @abstractmethod
    def example(self, kind: type[DiglotError], operation: Operation) -> tuple[int, str, object]:
        """Status, code and body that an error of this class has in this operation: for the documentation."""

    @abstractmethod
    def invalid(self, error: ValidationError, source: str, operation: Operation) -> DiglotError:
        """`source`: "query" or "body"."""

    def parse(self, raw: bytes, headers: Headers, operation: Operation) -> dict[str, Any]:
        """What a body says; raises what `parse_object` does, or the dialect's own."""
        return parse_object(raw)

    def sent_in(self, form: Form) -> dict[str, Any]:
        """What a multipart body says beside its files."""
        return parse_object(form.fields.get(self.data_part, "")) if self.data_part else dict(form.fields)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answer(scope, receive)
        if answer is None:
            return
        if scope["method"] == "HEAD":
            await answer.send_head(send)
        else:
            await answer.send(send, receive)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer | None:
        path = scope["diglot.path"]
        found = self._routes.find(SLASHES.sub("/", path) if self.merges_slashes else path)
        if found is None:
            return self.tell_status(404, scope["path"])
        place, values = found
        scope["diglot.template"] = place.template
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        operation = place.methods.get(method)
        if operation is None:
            return self._not_allowed(place, scope["path"])
        call = Call(self.house, values)
        call.headers = Headers(scope=scope)
        call.scheme = scope.get("scheme", "http")
        call.origin = Origin(scope["client"][0] if scope.get("client") else None, scope.get("diglot.request"))
        try:
            return await self._run(operation, call, scope, receive)
        except DiglotError as error:
            answer = self.tell(error, operation)
            if answer.status >= 500:
                # Its words may be those of a model or of a database, about what somebody asked.
                log.error("%s %s failed: %s", method, place.template, type(error).__name__)
            return answer
        except ClientGone:
            return None
        except Exception:
            log.exception("%s %s failed", method, place.template, extra={"request": scope.get("diglot.request")})
            return self.tell_status(500, scope["path"])
        finally:
            for file in call.files:
                file.content.close()

    async def _run(self, operation: Operation, call: Call, scope: Scope, receive: Receive) -> Answer:
        headers = call.headers
        if not operation.is_open:
            call.caller = replace(await self._caller(headers, call.origin), origin=call.origin)
            call.identify = partial(self._identify, headers, call.origin)
            await self._require_open_to(call.caller)
        query = scope["query_string"]
        if operation.body is None and operation.form is None:
            return await self._quickly(operation.is_light, lambda: self._looked_up(operation, call, query))
        await self._quickly(True, lambda: self.look_up(call))
        call.query = self._query(operation, query)
        await self._read(operation, call, headers, receive)
        return await self._pool.run(lambda: operation.handler(call))

    async def _caller(self, headers: Headers, origin: Origin) -> Caller:
        key = self.key_of(headers)
        caller = (self.house.sessions if key.startswith(TOKEN) else self.house.keys).trusted(key)
        if caller is not None:
            return caller
        return await self._pool.run(lambda: self._identify(headers, origin))

    def _identify(self, headers: Headers, origin: Origin) -> Caller:
        """Who calls. May block."""
        key = self.key_of(headers)
        if key.startswith(TOKEN):
            return self.house.sessions.verify(key)
        return self.house.keys.verify(key, origin.address)

    async def _require_open_to(self, caller: Caller) -> None:
        """The switch of the whole API is for keys; members at the console go in."""
        if caller.key_id is None:
            return
        switches = self.house.switches
        choices = switches.known()
        if choices is None:
            choices = await self._quickly(True, switches.now)
        if not choices.api_enabled:
            raise ApiDisabled

    def _looked_up(self, operation: Operation, call: Call, query: bytes) -> Answer:
        self.look_up(call)
        call.query = self._query(operation, query)
        return operation.handler(call)

    async def _read(self, operation: Operation, call: Call, headers: Headers, receive: Receive) -> None:
        settings = self.house.settings
        model = operation.body or operation.form
        if operation.form is not None and headers.get("content-type", "").lower().startswith(MULTIPART):
            form = await read_form(
                headers,
                receive,
                file_bytes=max(settings.file_bytes, self.most_file_bytes),
                field_bytes=settings.json_bytes,
                most_files=self.most_files,
                data_part=self.data_part,
            )
            call.files = form.files
            model = operation.form
            length = sum(map(len, form.fields.values()))
            sent = await self._quickly(length < LIGHT_BYTES, lambda: self.sent_in(form))
        else:
            limit = settings.json_bytes
            if operation.takes_long_text:
                limit += ESCAPED_CHARACTER_BYTES * settings.text_characters
            raw = await read_body(headers, receive, limit)
            # A large body takes a while to parse: not on the event loop.
            sent = await self._quickly(len(raw) < LIGHT_BYTES, lambda: self.parse(raw, headers, operation))
        if model is not None:
            call.body = self._validated(model, sent, "body", operation)

    def _query(self, operation: Operation, query_string: bytes) -> BaseModel | None:
        if operation.query is None:
            return None
        try:
            pairs = parse_qsl(query_string.decode("latin-1"), operation.keeps_blanks, max_num_fields=QUERY_FIELDS)
        except ValueError as error:
            raise InvalidArgument("There are too many query parameters.") from error
        sent: dict[str, Any] = {}
        many = self._list_fields[operation.query]
        for name, value in pairs:
            if "\0" in value:
                raise InvalidArgument("Text must not contain the NUL character.", name)
            if name in many:
                sent.setdefault(name, []).append(value)
            else:
                sent[name] = value
        return self._validated(operation.query, sent, "query", operation)

    def _validated(self, model: type[BaseModel], sent: dict[str, Any], source: str, operation: Operation) -> BaseModel:
        try:
            return model.model_validate(sent)
        except ValidationError as error:
            raise self.invalid(error, source, operation) from error

    def _not_allowed(self, place: Place[Operation], path: str) -> Answer:
        answer = self.tell_status(405, path)
        return Answer(405, answer.body, headers=(*answer.headers, (b"allow", place.allow.encode())))

    async def _quickly(self, is_light: bool, work: Callable[[], T]) -> T:
        if is_light and self._reads_inline:
            return work()
        return await self._pool.run(work)


def _list_fields(model: type[BaseModel]) -> frozenset[str]:
    schema = model.model_json_schema().get("properties", {})
    return frozenset(name for name, one in schema.items() if one.get("type") == "array")
