"""What a database driver says, in our words."""

import sqlite3
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from diglot.domain.errors import CatalogUnusable, DiglotError, DiskFull, InvalidArgument, Overloaded

SQLITE_PRIMARY_CODE = 0xFF
SQLITE_FAILURES: dict[int, type[DiglotError]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_BUSY: Overloaded,
    sqlite3.SQLITE_LOCKED: Overloaded,
    sqlite3.SQLITE_IOERR: CatalogUnusable,
    sqlite3.SQLITE_CORRUPT: CatalogUnusable,
    sqlite3.SQLITE_NOTADB: CatalogUnusable,
    sqlite3.SQLITE_CANTOPEN: CatalogUnusable,
}
NUL = "Text with the NUL character cannot be stored."
SURROGATE = "Text with lone surrogates cannot be stored."
TOO_LARGE = "The number is too large to be stored."
# By SQLSTATE: disk_full, too_many_connections, lock_not_available, cannot_connect_now, numeric_value_out_of_range,
# character_not_in_repertoire
POSTGRES_FAILURES: dict[str, tuple[type[DiglotError], str | None]] = {
    "53100": (DiskFull, None),
    "53300": (Overloaded, None),
    "55P03": (Overloaded, None),
    "57P03": (Overloaded, None),
    "22003": (InvalidArgument, TOO_LARGE),
    "22021": (InvalidArgument, "Text that is not valid Unicode cannot be stored."),
}


def translated(error: BaseException) -> DiglotError | None:
    """Our error for a driver's, None where the caller can learn more from the driver's own."""
    if isinstance(error, DiglotError):
        return error
    if isinstance(error, UnicodeEncodeError):
        return InvalidArgument(SURROGATE)
    if isinstance(error, OverflowError):
        return InvalidArgument(TOO_LARGE)
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    return _of_postgres(error)


def _of_sqlite(error: sqlite3.Error) -> DiglotError | None:
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_IOERR_SHMSIZE:
        return DiskFull()
    kind = SQLITE_FAILURES.get(code & SQLITE_PRIMARY_CODE)
    if kind is None:
        return None
    return kind(f"The catalog's database says: {error}" if kind is CatalogUnusable else None)


def _of_postgres(error: BaseException) -> DiglotError | None:
    state = getattr(error, "sqlstate", None)
    if state is None:
        # psycopg refuses NUL before it asks the server.
        return InvalidArgument(NUL) if "cannot contain NUL" in str(error) else None
    if state not in POSTGRES_FAILURES:
        return None
    kind, sentence = POSTGRES_FAILURES[state]
    return kind(sentence) if sentence else kind()


def translate_failures(engine: Engine) -> None:
    event.listen(engine, "handle_error", _translate)


def _translate(context: ExceptionContext) -> DiglotError | None:
    return translated(context.original_exception)


def refuse_nul(engine: Engine) -> None:
    """SQLite would take NUL inside a text, PostgreSQL not."""
    event.listen(engine, "before_cursor_execute", _refuse_nul)


def _refuse_nul(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
    # Rows that are inserted together with RETURNING come as one flat row, though marked as many.
    has_rows = many and parameters and isinstance(parameters[0], (tuple, list))
    for row in parameters if has_rows else (parameters,):
        for value in row:
            if type(value) is str and "\0" in value:
                raise InvalidArgument(NUL)
