"""Every format that can be read. A new one is one reader file and one row here."""

from dataclasses import dataclass

from diglot.ports.parser import FileType


@dataclass(frozen=True, slots=True)
class Format:
    """`reader` is the module under `adapters.parsers` whose `read(source)` reads it; `aliases` are other extensions."""

    extension: str
    media_type: str
    reader: str
    aliases: tuple[str, ...] = ()

    @property
    def file_type(self) -> FileType:
        return FileType(self.extension, self.media_type)


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"

FORMATS = (
    Format("txt", "text/plain", "text", ("text", "log", "rst")),
    Format("md", "text/markdown", "markdown", ("markdown", "mkd")),
    Format("mdx", "text/markdown", "markdown"),
    Format("html", "text/html", "html", ("htm", "xhtml")),
    Format("csv", "text/csv", "delimited"),
    Format("tsv", "text/tab-separated-values", "delimited", ("tab",)),
    Format("json", "application/json", "json", ("geojson", "ipynb")),
    Format("jsonl", "application/x-ndjson", "json", ("ndjson",)),
    Format("xml", "application/xml", "xml", ("rss", "atom", "xsd", "wsdl", "opml")),
    Format("tex", "application/x-tex", "tex", ("latex", "ltx")),
    Format("vtt", "text/vtt", "subtitles"),
    Format("srt", "application/x-subrip", "subtitles"),
    Format("eml", "message/rfc822", "mail"),
    Format("mbox", "application/mbox", "mailbox", ("mbx",)),
    Format("msg", "application/vnd.ms-outlook", "outlook"),
    Format("zip", "application/zip", "zip_archive"),
    Format("yaml", "application/yaml", "text", ("yml",)),
    Format("ini", "text/plain", "text", ("cfg", "conf", "toml", "env")),
    Format("properties", "text/x-java-properties", "properties"),
    Format("pdf", "application/pdf", "pdf"),
    Format("docx", f"{_OFFICE}.wordprocessingml.document", "docx", ("docm", "dotx", "dotm")),
    Format("doc", "application/msword", "legacy_office", ("dot",)),
    Format("odt", f"{_OPEN}.text", "opendocument.text", ("ott",)),
    Format("rtf", "application/rtf", "rtf"),
    Format("epub", "application/epub+zip", "epub"),
    Format("xlsx", f"{_OFFICE}.spreadsheetml.sheet", "spreadsheet", ("xlsm", "xltx", "xltm")),
    Format("xlsb", "application/vnd.ms-excel.sheet.binary.macroenabled.12", "spreadsheet"),
    Format("xls", "application/vnd.ms-excel", "spreadsheet", ("xlt",)),
    Format("ods", f"{_OPEN}.spreadsheet", "spreadsheet"),
    Format("pptx", f"{_OFFICE}.presentationml.presentation", "slides", ("pptm", "ppsx", "ppsm", "potx")),
    Format("ppt", "application/vnd.ms-powerpoint", "legacy_office", ("pps", "pot")),
    Format("odp", f"{_OPEN}.presentation", "opendocument.slides", ("otp",)),
    Format("png", "image/png", "image", ("apng",)),
    Format("jpg", "image/jpeg", "image", ("jpeg",)),
    Format("gif", "image/gif", "image"),
    Format("tif", "image/tiff", "image", ("tiff",)),
    Format("bmp", "image/bmp", "image"),
    Format("webp", "image/webp", "image"),
    *(
        Format(extension, f"text/x-{language}", "text", aliases)
        for extension, language, aliases in (
            ("py", "python", ("pyi",)),
            ("js", "javascript", ("mjs", "cjs", "jsx")),
            ("ts", "typescript", ("tsx",)),
            ("java", "java", ()),
            ("kt", "kotlin", ("kts",)),
            ("scala", "scala", ()),
            ("c", "c", ("h",)),
            ("cpp", "c++", ("cc", "cxx", "hpp", "hh")),
            ("cs", "csharp", ()),
            ("go", "go", ()),
            ("rs", "rust", ()),
            ("rb", "ruby", ()),
            ("php", "php", ()),
            ("swift", "swift", ()),
            ("lua", "lua", ()),
            ("pl", "perl", ("pm",)),
            ("r", "r", ()),
            ("sql", "sql", ()),
            ("sh", "shellscript", ("bash", "zsh")),
            ("bat", "batch", ("cmd", "ps1")),
            ("css", "css", ("scss", "less")),
            ("vue", "vue", ("svelte",)),
        )
    ),
)

BY_EXTENSION = {name: row for row in FORMATS for name in (row.extension, *row.aliases)}

ZIPPED = frozenset({"docx", "xlsx", "xlsb", "ods", "pptx", "odt", "odp", "epub"})
"""Formats that are zip archives."""

ARCHIVES = frozenset({"zip"})
"""Formats that are only read where the operator wants it."""

IMAGES = frozenset(row.extension for row in FORMATS if row.reader == "image")

OLE_KINDS = frozenset({"doc", "xls", "ppt", "msg", "docx", "xlsx", "xlsb", "pptx"})
"""Formats that may come in Microsoft's old container: the old ones, and the new ones when they are encrypted."""

BINARY = ZIPPED | IMAGES | OLE_KINDS | {"pdf", "rtf", "zip"}
"""Formats whose bytes are no text that one could read as it is."""
