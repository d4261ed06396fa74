"""What is taken out of a text before it is split. Every step is linear in the text, whatever it holds."""

import re
from collections.abc import Iterator

from diglot.domain.parsed import AnchoredText
from diglot.domain.rules import CleaningRules
from diglot.ingestion.anchoring import Edit, edited, substitute

# Always: the brackets of model control tokens, control characters but tab, line feed and carriage return, U+FFFE.
_NOISE = re.compile("<\\||\\|>|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe]")
_NOISE_BECOMES = {"<|": "<", "|>": ">"}

_EMPTY_LINES = re.compile("\n{3,}")
_SPACES = re.compile("[\t\f\r \u00a0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]{2,}")

_MAIL_NAME = "A-Za-z0-9_.+-"
_MAIL_HOST = "A-Za-z0-9-"
# A run of name characters is consumed whether or not an @ follows: else a long one would be tried from each of its
# characters again.
_MAIL = re.compile(rf"[{_MAIL_NAME}]++(?P<host>@[{_MAIL_HOST}]++\.[{_MAIL_HOST}.]++)?")
# An address also ends where East Asian text goes on without a space: what follows it is not part of it.
_WEB = re.compile("https?://[^\\s)\u2018-\u201f\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]+")
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,1000}+\]\([^\s()]{1,4000}+\)")


def clean(text: AnchoredText, rules: CleaningRules) -> AnchoredText:
    text = substitute(text, _NOISE, lambda noise: _NOISE_BECOMES.get(noise, ""))
    if rules.remove_extra_spaces:
        text = substitute(text, _EMPTY_LINES, "\n\n")
        text = substitute(text, _SPACES, " ")
    if rules.remove_urls_emails:
        text = edited(text, _outside_images(text.text, _mails(text.text)))
        text = edited(text, _outside_images(text.text, _web_addresses(text.text)))
    return text


def _mails(text: str) -> Iterator[Edit]:
    if "@" in text:
        yield from (Edit(*match.span(), "") for match in _MAIL.finditer(text) if match["host"])


def _web_addresses(text: str) -> Iterator[Edit]:
    return (Edit(*match.span(), "") for match in _WEB.finditer(text))


def _outside_images(text: str, edits: Iterator[Edit]) -> Iterator[Edit]:
    """A Markdown image without its address would be no image."""
    images = _IMAGE.finditer(text)
    image = next(images, None)
    for edit in edits:
        while image is not None and image.end() <= edit.start:
            image = next(images, None)
        if image is None or edit.end <= image.start():
            yield edit
