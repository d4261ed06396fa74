"""Requests made from the OpenAPI documents, good and bad ones, to a house in this process, and what must hold of every
answer."""

import json
import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import jsonschema_rs
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import APIOperation, BaseSchema, Case, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.modes import GenerationMode
from schemathesis.python import asgi
from schemathesis.specs.openapi import checks

from diglot.http.app import create_app
from tests.fuzz.supply import OFTEN, SOMETIMES, InProcess, Supply
from tests.house import KEY, a_house, working

SHARES = {"dify": 0.4, "ragflow": 0.38, "ragflow-2024": 0.1, "data": 0.04, "diglot": 0.08}
"""The OpenAPI documents, and how much of all cases is for each."""
STRICT = frozenset({"dify", "data", "diglot"})
"""Where what is not as described must be refused. RAGFlow is lenient on purpose, and so are both of its dialects: a
page that is no number is the first, and in 2024 a body that is no JSON an empty one. And it refuses under the status
200."""
ENDLESS = frozenset({"/events"})
"""Whose answers have no end."""
ENDING = frozenset({"PATCH /settings"})
"""It may switch the whole API off, and then no key can switch it on again."""
ROUND_CASES = 4
WITHOUT_KEY = 0.03
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
"""Not among them is that what is as described is accepted: names that are taken and ids of nothing are as described."""


@dataclass(slots=True)
class Tally:
    """`faults` say how each case is had again; `answers` counts operations' statuses, with codes where all are 200."""

    name: str
    run: int
    cases: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def done(self) -> int:
        """Requests that were granted."""
        return sum(number for (_, told), number in self.answers.items() if told[0] == "2" and ":" not in told)


def call_all(folder: Path, name: str, run: int, count: int) -> Tally:
    """At least `count` cases over all operations of the OpenAPI document of this name."""
    with a_house(folder, file_bytes=200_000, json_bytes=200_000, text_characters=50_000) as house:
        app = create_app(house)
        schema = schemathesis.openapi.from_asgi(f"/openapi/{name}.json", app)
        schema.config.generation.update(with_security_parameters=False)
        try:
            with working(house), asgi.get_client(app) as session:
                session.headers["Authorization"] = f"Bearer {KEY}"
                return _Caller(schema, session, Tally(name, run)).run(count)
        finally:
            asgi.shutdown_lifespans()


