"""What paths name, where the words of a refusal are not known beforehand."""

from collections.abc import Callable, Iterable

from diglot.domain.dataset import Dataset
from diglot.domain.document import Document, DocumentFilter
from diglot.domain.identity import DatasetId, DocumentId, parse_id
from diglot.http.operations import Call
from diglot.http.ragflow.errors import Refused
from diglot.library.access import opened
from diglot.library.datasets import DatasetFilter

IDS_AT_ONCE = 500


def dataset_if_any(call: Call) -> Dataset | None:
    """The dataset that the path names; None if it is unknown, foreign or no id."""
    plain = parse_id(call.path["dataset_id"])
    if plain is None:
        return None
    found = call.house.datasets.list(call.caller, limit=1, only=DatasetFilter(ids=[DatasetId(plain)])).items
    return opened(call.caller, found[0]) if found else None


def documents_named(
    call: Call, dataset: Dataset, sent: Iterable[str], refusal: Callable[[str], Refused]
) -> list[Document]:
    """The documents of the dataset in the order given; the first that is not there is refused."""
    wanted = {one: parse_id(one) for one in sent}
    plain = [DocumentId(one) for one in wanted.values() if one is not None]
    known: dict[str | None, Document] = {}
    for start in range(0, len(plain), IDS_AT_ONCE):
        only = DocumentFilter(ids=plain[start : start + IDS_AT_ONCE])
        page = call.house.documents.list(call.caller, dataset.id, limit=IDS_AT_ONCE, only=only)
        known |= {one.id: one for one in page.items}
    for one, document_id in wanted.items():
        if document_id not in known:
            raise refusal(one)
    return [known[document_id] for document_id in wanted.values()]
