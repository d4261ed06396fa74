"""Pages for people: the console below /console/, the documentation of the APIs below /docs, and the way from /."""

import asyncio
import secrets
from pathlib import Path

from starlette.types import Scope

from diglot.http.answers import Answer, Headers
from diglot.http.pages.files import HASHED, BuiltFile, is_built, read

CONSOLE = "/console"
DOCS = "/docs"
PLACEHOLDER = b"%NONCE%"
PLAIN = b"text/plain; charset=utf-8"
FIXED: Headers = (
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
# A page of the documentation sends requests to whatever server its reader types in; the console, which holds a session,
# speaks with its own alone.
CONNECTIONS = {"index.html": "'self'", "docs.html": "'self' http: https:"}
FOREVER = b"public, max-age=31536000, immutable"
# The page itself is made anew for each request, so there is nothing to compare it with.
ASK_AGAIN = b"no-cache"
NOT_BUILT = Answer(
    404,
    b"This installation of Diglot came without its console and API pages: they were not built.\n"
    b"In a checkout with Node.js: make console. Everything else works: see /openapi/dify.json and its neighbours.\n",
    PLAIN,
    FIXED,
)
NO_FILE = Answer(404, b"There is no such file.\n", PLAIN, FIXED)
NOT_ALLOWED = Answer(405, b"Only GET is answered here.\n", PLAIN, (*FIXED, (b"allow", b"GET, HEAD")))


class Site:
    """Answers out of memory. What is not built is looked for again at the next request."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, BuiltFile] = {}
        self._reading = asyncio.Lock()

    @staticmethod
    def place(scope: Scope) -> str | None:
        """The part of the site that a request is for, if it is for any."""
        path: str = scope["path"]
        for part in (CONSOLE, DOCS):
            if path == part or path.startswith(part + "/"):
                return part
        return "/" if path == "/" and _wants_html(scope) else None

    async def answer(self, scope: Scope, place: str) -> Answer:
        if scope["method"] not in ("GET", "HEAD"):
            return NOT_ALLOWED
        if place == "/" or scope["path"] == CONSOLE:
            return _redirect(scope)
        files = await self._read()
        if not files:
            return NOT_BUILT
        if place == DOCS:
            return _page(files, "docs.html")
        name = scope["path"].removeprefix(CONSOLE + "/")
        if name in files and name not in CONNECTIONS:
            return _file(files[name], scope)
        # A part of an older console is gone; the page in its place would be taken for a script.
        return NO_FILE if name.startswith(HASHED) else _page(files, "index.html")

    async def _read(self) -> dict[str, BuiltFile]:
        async with self._reading:
            if not self._files and is_built(self._folder):
                self._files = await asyncio.to_thread(read, self._folder)
            return self._files


def _redirect(scope: Scope) -> Answer:
    query = b"?" + scope["query_string"] if scope["query_string"] else b""
    location = CONSOLE.encode() + b"/" + query
    return Answer(307, headers=((b"location", location), (b"vary", b"accept"), (b"cache-control", ASK_AGAIN), *FIXED))


def _page(files: dict[str, BuiltFile], name: str) -> Answer:
    nonce = secrets.token_urlsafe(16)
    body = files[name].content.replace(PLACEHOLDER, nonce.encode())
    policy = _policy(nonce, CONNECTIONS[name])
    headers = ((b"content-security-policy", policy), (b"cache-control", ASK_AGAIN), *FIXED)
    return Answer(200, body, files[name].media_type, headers)


def _policy(nonce: str, connections: str) -> bytes:
    """Of Content-Security-Policy."""
    return (
        "default-src 'self'; script-src 'self'; "
        f"style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' blob: data:; "
        f"connect-src {connections}; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ).encode()


def _file(file: BuiltFile, scope: Scope) -> Answer:
    headers: Headers = (
        (b"etag", file.tag),
        (b"cache-control", FOREVER if file.is_hashed else ASK_AGAIN),
        (b"vary", b"accept-encoding"),
        *FIXED,
    )
    if file.tag in _values(scope, b"if-none-match"):
        return Answer(304, headers=headers)
    packed = file.gzipped if b"gzip" in _values(scope, b"accept-encoding") else None
    if packed is None:
        return Answer(200, file.content, file.media_type, headers)
    return Answer(200, packed, file.media_type, (*headers, (b"content-encoding", b"gzip")))


def _values(scope: Scope, name: bytes) -> set[bytes]:
    """Of a header that is a list. An encoding with a weight is taken as not wanted: browsers give none."""
    lines = b",".join(value for key, value in scope["headers"] if key == name)
    return {one.strip() for one in lines.split(b",")}


def _wants_html(scope: Scope) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
