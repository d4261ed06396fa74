"""Pages as RAGFlow's clients ask for them: what is no number is the default, what is too large is refused."""

from typing import Annotated, Any, NamedTuple

from pydantic import WithJsonSchema

from diglot.http.ragflow.errors import argument_error

DEFAULT_SIZE = 30
MOST = 100
# What the first SDK asks for unasked.
FIRST_SDK = 1024
# Its offset is still a number that databases know.
LAST_PAGE = 1_000_000_000

Whole = Annotated[Any, WithJsonSchema({"type": "integer", "minimum": 1})]


class Paging(NamedTuple):
    """`page` counts from 1."""

    page: int
    size: int

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size


def paging(page: Any, size: Any, default_size: int = DEFAULT_SIZE) -> Paging:
    """`Refused` for more than 100 at once."""
    wanted = _positive(size, default_size)
    if wanted > MOST and wanted != FIRST_SDK:
        raise argument_error(f"page_size must be less than or equal to {MOST}")
    return Paging(_positive(page, 1), wanted)


def _positive(sent: Any, default: int) -> int:
    try:
        number = int(sent)
    except (TypeError, ValueError, OverflowError):
        return default
    return min(number, LAST_PAGE) if number >= 1 else default
