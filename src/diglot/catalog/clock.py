"""The time that all who share the catalog agree on: one host's clock with SQLite, the server's with PostgreSQL."""

from sqlalchemy import BigInteger, ColumnElement, Connection, cast, extract, func, literal

from diglot.domain.identity import now_ms


def database_now(connection: Connection) -> ColumnElement[int]:
    """Milliseconds since 1970, as an expression."""
    if connection.dialect.name == "sqlite":
        return literal(now_ms(), BigInteger)
    return cast(extract("epoch", func.statement_timestamp()) * 1000, BigInteger)
