"""Identifiers: one UUIDv7 a thing, held as 32 lower-case hex digits, printed by each dialect in its own form."""

import os
import secrets
import string
import time
from typing import NewType

WorkspaceId = NewType("WorkspaceId", str)
UserId = NewType("UserId", str)
ApiKeyId = NewType("ApiKeyId", str)
SessionId = NewType("SessionId", str)
DatasetId = NewType("DatasetId", str)
DocumentId = NewType("DocumentId", str)
ChunkId = NewType("ChunkId", str)
RuleId = NewType("RuleId", str)
GenerationId = NewType("GenerationId", str)
JobId = NewType("JobId", str)
FieldId = NewType("FieldId", str)
TagId = NewType("TagId", str)

# Integers of the catalog: what the search index knows a chunk and a revision by. Never used twice.
ChunkKey = NewType("ChunkKey", int)
RevisionKey = NewType("RevisionKey", int)

_HEX = frozenset("0123456789abcdef")
_BASE62 = string.digits + string.ascii_letters


def new_id() -> str:
    """A fresh UUIDv7 (RFC 9562, 5.7) as 32 hex digits: 48 bits of milliseconds, 74 random bits."""
    random = int.from_bytes(os.urandom(10))
    milliseconds = time.time_ns() // 1_000_000
    value = (
        (milliseconds & 0xFFFFFFFFFFFF) << 80
        | 0x7 << 76
        | (random >> 62 & 0xFFF) << 64
        | 0b10 << 62
        | (random & 0x3FFFFFFFFFFFFFFF)
    )
    return f"{value:032x}"


def random_text(length: int = 43) -> str:
    """So many characters of base62 that nobody can guess; 43 of them hold 256 bits."""
    return "".join(secrets.choice(_BASE62) for _ in range(length))


def parse_id(text: str) -> str | None:
    """The 32 hex digits of an id written dashed or not, in either case; None if it is no id."""
    plain = text.lower()
    if len(plain) == 36 and plain[8] == plain[13] == plain[18] == plain[23] == "-":
        plain = plain.replace("-", "")
    return plain if len(plain) == 32 and _HEX.issuperset(plain) else None


def dashed(plain: str) -> str:
    """The 8-4-4-4-12 form of 32 hex digits."""
    return f"{plain[:8]}-{plain[8:12]}-{plain[12:16]}-{plain[16:20]}-{plain[20:]}"


DAY_MS = 86_400_000


def now_ms() -> int:
    """Milliseconds since 1970, UTC: the unit of every stored time."""
    return time.time_ns() // 1_000_000
