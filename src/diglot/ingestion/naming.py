"""What a reader is told that a file is called."""

from diglot.ports.parser import Parser

TEXT = "text/plain"


def telling_name(parser: Parser, name: str, media_type: str) -> str:
    """The document's name, with an extension behind it if the name alone says another kind than its content was taken
    for: people rename documents, and call a text that they send "report.pdf"."""
    kind = parser.file_type(name)
    if kind is not None and kind.media_type == media_type:
        return name
    extension = _extension(parser, media_type)
    return name if extension is None else f"{name}.{extension}"


def _extension(parser: Parser, media_type: str) -> str | None:
    # Settings and the like are plain text too, but no prose.
    if media_type == TEXT:
        return "txt"
    kinds = (parser.file_type(f"a.{extension}") for extension in parser.extensions())
    return next((kind.extension for kind in kinds if kind is not None and kind.media_type == media_type), None)
