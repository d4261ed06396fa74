"""Bytes to text: byte order mark, strict UTF-8, UTF-16 by its zeros, then statistics."""

import codecs
import re

SAMPLE = 64 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The detected name is often that of a subset: read its superset, as browsers do.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "hz-gb-2312": "hz",
    "shift_jis": "cp932",
    "big5": "cp950",
    "euc-kr": "cp949",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
}
# All of their bytes are ASCII, so that they pass for UTF-8.
_SEVEN_BITS = ("iso-2022", "hz", "utf-7", "utf7")
_CHINESE_JAPANESE_KOREAN = frozenset({"gb18030", "cp950", "big5hkscs", "cp932", "euc-jp", "cp949", "johab"})
_LATIN = "cp1252"
FEW = 4
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# A plain text with NUL here and there: read by twos it would be Chinese.
_PRINTED = re.compile(rb"[\x00\t\n\r -~]*")
_PLAIN = re.compile(r"[\t\n\r -~\u3000-\u3002\uff0c]")
_DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""")


def decode(content: bytes) -> str:
    """The text with `\\n` line ends, without NUL and lone surrogates. Total: what cannot be read becomes U+FFFD."""
    return clean(_decoded(content))


def decode_markup(content: bytes) -> str:
    """Like `decode`, but where the bytes are no UTF-8 it believes the encoding that HTML or XML declares."""
    declared = _DECLARED.search(content[:2048])
    return decode_as(content, declared[1].decode("ascii") if declared else "")


def decode_as(content: bytes, declared: str) -> str:
    """Like `decode`, but where the bytes are no UTF-8 it believes `declared`, if that is an encoding and fits."""
    if declared and not content.startswith(tuple(mark for mark, _ in _BOMS)):
        first = (declared, "utf-8") if declared.lower().startswith(_SEVEN_BITS) else ("utf-8", declared)
        text = _strictly(content, first[0])
        text = _strictly(content, first[1]) if text is None else text
        if text is not None:
            return clean(text)
    return decode(content)


def clean(text: str) -> str:
    """Without what cannot be stored (NUL, lone surrogates); line ends become `\\n`."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSTORABLE.sub("", text)


def _decoded(content: bytes) -> str:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    text = _strictly(content, "utf-8")
    if text is not None and "\x00" not in text[:SAMPLE]:
        return (_escaped(content) or text) if b"\x1b$" in content else text
    return content.decode(looks_utf16(content) or _damaged_utf8(content) or _statistics(content), errors="replace")


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(_SUPERSETS.get(encoding.lower(), encoding))
    except (ValueError, LookupError):
        return None


def _escaped(content: bytes) -> str | None:
    """Old Japanese and Korean, whose bytes are all ASCII; `ESC $` begins a run of it."""
    return _strictly(content, "iso2022_kr" if b"\x1b$)C" in content else "iso2022_jp_2")


def looks_utf16(content: bytes) -> str | None:
    """Zeros (Latin text, digits, line ends) stand on one side of the pairs; text has few other control characters.

    Chinese has characters with a zero on the other side (U+4E00 is the commonest), so its stops count too.
    """
    sample = content[: SAMPLE & ~1]
    little, big = sample[1::2].count(0), sample[::2].count(0)
    if max(little, big) < 2 or max(little, big) < 0.002 * len(sample):
        return None
    if sample.isascii() and 4 * (little + big) < len(sample) and _PRINTED.fullmatch(sample):
        return None
    texts = {encoding: sample.decode(encoding, errors="replace") for encoding in ("utf-16-le", "utf-16-be")}
    encoding = max(texts, key=lambda one: len(_PLAIN.findall(texts[one])))
    text = texts[encoding]
    odd = sum(1 for character in text if (character < " " and character not in "\t\r\n") or character == "\ufffd")
    return encoding if odd <= 0.02 * len(text) else None


def _damaged_utf8(content: bytes) -> str | None:
    """UTF-8 in all but a few places: a file cut in the middle of a character, a pasted foreign byte."""
    text = content[:SAMPLE].decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    beyond_ascii = sum(1 for character in text if character > "\x7f")
    return "utf-8" if broken and beyond_ascii > 20 * broken else None


def _statistics(content: bytes) -> str:
    # Imported here: most files are UTF-8, and the tables take a moment to load.
    import chardet

    sample = _sample(content)
    eras = chardet.EncodingEra.ALL & ~(chardet.EncodingEra.LEGACY_REGIONAL | chardet.EncodingEra.MAINFRAME)
    encoding = (chardet.detect(sample, encoding_era=eras)["encoding"] or _LATIN).lower()
    encoding = _SUPERSETS.get(encoding, encoding)
    try:
        codecs.lookup(encoding)
    except LookupError:
        return _LATIN
    return _LATIN if encoding not in _CHINESE_JAPANESE_KOREAN and _says_little(sample) else encoding


def _says_little(sample: bytes) -> bool:
    """Prices in pounds, a café: a few letters that stand alone are found in one language as well as in another."""
    beyond_ascii = set(re.findall(rb"[\x80-\xff]+", sample))
    return len(beyond_ascii) <= FEW and all(len(run) == 1 for run in beyond_ascii)


def _sample(content: bytes) -> bytes:
    """64 KiB of the lines with bytes beyond ASCII, from the first such byte on: a few of them among thousands of plain
    lines are taken for Romanian."""
    lines = b"\n".join(line for line in content.split(b"\n") if not line.isascii())
    first = next((match.start() for match in re.finditer(rb"[\x80-\xff]", lines)), 0)
    start = 0 if first < SAMPLE // 2 else first
    sample = lines[start : start + SAMPLE]
    end = sample.rfind(b"\n")
    return sample[: end + 1] if len(lines) > start + SAMPLE and end > SAMPLE // 2 else sample
