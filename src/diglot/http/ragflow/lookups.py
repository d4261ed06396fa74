"""What paths and bodies name, as ids and as what stands behind them."""

from collections.abc import Iterable

from diglot.domain.dataset import Dataset
from diglot.domain.document import Document
from diglot.domain.errors import DatasetNotFound, DocumentNotFound
from diglot.domain.identity import ChunkId, DatasetId, DocumentId, parse_id
from diglot.http.operations import Call
from diglot.http.ragflow.errors import Refused
from diglot.library.access import opened


def dataset_of(call: Call, refusal: Refused, name: str = "dataset_id") -> Dataset:
    """The dataset that the path names; what is unknown, foreign or no id is refused in the words given."""
    return dataset_named(call, call.path[name], refusal)


def dataset_named(call: Call, sent: str, refusal: Refused) -> Dataset:
    """As `dataset_of`, of what a body or a query names."""
    dataset_id = parse_id(sent)
    if dataset_id is None:
        raise refusal
    try:
        dataset = call.house.datasets.get(call.caller, DatasetId(dataset_id))
    except DatasetNotFound as error:
        raise refusal from error
    return opened(call.caller, dataset)


def document_of(call: Call, dataset: Dataset, refusal: Refused) -> Document:
    """The document of the dataset that the path names."""
    document_id = parse_id(call.path["document_id"])
    if document_id is None:
        raise refusal
    try:
        return call.house.documents.get(call.caller, dataset.id, DocumentId(document_id))
    except DocumentNotFound as error:
        raise refusal from error


def chunk_id(call: Call, refusal: Refused) -> ChunkId:
    plain = parse_id(call.path["chunk_id"])
    if plain is None:
        raise refusal
    return ChunkId(plain)


def split_ids(sent: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """What was sent, told apart: ids in our form by the form in which they were sent, and what is no id."""
    known: dict[str, str] = {}
    wrong: list[str] = []
    for one in sent:
        plain = parse_id(one)
        if plain is None:
            wrong.append(one)
        else:
            known[one] = plain
    return known, wrong
