"""`diglot serve`: the whole product on one machine."""

from typing import Annotated

import typer

from diglot.cli.options import Data, given


def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on. Default 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on; 0 takes a free one.")] = None,
    data: Data = None,
    workers: Annotated[int | None, typer.Option("--workers", help="Processes that ingest documents.")] = None,
    api_workers: Annotated[int | None, typer.Option("--api-workers", help="Processes that answer HTTP.")] = None,
) -> None:
    """Answer HTTP, ingest documents, until Ctrl-C."""
    from diglot.supervisor import supervise

    flags = given(host=host, port=port, data=data, workers=workers, api_workers=api_workers)
    raise typer.Exit(supervise(flags))
