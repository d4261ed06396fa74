"""What only the console's own pages may ask: requests that a browser would send for any page that somebody opened."""

import ipaddress
from urllib.parse import urlsplit

from diglot.domain.account import Session
from diglot.domain.errors import ForeignPage
from diglot.http.answers import Headers
from diglot.http.operations import Call
from diglot.library.sessions import SESSION_SECONDS

COOKIE = "diglot_session"
PATH = "/diglot/v1/session"
HEADER = "x-diglot-session"
FORWARDING = ("forwarded", "x-forwarded-for", "x-real-ip")
NO_STORE = (b"cache-control", b"no-store")


def require_own_origin(call: Call) -> None:
    """`ForeignPage` for a request that a page of another host made. Programs send no Origin; browsers always do."""
    origin = call.headers.get("origin")
    if origin is not None and _host(origin) not in _own_hosts(call):
        raise ForeignPage


def require_own_page(call: Call) -> None:
    """A header that no form can send; a foreign page's script may not without being allowed first. `ForeignPage`"""
    if call.headers.get(HEADER) != "1":
        raise ForeignPage(f"The header {HEADER} is missing.")
    require_own_origin(call)


def session_of(call: Call) -> Session:
    """`SessionEnded`"""
    return call.house.sessions.of_cookie(_sent_secret(call))


def _sent_secret(call: Call) -> str | None:
    """None where several came: cookies know no ports, so one may be from another page of this host, and which it is
    nobody can tell."""
    pairs = (part.strip().partition("=") for part in ";".join(call.headers.getlist("cookie")).split(";"))
    sent = {value for name, _, value in pairs if name == COOKIE}
    return sent.pop() if len(sent) == 1 else None


def is_own_machine(call: Call) -> bool:
    """A peer on this machine that speaks to it by its own name: not one behind a proxy, nor a page whose name was made
    to lead here."""
    if any(name in call.headers for name in FORWARDING):
        return False
    host = urlsplit(f"//{call.headers.get('host', '')}").hostname or ""
    return _is_loopback(call.origin.address or "") and (host == "localhost" or _is_loopback(host))


def with_cookie(call: Call, secret: str) -> Headers:
    return (_cookie(call, secret, SESSION_SECONDS), NO_STORE)


def without_cookie(call: Call) -> Headers:
    return (_cookie(call, "", 0), NO_STORE)


def _cookie(call: Call, secret: str, seconds: int) -> tuple[bytes, bytes]:
    text = f"{COOKIE}={secret}; Path={PATH}; Max-Age={seconds}; HttpOnly; SameSite=Strict"
    return b"set-cookie", (text + ("; Secure" if _is_secure(call) else "")).encode()


def _is_secure(call: Call) -> bool:
    """Whether the browser came by https. A proxy's word is enough: who lies gets a cookie that is of less use."""
    if call.scheme == "https" or call.headers.get("x-forwarded-proto", "").lower() == "https":
        return True
    public = call.house.settings.public_url or ""
    return public.startswith("https://") and call.headers.get("host", "").lower() == _host(public)


def _own_hosts(call: Call) -> set[str]:
    public = call.house.settings.public_url
    return {call.headers.get("host", "").lower(), *(() if public is None else (_host(public),))} - {""}


def _host(address: str) -> str:
    """With its port; empty for what is no address, such as the "null" of pages without an origin."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in ("http", "https") else ""


def _is_loopback(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return bool((mapped or parsed).is_loopback)
