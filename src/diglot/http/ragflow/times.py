"""Times in RAGFlow's forms."""

from email.utils import formatdate


def http_date(milliseconds: int) -> str:
    """As in "Mon, 17 Jun 2024 16:00:05 GMT"."""
    return formatdate(milliseconds // 1000, usegmt=True)


def created_and_updated(created_at: int, updated_at: int) -> dict[str, object]:
    """The four fields that every object has."""
    return {
        "create_date": http_date(created_at),
        "create_time": created_at,
        "update_date": http_date(updated_at),
        "update_time": updated_at,
    }
