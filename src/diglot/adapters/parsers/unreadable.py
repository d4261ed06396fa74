"""Files that people send and nothing here reads: what they are told."""

_MOST_LETTERS = 8


def why_unreadable(extension: str) -> str:
    """A sentence for whoever sent it. `extension` as the name says, lower case, without the dot."""
    if extension.isalnum() and extension.isascii() and len(extension) <= _MOST_LETTERS:
        return f"Files of the type .{extension} cannot be read yet."
    return "This type of file is not supported."
