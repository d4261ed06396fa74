"""Names that people give: kept as they are as far as that is safe, never used as paths."""

import re
import unicodedata
from collections.abc import Collection
from pathlib import PurePosixPath

from diglot.domain.dataset import NAME_LENGTH
from diglot.domain.errors import NameInvalid

# They make a name read as another one; see Unicode TR 36, "bidirectional text spoofing".
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SEPARATORS = re.compile(r"[/\\]")
NUMBERED = re.compile(r"\(([0-9]{1,9})\)\Z")


def clean_name(text: str) -> str:
    """The name in NFC without white space around it. `NameInvalid` if it is empty or too long, or holds control or
    bidi-override characters, lone surrogates, or path parts that lead elsewhere ("..")."""
    name = _normalised(text)
    if not name:
        raise NameInvalid("The name is empty.")
    if len(name) > NAME_LENGTH:
        raise NameInvalid(f"The name is longer than {NAME_LENGTH} characters.")
    if any(_is_forbidden(character) for character in name):
        raise NameInvalid("The name contains control characters.")
    if any(part in (".", "..") for part in SEPARATORS.split(name)):
        raise NameInvalid("The name contains invalid characters.")
    return name


def clean_file_name(text: str) -> str:
    """A name as `clean_name` makes it, without path separators."""
    if SEPARATORS.search(text):
        raise NameInvalid("Filename contains invalid characters")
    return clean_name(text)


def _normalised(text: str) -> str:
    # Normalising may be quadratic in a run of combining characters: first the length, then the form.
    if len(text) > 4 * NAME_LENGTH:
        raise NameInvalid(f"The name is longer than {NAME_LENGTH} characters.")
    return unicodedata.normalize("NFC", text).strip()


def _is_forbidden(character: str) -> bool:
    return character in BIDI_CONTROLS or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def numbered(name: str, taken: Collection[str]) -> str:
    """The name, or the first of name(1), name(2), ... that is not taken; the number stands before the extension.

    `taken` holds names in the form in which they are compared, lower case or not, and `name` is compared as it is in
    lower case too.
    """
    while name in taken or name.casefold() in taken:
        suffix = PurePosixPath(name).suffix
        stem = name.removesuffix(suffix)
        found = NUMBERED.search(stem)
        name = f"{stem[: found.start()]}({int(found[1]) + 1}){suffix}" if found else f"{stem}(1){suffix}"
    return name


def unnumbered(name: str) -> str:
    """What all names that `numbered` can make of it begin with."""
    stem = name.removesuffix(PurePosixPath(name).suffix)
    found = NUMBERED.search(stem)
    return stem[: found.start()] if found else stem
