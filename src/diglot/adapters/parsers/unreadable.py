"""Files that people send and nothing here reads: what they are told."""

_IMAGES = frozenset({"png", "jpg", "jpeg", "gif", "tif", "tiff", "bmp", "webp"})
_IMAGE_HEADS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
_MOST_LETTERS = 8


def why_unreadable(extension: str, head: bytes) -> str:
    """A sentence for whoever sent it. `extension` as the name says, lower case, without the dot."""
    if extension in _IMAGES or head.startswith(_IMAGE_HEADS):
        return "Images are read with the extra `ocr`, which is not installed."
    if extension.isalnum() and extension.isascii() and len(extension) <= _MOST_LETTERS:
        return f"Files of the type .{extension} cannot be read yet."
    return "This type of file is not supported."
