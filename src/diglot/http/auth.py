"""The API key in a request's Authorization header."""

from typing import NamedTuple

from starlette.datastructures import Headers

from diglot.domain.errors import Unauthorized
from diglot.library.keys import KINDS


class Credentials(NamedTuple):
    """`scheme` in lower case, empty where there is none."""

    scheme: str
    key: str


def credentials(header: str | None) -> Credentials | None:
    """What the header says: "Bearer KEY", or a key of ours alone. None if it is absent or says neither."""
    text = (header or "").strip()
    scheme, space, key = text.partition(" ")
    if space:
        return Credentials(scheme.lower(), key.strip())
    return Credentials("", text) if text.startswith(KINDS) else None


def key_of(headers: Headers) -> str:
    """`Unauthorized`, in its own words, where there is none or another scheme than Bearer."""
    sent = credentials(headers.get("authorization"))
    if sent is None or sent.scheme not in ("", "bearer"):
        raise Unauthorized
    return sent.key
