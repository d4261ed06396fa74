"""Small pictures of documents: where a document says that its is, and many at once."""

import re
from base64 import b64encode

from diglot.domain.document import Document
from diglot.domain.errors import NotFound, ParseFailed
from diglot.domain.identity import DatasetId, DocumentId
from diglot.http.answers import Answer
from diglot.http.operations import Call
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.errors import Refused
from diglot.http.ragflow.lookups import split_ids
from diglot.library.access import is_open, opened
from diglot.library.pages import has_pages

MOST = 100
PNG = "image/png"
# The name that RAGFlow's own has in a dataset's store.
NAMED = re.compile(r"([0-9a-f]{32})-thumbnail_([0-9a-f]{32})\.png")
PREFIX = f"data:{PNG};base64,"


def path_of(document: Document) -> str | None:
    """Nothing is made before somebody comes for it."""
    if not document.size or not has_pages(document):
        return None
    return f"/api/v1/documents/images/{document.dataset_id}-thumbnail_{document.id}.png"


def image(call: Call, missing: Refused) -> Answer | None:
    """None if the path names something else."""
    named = NAMED.fullmatch(call.path["image_id"].lower())
    if named is None:
        return None
    try:
        dataset = opened(call.caller, call.house.datasets.get(call.caller, DatasetId(named[1])))
        document = call.house.documents.get(call.caller, dataset.id, DocumentId(named[2]))
        shown = call.house.pages.image(call.house.pages.thumbnail_sheet(call.caller, document))
    except (NotFound, ParseFailed) as error:
        raise missing from error
    return Answer(200, shown.png, PNG.encode())


def listed(call: Call) -> Answer:
    """As data URLs, of those documents that are there and have one."""
    sent = [one.strip() for part in call.query.doc_ids for one in part.split(",") if one.strip()]
    known = split_ids(sent[:MOST])[0]
    found = call.house.documents.find(call.caller, [DocumentId(one) for one in known.values()])
    datasets = call.house.datasets.many(call.caller, {one.dataset_id for one in found})
    are_open = {one.id for one in datasets if is_open(call.caller, one)}
    shown = call.house.pages.thumbnails(call.caller, [one for one in found if one.dataset_id in are_open])
    urls = {document_id: PREFIX + b64encode(image.png).decode() for document_id, image in shown.items()}
    return done({one: urls[DocumentId(plain)] for one, plain in known.items() if plain in urls})
