"""The OpenAPI documents as they are fetched: one a dialect, in the reader's language, for the server that was asked."""

import gzip
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import orjson
from starlette.datastructures import Headers
from starlette.types import Scope

from diglot.http.addresses import base_url
from diglot.http.answers import Answer, json_answer
from diglot.http.dialect import Dialect
from diglot.http.messages import language_of, translated
from diglot.http.openapi import Title, describe
from diglot.settings import Settings

# A level of gzip: the usual one takes nearly three times as long for a fifth less.
QUICK = 3


class Documentation:
    """A dialect's document, made once a language when it is first asked for; the servers in it are the asker's."""

    def __init__(self, dialect: Dialect, title: Title, base: str, settings: Settings) -> None:
        """`base`: the path below which the dialect answers."""
        self._dialect = dialect
        self._title = title
        self._base = base
        self._settings = settings
        self._made: dict[str, dict[str, Any]] = {}

    def answer(self, scope: Scope) -> Answer:
        headers = Headers(scope=scope)
        wanted = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
        language = language_of(wanted, headers.get("accept-language", ""))
        parts = self._made.get(language) or self._made.setdefault(language, self._make(language))
        url = base_url(self._settings, scope.get("scheme", "http"), headers.get("host")) + self._base
        servers = [server | {"url": url} for server in parts["servers"]]
        said_in = ((b"content-language", language.encode()), (b"vary", b"accept-language, accept-encoding"))
        answer = json_answer(parts | {"servers": servers}, headers=said_in)
        return _packed(answer) if _takes_gzip(headers) else answer

    def _make(self, language: str) -> dict[str, Any]:
        """The long parts as they are sent, so that nothing is held or encoded twice."""
        document = translated(describe(self._dialect, self._title, self._base), language)
        encoded = {name: orjson.Fragment(orjson.dumps(document[name])) for name in ("paths", "components")}
        return document | encoded


def _takes_gzip(headers: Headers) -> bool:
    """An encoding with a weight is taken as not wanted: browsers give none."""
    return "gzip" in {one.strip() for one in headers.get("accept-encoding", "").split(",")}


def _packed(answer: Answer) -> Answer:
    """To a seventh of its size: documents say the same again and again."""
    body = gzip.compress(answer.body, QUICK, mtime=0)
    return replace(answer, body=body, headers=(*answer.headers, (b"content-encoding", b"gzip")))
