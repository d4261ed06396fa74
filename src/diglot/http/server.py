"""The HTTP server of one API process."""

import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import uvicorn

DRAIN_SECONDS = 20
KEEP_ALIVE_SECONDS = 30


class Server:
    """Answers on a listening socket that it was given, or on `host` and `port` where sockets cannot be handed over.

    `run` blocks until `stop` is called from any thread; requests under way are answered first, for a while. `ending` is
    called before, to end answers that would go on for ever.
    """

    def __init__(
        self,
        app: Any,
        listener: socket.socket | None,
        host: str,
        port: int,
        ending: Callable[[], None] = lambda: None,
    ) -> None:
        self._listener = listener
        self._ending = ending
        self._server = _Uvicorn(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                lifespan="auto",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=DRAIN_SECONDS,
            )
        )

    def run(self) -> None:
        self._server.run(sockets=[self._listener] if self._listener is not None else None)

    def stop(self) -> None:
        self._ending()
        self._server.should_exit = True


class _Uvicorn(uvicorn.Server):
    """Signals belong to the process, not to the server inside it."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield
