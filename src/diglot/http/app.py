"""The door: which prefix is whose."""

from collections.abc import Callable, Mapping
from importlib.metadata import version

from starlette.types import ASGIApp, Receive, Scope, Send

from diglot.domain.errors import Overloaded
from diglot.http.answers import Answer, json_answer
from diglot.http.dialect import Dialect
from diglot.http.dify.app import DifyDialect
from diglot.http.gate import Gate
from diglot.http.house import House
from diglot.http.measuring import Measurements
from diglot.http.native import health
from diglot.http.openapi import Title, describe
from diglot.http.pool import Pool

ALIVE_PATH = "/healthz"
NOT_FOUND = json_answer({"error": "not_found", "message": "There is nothing here."}, 404)
NOT_ALLOWED = json_answer({"error": "method_not_allowed", "message": "Only GET is answered here."}, 405)
DIFY_TITLE = Title(
    "Knowledge API",
    "Dify's Knowledge API as this server speaks it: datasets, documents, chunks and their search.",
    version("diglot"),
)


def create_app(house: House) -> ASGIApp:
    """The whole HTTP side of a house, as an ASGI application."""
    pool = Pool()
    measurements = Measurements(house.database)
    dify = DifyDialect(house, pool)
    mounts = {"/v1": dify}
    return Gate(Door(house, mounts, measurements, pool), measurements)


class Door:
    """Sends a request to the dialect of its prefix, or answers one of the few pages outside all dialects."""

    def __init__(self, house: House, mounts: Mapping[str, Dialect], measurements: Measurements, pool: Pool) -> None:
        self._mounts = mounts
        self._pool = pool
        self._pages: dict[str, Callable[[Scope], Answer]] = {
            ALIVE_PATH: lambda scope: health.ALIVE,
            "/readyz": lambda scope: health.readiness(house),
            "/metrics": lambda scope: health.metrics(measurements),
            "/openapi/dify.json": lambda scope: json_answer(
                describe(mounts["/v1"], DIFY_TITLE, base_url(scope) + "/v1")
            ),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        path = scope["path"]
        for prefix, dialect in self._mounts.items():
            if path == prefix or path.startswith(prefix + "/"):
                scope["diglot.dialect"] = dialect.name
                scope["diglot.path"] = path[len(prefix) :]
                await dialect(scope, receive, send)
                return
        answer = await self._page(scope)
        await answer.send(send)

    async def _page(self, scope: Scope) -> Answer:
        path = scope["path"].rstrip("/")
        page = self._pages.get(path)
        if page is None:
            return NOT_FOUND
        scope["diglot.template"] = path
        scope["diglot.dialect"] = "native"
        if scope["method"] not in ("GET", "HEAD"):
            return NOT_ALLOWED
        if path == ALIVE_PATH:
            return page(scope)
        # A catalog that cannot be reached may take its time to say so, but not from everybody.
        try:
            return await self._pool.run(lambda: page(scope))
        except Overloaded:
            return health.BUSY

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            if message["type"] == "lifespan.shutdown":
                self._pool.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


def base_url(scope: Scope) -> str:
    """Scheme and host as the client wrote them."""
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), None)
    if host is None:
        server = scope.get("server") or ("localhost", None)
        host = server[0] if server[1] is None else f"{server[0]}:{server[1]}"
    return f"{scope.get('scheme', 'http')}://{host}"
