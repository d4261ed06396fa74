"""Times as tables show them."""

from datetime import UTC, datetime


def when(milliseconds: int | None) -> str:
    """To the minute, UTC."""
    if milliseconds is None:
        return "-"
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M")
