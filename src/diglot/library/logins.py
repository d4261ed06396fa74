"""What members log in with: one form for all ways to write it."""

import unicodedata

from diglot.domain.errors import InvalidArgument

LENGTH = 128


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).casefold())


def clean_login(text: str) -> str:
    """Folded. `InvalidArgument` for what is empty, too long, or holds spaces or what cannot be seen."""
    login = fold(text[: 4 * LENGTH])
    if not 1 <= len(login) <= LENGTH:
        raise InvalidArgument(f"A login has 1 to {LENGTH} characters.", "login")
    if any(one.isspace() or unicodedata.category(one)[0] == "C" for one in login):
        raise InvalidArgument("A login has no spaces or control characters.", "login")
    return login


def masked(login: str) -> str:
    """What may be kept of one that nobody has: enough to recognise a slip, too little of a password."""
    return "***" if len(login) < 6 else f"{login[:2]}***"
