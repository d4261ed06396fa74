"""What a path names, as ids and as what stands behind them."""

from typing import cast

from diglot.domain.dataset import Dataset
from diglot.domain.errors import (
    ChildNotFound,
    ChunkNotFound,
    DatasetNotFound,
    DiglotError,
    DocumentNotFound,
    FieldNotFound,
    TagNotFound,
)
from diglot.domain.identity import ChunkId, DatasetId, DocumentId, FieldId, TagId, parse_id
from diglot.http.operations import Call
from diglot.library.access import opened


def look_up(call: Call) -> None:
    """The dataset of the path, which must exist for this key and be open to the API."""
    if "dataset_id" not in call.path:
        return
    call.facts = reached(call, call.path["dataset_id"])


def reached(call: Call, sent: str) -> Dataset:
    """`DatasetNotFound`, `ApiDisabled`"""
    return opened(call.caller, call.house.datasets.get(call.caller, DatasetId(_plain(sent, DatasetNotFound))))


def dataset_of(call: Call) -> Dataset:
    return cast(Dataset, call.facts)


def document_id(call: Call) -> DocumentId:
    return DocumentId(_id(call, "document_id", DocumentNotFound))


def segment_id(call: Call) -> ChunkId:
    return ChunkId(_id(call, "segment_id", ChunkNotFound))


def child_id(call: Call) -> ChunkId:
    return ChunkId(_id(call, "child_chunk_id", ChildNotFound))


def field_id(call: Call) -> FieldId:
    return FieldId(_id(call, "metadata_id", FieldNotFound))


def tag_id(sent: str) -> TagId:
    return TagId(_plain(sent, TagNotFound))


def _id(call: Call, name: str, missing: type[DiglotError]) -> str:
    return _plain(call.path[name], missing)


def _plain(sent: str, missing: type[DiglotError]) -> str:
    plain = parse_id(sent)
    if plain is None:
        raise missing
    return plain
