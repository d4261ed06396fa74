"""Kinds of files as RAGFlow tells them apart: by the name's extension alone."""

from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from diglot.domain.rules import ChunkMethod

PDF, TEXT, SOUND, PICTURE, VIRTUAL, OTHER = "pdf", "doc", "aural", "visual", "virtual", "other"
TYPES = frozenset({PDF, TEXT, SOUND, PICTURE, VIRTUAL, OTHER, "folder"})
"""What a list of documents may be narrowed to."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


EXTENSIONS = {
    PDF: _words("pdf"),
    TEXT: _words(
        "msg eml doc docx ppt pptx yml xml htm html json jsonl ldjson csv txt ini xls xlsx wps rtf hlp pages numbers "
        "key md mdx py js java c cpp h php go ts sh cs kt sql epub"
    ),
    SOUND: _words("wav flac ape alac wavpack wv mp3 aac ogg vorbis opus"),
    PICTURE: _words(
        "jpg jpeg png tif gif pcx tga exif fpx svg psd cdr pcd dxf ufo eps ai raw wmf webp avif apng icon ico mpg mpeg "
        "avi rm rmvb mov wmv asf dat asx wvx mpe mpa mp4 mkv bmp"
    ),
}
KNOWN = {extension: kind for kind, extensions in EXTENSIONS.items() for extension in extensions}
METHODS_OF_TYPES = {PICTURE: ChunkMethod.PICTURE, SOUND: ChunkMethod.AUDIO}
METHODS_OF_EXTENSIONS = {
    **dict.fromkeys(("ppt", "pptx", "pages"), ChunkMethod.PRESENTATION),
    **dict.fromkeys(("msg", "eml"), ChunkMethod.EMAIL),
}


def extension(name: str) -> str:
    """In lower case, without the dot. A name that begins with its only dot is all extension, as in ".txt"."""
    suffix = PurePosixPath(name).suffix or (name if name.startswith(".") else "")
    return suffix[1:].lower()


def type_of(name: str) -> str:
    return KNOWN.get(extension(name), OTHER)


def automatic_method(name: str) -> ChunkMethod | None:
    """The method that such a file has whatever its dataset's is; None: the dataset's."""
    return METHODS_OF_TYPES.get(type_of(name)) or METHODS_OF_EXTENSIONS.get(extension(name))


def extensions_of(types: Iterable[str]) -> Collection[str]:
    return frozenset[str]().union(*(EXTENSIONS.get(one, frozenset()) for one in types))