class _Caller:
    def __init__(self, schema: BaseSchema, session: requests.Session, tally: Tally) -> None:
        self._schema = schema
        self._session = session
        self._tally = tally
        self._chance = Random(f"{tally.name}-{tally.run}")
        self._supply = Supply(InProcess(session), self._chance)

    def run(self, count: int) -> Tally:
        start = time.monotonic()
        strategies = [
            (operation, mode, operation.as_strategy(mode, feedback=NO_FEEDBACK))
            for operation in self._operations()
            for mode in GenerationMode
            if mode is GenerationMode.POSITIVE or _can_be_wrong(operation)
        ]
        turn = 0
        while self._tally.cases < count:
            turn += 1
            for operation, mode, strategy in strategies:
                self._call_some(strategy, f"{self._tally.run}-{turn}-{operation.label}-{mode}")
        self._tally.seconds = time.monotonic() - start
        return self._tally

    def _call_some(self, strategy: SearchStrategy[Case], chosen_by: str) -> None:
        @seed(chosen_by)
        @settings(
            max_examples=ROUND_CASES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def call(case: Case) -> None:
            self._call(case)

        call()

    def _operations(self) -> Iterator[APIOperation]:
        for found in self._schema.get_all_operations():
            operation = found.ok()
            if operation.path not in ENDLESS and operation.label not in ENDING:
                yield operation

    def _call(self, case: Case) -> None:
        self._supply.turn()
        self._bind(case)
        self._tally.cases += 1
        headers = {"Authorization": "Bearer nobody's"} if self._chance.random() < WITHOUT_KEY else None
        with _logged() as faults:
            response = case.call(session=self._session, headers=headers)
        self._tally.answers[case.operation.label, _told(response)] += 1
        faults += [
            *_broken(case, response, is_strict=self._tally.name in STRICT),
            *_misshapen(case, response),
            *_unknown_code(case, response),
        ]
        self._tally.faults += [f"{self._tally.name} {case.operation.label}: {fault} {_sent(case)}" for fault in faults]

    def _bind(self, case: Case) -> None:
        """Ids of what is there stand in most places where an id belongs."""
        for name, value in case.path_parameters.items():
            if self._chance.random() < OFTEN or not _is_a_segment(value):
                case.path_parameters[name] = self._supply.one(name, case.path)
        is_good = case.meta.generation.mode is GenerationMode.POSITIVE
        for name in case.query if is_good else ():
            if self._chance.random() < SOMETIMES and (known := self._supply.one(name, case.path)) is not None:
                case.query[name] = known
        if is_good and isinstance(case.body, dict):
            self._fill(case)
        self._bind_in(case.body, case.path, is_good)

    def _fill(self, case: Case) -> None:
        """Few requests mean anything without the ids that their bodies may leave out."""
        for name in _fields(case):
            if case.body.get(name) is None and self._chance.random() < SOMETIMES:
                known = self._supply.one(name, case.path)
                if known is not None:
                    case.body[name] = [known] if name.endswith("s") else known

    def _bind_in(self, part: Any, path: str, is_good: bool) -> None:
        if isinstance(part, list):
            for one in part:
                self._bind_in(one, path, is_good)
        if isinstance(part, dict):
            for name, value in part.items():
                part[name] = self._bound(name, value, path, is_good)
                self._bind_in(part[name], path, is_good)

    def _bound(self, name: str, value: Any, path: str, is_good: bool) -> Any:
        is_list = is_good and isinstance(value, list) and all(isinstance(one, str) for one in value)
        if not (is_list or isinstance(value, str)) or self._chance.random() > SOMETIMES:
            return value
        known = self._supply.one(name, path)
        if known is None:
            return value
        if not is_list:
            return known
        return [known] if self._chance.random() < SOMETIMES else [known, *value]


def _can_be_wrong(operation: APIOperation) -> bool:
    """Ids in paths are any text; without anything else there is nothing to be wrong."""
    return bool(operation.body or operation.query)


def _fields(case: Case) -> Iterable[str]:
    content = case.operation.definition.raw["requestBody"]["content"]
    name = content[case.media_type]["schema"].get("$ref", "").rpartition("/")[2]
    return case.operation.schema.raw_schema["components"]["schemas"].get(name, {}).get("properties", ())


def _is_a_segment(value: Any) -> bool:
    """Else the path would be another operation's."""
    return bool(str(value).strip("/.")) and "/" not in str(value)


def _told(response: Response) -> str:
    """The status; with the code of a refusal under the status of success."""
    code = _body(response).get("code", 0) if response.status_code == 200 else 0
    return f"{response.status_code}:{code}" if code else str(response.status_code)


def _body(response: Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _broken(case: Case, response: Response, *, is_strict: bool) -> list[str]:
    chosen = [*CHECKS, checks.negative_data_rejection] if is_strict and _is_all_read(case) else CHECKS
    try:
        case.validate_response(response, checks=chosen)
    except FailureGroup as group:
        return [f"{one.title}: {one.message} {response.content[:200]!r}" for one in group.exceptions]
    return []


def _is_all_read(case: Case) -> bool:
    """Else what is wrong may stand where nobody looks."""
    # A query parameter without a value is as good as absent.
    if not all(case.query.values()):
        return False
    # What is changed in the object that is a form's part may fit another branch of its description.
    if case.media_type == "multipart/form-data":
        return False
    # Rules count only where their mode has them, and there 3.5 or "3" is a whole number too.
    return not (isinstance(case.body, dict) and case.body.get("process_rule"))


def _misshapen(case: Case, response: Response) -> list[str]:
    """A success under whose status refusals are described too has the shape of a success."""
    described = case.operation.definition.raw["responses"].get(str(response.status_code), {})
    shapes = described.get("content", {}).get("application/json", {}).get("schema", {}).get("anyOf", [])
    body = _body(response)
    if len(shapes) != 2 or body.get("code") != 0:
        return []
    validator = jsonschema_rs.validator_for(shapes[0] | {"components": case.operation.schema.raw_schema["components"]})
    return [
        f"Success of another shape: {error.message[:300]} at {error.instance_path}"
        for error in validator.iter_errors(body)
    ]


def _unknown_code(case: Case, response: Response) -> list[str]:
    """The code of an answer is one of those that the examples of its status show."""
    described = case.operation.definition.raw["responses"].get(str(response.status_code), {})
    examples = described.get("content", {}).get("application/json", {}).get("examples", {}).values()
    known = {example["value"].get("code") for example in examples if isinstance(example["value"], dict)}
    code = _body(response).get("code")
    return (
        []
        if not known or code is None or code in known
        else [f"Undocumented code {code} of {known}: {response.content[:200]!r}"]
    )


def _sent(case: Case) -> str:
    body = repr(case.body)
    return f"[{case.method} {case.formatted_path} query {case.query} {case.media_type} {body[:600]}]"


class _Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        cause = record.exc_info[1] if record.exc_info else None
        self.told.append(f"Logged as an error: {record.getMessage()} {cause!r}")


@contextmanager
def _logged() -> Iterator[list[str]]:
    """What was logged as an error of this server meanwhile: some dialects tell it under the status of success."""
    handler = _Errors()
    log = logging.getLogger("diglot.http")
    log.addHandler(handler)
    try:
        yield handler.told
    finally:
        log.removeHandler(handler)
