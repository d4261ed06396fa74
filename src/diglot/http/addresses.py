"""Addresses of this server, as those who ask can reach it."""

from urllib.parse import urlencode

from diglot.domain.identity import dashed
from diglot.http.operations import Call
from diglot.library.downloads import Link
from diglot.settings import Settings

FILES = "/diglot/v1/files"


def base_url(settings: Settings, scheme: str, host: str | None) -> str:
    """`host`: what the request asks for, None if it says nothing. Without a slash at the end."""
    if settings.public_url is not None:
        return settings.public_url.rstrip("/")
    return f"{scheme}://{host or f'{settings.host}:{settings.port}'}"


def url_of(call: Call, link: Link) -> str:
    base = base_url(call.house.settings, call.scheme, call.headers.get("host"))
    query = urlencode({"expires": link.expires, "signature": link.signature})
    return f"{base}{FILES}/{dashed(link.document_id)}?{query}"
