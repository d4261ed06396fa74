"""What paths and bodies name, as what stands behind it."""

from diglot.domain.document import Document
from diglot.domain.errors import DocumentNotFound
from diglot.domain.identity import DocumentId, parse_id
from diglot.http.operations import Call
from diglot.library.access import opened


def document_of(call: Call, sent: str) -> Document:
    """Of whichever dataset, which must be open to the API. `DocumentNotFound` also for what is no id."""
    plain = parse_id(sent)
    found = call.house.documents.find(call.caller, [DocumentId(plain)]) if plain else ()
    if not found:
        raise DocumentNotFound
    opened(call.caller, call.house.datasets.get(call.caller, found[0].dataset_id))
    return found[0]
