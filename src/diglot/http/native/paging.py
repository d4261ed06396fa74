"""Lists that go on where the page before ended."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from diglot.domain.errors import InvalidArgument
from diglot.domain.identity import parse_id
from diglot.http.native.wire_operations import ListQuery


class Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Named)


def paged(sent: ListQuery, fetch: Callable[[str, int], Sequence[T]], shown: Callable[[T], Any]) -> dict[str, Any]:
    """`fetch` gives those behind an id, so many at most."""
    after = "" if sent.cursor is None else parse_id(sent.cursor)
    if after is None:
        raise InvalidArgument("This is no cursor of a page.", "cursor")
    found = fetch(after, sent.limit + 1)
    items = found[: sent.limit]
    return {"items": [shown(one) for one in items], "next": items[-1].id if len(found) > len(items) else None}
