"""The files of the console as its build left them, in memory: a request reads no disk and can name no path outside."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "built"
MEDIA_TYPES = {
    ".css": b"text/css; charset=utf-8",
    ".html": b"text/html; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".json": b"application/json",
    ".png": b"image/png",
    ".svg": b"image/svg+xml",
    ".txt": b"text/plain; charset=utf-8",
    ".wasm": b"application/wasm",
    ".woff2": b"font/woff2",
}
UNKNOWN = b"application/octet-stream"
# What is named by its content: the same address never means anything else.
HASHED = "assets/"


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """`tag` is HTTP's ETag, a weak one, for both encodings share it. `gzipped` is None where it saves nothing."""

    content: bytes
    gzipped: bytes | None
    media_type: bytes
    tag: bytes
    is_hashed: bool


def is_built(folder: Path = FOLDER) -> bool:
    return (folder / "index.html").is_file()


def read(folder: Path) -> dict[str, BuiltFile]:
    """All files by their path below the folder, with slashes."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): _read(path, path.relative_to(folder)) for path in paths}


def _read(path: Path, name: Path) -> BuiltFile:
    content = path.read_bytes()
    packed = gzip.compress(content, mtime=0)
    return BuiltFile(
        content,
        packed if len(packed) < len(content) else None,
        MEDIA_TYPES.get(path.suffix, UNKNOWN),
        b'W/"%s"' % hashlib.sha256(content).hexdigest()[:32].encode(),
        name.as_posix().startswith(HASHED),
    )
