"""The door: which prefix is whose."""

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from starlette.types import ASGIApp, Receive, Scope, Send

from diglot.domain.errors import Overloaded
from diglot.http.answers import Answer, json_answer
from diglot.http.data.app import DataDialect
from diglot.http.dialect import Dialect
from diglot.http.dify.app import DifyDialect
from diglot.http.documentation import Documentation
from diglot.http.gate import Gate
from diglot.http.house import House
from diglot.http.measuring import Measurements
from diglot.http.native import health
from diglot.http.native.app import NativeDialect
from diglot.http.openapi import Title
from diglot.http.pages.files import FOLDER
from diglot.http.pages.site import Site
from diglot.http.pool import Pool
from diglot.http.ragflow.app import RagflowDialect
from diglot.http.ragflow_legacy.app import LegacyDialect

ALIVE_PATH = "/healthz"
NOT_FOUND = json_answer({"error": "not_found", "message": "There is nothing here."}, 404)
NOT_ALLOWED = json_answer({"error": "method_not_allowed", "message": "Only GET is answered here."}, 405)
DIFY_TITLE = Title(
    "Knowledge API",
    "Dify's Knowledge API as this server speaks it: datasets, documents, chunks and their search.",
    version("diglot"),
)
RAGFLOW_TITLE = Title(
    "RAGFlow API",
    "RAGFlow's HTTP API as this server speaks it: datasets, documents, chunks, retrieval.",
    version("diglot"),
)
LEGACY_TITLE = Title(
    "RAGFlow API of July 2024",
    "The first form of RAGFlow's HTTP API, for clients that were written for it.",
    version("diglot"),
)
NATIVE_TITLE = Title(
    "Diglot API",
    "What is this server's own: previews, pages as pictures and the places of chunks on them.",
    version("diglot"),
)
DATA_TITLE = Title("Data API", "Datasets as plain resources: number, name, description.", version("diglot"))


def create_app(house: House, built: Path = FOLDER) -> ASGIApp:
    """The whole HTTP side of a house, as an ASGI application. `built`: where the files of the console are, if any."""
    pool = Pool()
    measurements = Measurements(house.database)
    dify = DifyDialect(house, pool)
    ragflow = RagflowDialect(house, pool)
    older = RagflowDialect(house, pool, "ragflow-0.24")
    legacy = LegacyDialect(house, pool)
    data = DataDialect(house, pool)
    native = NativeDialect(house, pool)
    mounts = (
        Mount("/diglot/v1", "/diglot/v1", native),
        Mount("/v1/data", "/v1", data),
        Mount("/v1/api/dataset", "/v1/api", legacy),
        Mount("/v1/dify/retrieval", "/v1", ragflow),
        Mount("/v1/system/healthz", "/v1", ragflow),
        Mount("/v1", "/v1", dify),
        Mount("/api/v1/dataset", "/api/v1", legacy),
        Mount("/api/v1", "/api/v1", ragflow),
        # The first published client forgets a slash when it deletes chunks.
        Mount("/api/v1datasets", "/api/v1", ragflow),
        Mount("/v0.24/api/v1", "/v0.24/api/v1", older),
        Mount("/v0.24/api/v1datasets", "/v0.24/api/v1", older),
    )
    documents = {
        "/openapi/dify.json": Documentation(dify, DIFY_TITLE, "/v1", house.settings),
        "/openapi/ragflow.json": Documentation(ragflow, RAGFLOW_TITLE, "/api/v1", house.settings),
        "/openapi/ragflow-2024.json": Documentation(legacy, LEGACY_TITLE, "/api/v1", house.settings),
        "/openapi/diglot.json": Documentation(native, NATIVE_TITLE, "/diglot/v1", house.settings),
        "/openapi/data.json": Documentation(data, DATA_TITLE, "/v1", house.settings),
    }
    return Gate(Door(house, mounts, documents, measurements, pool, Site(built)), measurements)


class Mount(NamedTuple):
    """Requests whose path is `prefix` or lies below it are the dialect's, which sees what follows `base`."""

    prefix: str
    base: str
    dialect: Dialect


class Door:
    """Sends a request to the dialect of its prefix, or answers one of the few pages outside all dialects."""

    def __init__(
        self,
        house: House,
        mounts: Sequence[Mount],
        documents: Mapping[str, Documentation],
        measurements: Measurements,
        pool: Pool,
        site: Site,
    ) -> None:
        """The first mount that fits counts. `documents`: by where they are fetched."""
        self._mounts = mounts
        self._pool = pool
        self._site = site
        self._pages: dict[str, Callable[[Scope], Answer]] = {
            ALIVE_PATH: lambda scope: health.ALIVE,
            "/readyz": lambda scope: health.readiness(house),
            "/metrics": lambda scope: health.metrics(measurements),
        }
        for where, document in documents.items():
            self._pages[where] = document.answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        path = scope["path"]
        for mount in self._mounts:
            if path.startswith(mount.prefix) and (path == mount.prefix or path[len(mount.prefix)] == "/"):
                scope["diglot.dialect"] = mount.dialect.name
                scope["diglot.path"] = path[len(mount.base) :]
                await mount.dialect(scope, receive, send)
                return
        answer = await self._page(scope)
        await answer.send(send, receive)

    async def _page(self, scope: Scope) -> Answer:
        place = self._site.place(scope)
        if place is not None:
            scope["diglot.template"] = place
            scope["diglot.dialect"] = "pages"
            return await self._site.answer(scope, place)
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
