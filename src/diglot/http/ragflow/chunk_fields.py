"""What a client says of a chunk, checked in RAGFlow's words."""

import base64
import binascii
import math
from collections.abc import Mapping
from typing import Any

from diglot.domain.rules import ChunkForm
from diglot.http.ragflow.chunk_texts import anchors_of, pair_of
from diglot.http.ragflow.codes import Code
from diglot.http.ragflow.errors import Refused, Unconvertible, data_error
from diglot.http.ragflow.wire_chunks import AddChunk, UpdateChunk
from diglot.library.chunk_changes import Image
from diglot.library.chunks import ChunkEdit, NewChunk

CONTENT_MISSING = "`content` is required"
MEDIA_TYPES = {b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
NO_TEXT_IN_LIST = "TypeError('sequence item {place}: expected str instance, {kind} found')"


def new_chunk(sent: AddChunk, form: ChunkForm) -> NewChunk:
    """`Refused`"""
    content, answer = _texts(sent.content, form)
    return NewChunk(
        content=content,
        answer=answer,
        keywords=_new_list(sent, "important_keywords"),
        questions=_stripped(_new_list(sent, "questions")) or (),
        tags=_new_list(sent, "tag_kwd") or (),
        tag_weights=_weights(sent),
        image=_image(sent),
    )


def edit_of(sent: UpdateChunk, form: ChunkForm) -> ChunkEdit:
    """`Refused`"""
    content, answer = (None, None) if sent.content is None else _texts(sent.content, form)
    return ChunkEdit(
        content=content,
        answer=answer,
        keywords=_edited_list(sent, "important_keywords"),
        enabled=bool(whole(sent.available)) if "available" in sent.model_fields_set else None,
        questions=_stripped(_edited_list(sent, "questions")),
        tags=_edited_tags(sent),
        tag_weights=_weights(sent),
        anchors=anchors_of(sent.positions) if "positions" in sent.model_fields_set else None,
        image=_image(sent),
    )


def whole(sent: Any) -> int:
    """What Python makes a whole number of, and its own words for the rest."""
    try:
        return int(sent)
    except (TypeError, ValueError, OverflowError) as error:
        raise Unconvertible(error) from error


def number(sent: Any) -> float:
    """As `whole`, of any finite number."""
    try:
        made = float(sent)
    except (TypeError, ValueError, OverflowError) as error:
        raise Unconvertible(error) from error
    if not math.isfinite(made):
        raise Unconvertible(ValueError(f"{sent!r} is not a finite number"))
    return made


def _texts(sent: Any, form: ChunkForm) -> tuple[str, str | None]:
    if not isinstance(sent, str) or not sent.strip():
        raise data_error(CONTENT_MISSING)
    return pair_of(sent) if form is ChunkForm.QUESTION_ANSWER else (sent, None)


def _new_list(sent: AddChunk, name: str) -> tuple[str, ...] | None:
    if name not in sent.model_fields_set:
        return None
    value = getattr(sent, name)
    if not isinstance(value, list):
        raise data_error(f"`{name}` is required to be a list")
    return _of_texts(name, value)


def _edited_list(sent: UpdateChunk, name: str) -> tuple[str, ...] | None:
    if name not in sent.model_fields_set:
        return None
    value = getattr(sent, name)
    if not isinstance(value, list):
        raise data_error(f"`{name}` should be a list")
    for place, item in enumerate(value):
        if not isinstance(item, str):
            words = NO_TEXT_IN_LIST.format(place=place, kind=type(item).__name__)
            raise Refused(Code.EXCEPTION, words, None)
    return tuple(value)


def _edited_tags(sent: UpdateChunk) -> tuple[str, ...] | None:
    if "tag_kwd" not in sent.model_fields_set:
        return None
    if not isinstance(sent.tag_kwd, list):
        raise data_error("`tag_kwd` should be a list")
    return _of_texts("tag_kwd", sent.tag_kwd)


def _of_texts(name: str, value: list[Any]) -> tuple[str, ...]:
    if not all(isinstance(item, str) for item in value):
        raise data_error(f"`{name}` must be a list of strings")
    return tuple(value)


def _stripped(texts: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if texts is None else tuple(bare for text in texts if (bare := text.strip()))


def _weights(sent: AddChunk) -> dict[str, float] | None:
    if "tag_feas" not in sent.model_fields_set or sent.tag_feas is None:
        return None
    if not isinstance(sent.tag_feas, Mapping):
        raise data_error("`tag_feas` must be an object mapping string tags to finite numeric scores")
    return {_tag(name): _weight(value) for name, value in sent.tag_feas.items()}


def _tag(name: str) -> str:
    if not name.strip():
        raise data_error("`tag_feas` keys must be non-empty strings")
    return name.strip()


def _weight(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise data_error("`tag_feas` values must be finite numbers")
    return float(value)


def _image(sent: AddChunk) -> Image | None:
    if "image_base64" not in sent.model_fields_set:
        return None
    if not isinstance(sent.image_base64, str) or not sent.image_base64.strip():
        raise data_error("`image_base64` must be a non-empty string")
    try:
        content = base64.b64decode(sent.image_base64, validate=True)
    except (binascii.Error, ValueError) as error:
        raise data_error("Invalid `image_base64`") from error
    media_type = _media_type(content)
    if media_type is None:
        raise data_error("Invalid `image_base64`")
    return Image(media_type, content)


def _media_type(content: bytes) -> str | None:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in MEDIA_TYPES.items() if content.startswith(start)), None)
