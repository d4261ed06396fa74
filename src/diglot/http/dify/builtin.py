"""Dify's built-in fields: what every document has without anybody giving it metadata."""

from collections.abc import Mapping
from typing import Any

from diglot.domain.conditions import Attribute
from diglot.domain.dataset import Dataset
from diglot.domain.document import Document
from diglot.domain.identity import UserId

ID = "built-in"
# Where a dataset keeps whether its documents show them.
ENABLED = "built_in_field_enabled"
SOURCE = "source"
FILE_UPLOAD = "file_upload"
TYPES = {
    "document_name": "string",
    "uploader": "string",
    "upload_date": "time",
    "last_update_date": "time",
    SOURCE: "string",
}
ATTRIBUTES = {
    "document_name": Attribute.NAME,
    "uploader": Attribute.UPLOADER,
    "upload_date": Attribute.CREATED,
    "last_update_date": Attribute.UPDATED,
}


def are_shown(dataset: Dataset) -> bool:
    return bool((dataset.attributes or {}).get(ENABLED))


def values_of(document: Document, people: Mapping[UserId, str]) -> dict[str, Any]:
    return {
        "document_name": document.name,
        "uploader": people.get(document.created_by),
        "upload_date": document.created_at // 1000,
        "last_update_date": document.updated_at // 1000,
        SOURCE: FILE_UPLOAD,
    }
