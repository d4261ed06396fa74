"""SQLite's write-ahead log needs shared memory between its users: no file system that comes over a network has it."""

import ctypes
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from diglot.domain.errors import CatalogUnusable

# statfs(2), linux/magic.h
NETWORK_FILESYSTEMS = {
    0x6969: "NFS",
    0x517B: "SMB",
    0xFE534D42: "SMB",
    0xFF534D42: "CIFS",
    0x5346414F: "AFS",
    0x00C36400: "Ceph",
    0x73757245: "Coda",
    0x0BD00BD0: "Lustre",
}


def refuse_network_filesystem(folder: Path, refused: Mapping[int, str] = NETWORK_FILESYSTEMS) -> None:
    """`CatalogUnusable` if the folder is missing or on one of the refused file systems (told on Linux only)."""
    if not folder.is_dir():
        raise CatalogUnusable(f"The folder {folder} does not exist.")
    name = refused.get(filesystem_type(folder) or 0)
    if name is not None:
        raise CatalogUnusable(f"SQLite cannot work on {name} ({folder}): use a local disk, or PostgreSQL.")


def filesystem_type(folder: Path) -> int | None:
    """The magic number of the file system, None where it cannot be asked."""
    if sys.platform != "linux":
        return None
    # struct statfs is 120 bytes on 64-bit Linux; its first member is the type, a machine word.
    answer = (ctypes.c_long * 64)()
    library = ctypes.CDLL(None, use_errno=True)
    if library.statfs(os.fsencode(folder), ctypes.byref(answer)) != 0:
        return None
    return int(answer[0]) & 0xFFFFFFFF
