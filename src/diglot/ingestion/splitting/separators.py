"""Separators as people type them."""

import re

_ESCAPE = re.compile(r"\\([nrt\\])")
_MEANT = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}


def unescape_separator(typed: str) -> str:
    r"""The literal separator for what was typed: `\n`, `\r`, `\t` and `\\` stand for one character each, every other
    character, of any script, for itself. Real line ends stay. For the door; rules hold the literal form."""
    return _ESCAPE.sub(lambda escape: _MEANT[escape[1]], typed)
