"""Zip archives of documents: checked before anything is unpacked."""

import io
import zipfile
import zlib

from diglot.adapters.parsers.detection import OLE
from diglot.adapters.parsers.source import Source
from diglot.domain.errors import FileDamaged, LimitExceeded, PasswordNeeded

_ENCRYPTED = 0x1
_SMALL = 1 << 20
"""Members under this may be packed as tightly as they like."""


def open_archive(source: Source) -> zipfile.ZipFile:
    """Raises `PasswordNeeded`, `FileDamaged` or `LimitExceeded`."""
    if source.content.startswith(OLE):
        # New Office formats are encrypted by wrapping them in the old container.
        if "EncryptedPackage".encode("utf-16-le") in source.content:
            raise PasswordNeeded
        raise FileDamaged(f"The file is damaged or is an old Office file that was renamed to .{source.extension}.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(source.content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, EOFError) as broken:
        raise FileDamaged(f"The file is damaged: it is not a complete .{source.extension} file.") from broken
    _check(archive.infolist(), source)
    return archive


def _check(members: list[zipfile.ZipInfo], source: Source) -> None:
    limits = source.limits
    if len(members) > limits.archive_entries:
        raise LimitExceeded(f"The file holds more than {limits.archive_entries:,} parts.")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise PasswordNeeded
    if sum(member.file_size for member in members) > limits.unpacked_bytes:
        raise LimitExceeded(f"The file unpacks to more than {limits.unpacked_bytes // 1_000_000:,} MB.")
    for member in members:
        if member.file_size > max(_SMALL, member.compress_size * limits.unpacked_ratio):
            raise LimitExceeded(f"The file unpacks to more than {limits.unpacked_ratio:,} times its size.")


def member(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """One part's bytes, None if there is no such part. What the directory says of its size has been checked and holds
    here too: a part that goes on beyond it is damage."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    try:
        with archive.open(info) as opened:
            content = opened.read(info.file_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as broken:
        raise FileDamaged(f"The file is damaged: its part {name} cannot be unpacked.") from broken
    if len(content) < info.file_size:
        raise FileDamaged(f"The file is damaged: its part {name} is incomplete.")
    return content
