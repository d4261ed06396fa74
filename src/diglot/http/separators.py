"""Separators of texts, as people type them into one line."""

import re

_ESCAPE = re.compile(r"\\([nrt\\])")
_MEANT = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}


def unescaped(typed: str) -> str:
    r"""The literal separator for what was typed: `\n`, `\r`, `\t` and `\\` stand for one character each, every other
    character, of any script, for itself."""
    return _ESCAPE.sub(lambda escape: _MEANT[escape[1]], typed)
