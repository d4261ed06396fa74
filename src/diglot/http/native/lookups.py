"""What paths and bodies name, as what stands behind it."""

from diglot.domain.document import Document
from diglot.domain.errors import ApiDisabled, DocumentNotFound
from diglot.domain.identity import DocumentId, parse_id
from diglot.http.operations import Call


def document_of(call: Call, sent: str) -> Document:
    """Of whichever dataset, which must be open to the API. `DocumentNotFound` also for what is no id."""
    plain = parse_id(sent)
    found = call.house.documents.find(call.caller, [DocumentId(plain)]) if plain else ()
    if not found:
        raise DocumentNotFound
    if not call.house.datasets.get(call.caller, found[0].dataset_id).api_enabled:
        raise ApiDisabled
    return found[0]
