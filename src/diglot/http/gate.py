"""Around every request: an id, headers that hold everywhere, a log line and a measurement."""

import logging
import re
import secrets
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diglot.http.measuring import OTHER, Measurements

REQUEST_ID = b"x-request-id"
ACCEPTED_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
SECURITY = ((b"x-content-type-options", b"nosniff"),)
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})

log = logging.getLogger("diglot.http")


class Gate:
    def __init__(self, app: ASGIApp, measurements: Measurements) -> None:
        self._app = app
        self._measurements = measurements

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = _request_id(scope)
        scope["diglot.request"] = request_id.decode()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *SECURITY, (REQUEST_ID, request_id)]
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else OTHER
        template = scope.get("diglot.template", OTHER)
        dialect = scope.get("diglot.dialect", OTHER)
        self._measurements.note(dialect, method, template, status, seconds)
        if log.isEnabledFor(logging.INFO):
            facts: dict[str, Any] = {
                "request": scope["diglot.request"],
                "dialect": dialect,
                "method": method,
                "template": template,
                "status": status,
                "milliseconds": round(seconds * 1000, 1),
            }
            log.info(
                "%s %s %s %d %.1f ms [%s]",
                dialect,
                method,
                template,
                status,
                seconds * 1000,
                facts["request"],
                extra=facts,
            )


def _request_id(scope: Scope) -> bytes:
    """The client's own if it is harmless, else a fresh one."""
    for name, value in scope["headers"]:
        if name == REQUEST_ID:
            return bytes(value) if ACCEPTED_ID.fullmatch(value) else _fresh()
    return _fresh()


def _fresh() -> bytes:
    return secrets.token_hex(8).encode()
