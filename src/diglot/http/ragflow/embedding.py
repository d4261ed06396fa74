"""/datasets/{dataset_id}/embedding: another model for a dataset, looked at before it is chosen; all documents anew."""

from collections.abc import Iterator, Mapping
from typing import Any

from diglot.domain.errors import DatasetNotFound, DiglotError, ModelFailed, ModelNotFound, QueueFull
from diglot.domain.identity import DatasetId, DocumentId
from diglot.domain.page import Order
from diglot.http.answers import Answer
from diglot.http.operations import Call, ErrorForm, Operation
from diglot.http.ragflow import models
from diglot.http.ragflow import wire_embedding as wire
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.codes import Code
from diglot.http.ragflow.errors import Refused, data_error
from diglot.http.ragflow.lookups import dataset_of
from diglot.library.comparing import Compared, Comparison, compare

TAG = "Datasets"
NO_ACCESS = "No authorization."
DEFAULT_COUNT, MOST = 5, 100
TOGETHER = 500
ALIKE = 0.9
NOTHING = "No embedded chunks are available to compare."
LENGTHS = (
    "Embedding failure. The dimension ({after}) of given embedding model is different from the original ({before})"
)
DIFFERENT = (
    "The average similarity between old and new vectors is below 0.9. The model can be chosen all the same: all chunks "
    "are embedded anew before it answers."
)


def check(call: Call) -> Answer:
    sent: wire.CheckEmbedding = call.body
    dataset = dataset_of(call, data_error(NO_ACCESS))
    if not sent.embd_id:
        raise data_error("`embd_id` is required.")
    asked = str(sent.embd_id)
    model = models.named(call.house, asked, "embd_id")
    house, count = call.house, _count(sent.check_num)
    found = compare(house.database, house.embedders, call.caller, dataset.id, model, count)
    cosines = [one.cosine for one in found.chunks if one.cosine is not None]
    if not cosines:
        raise data_error(_incomparable(found))
    summary = {
        "kb_id": dataset.id,
        "model": asked,
        "sampled": len(found.chunks),
        "valid": len(cosines),
        "avg_cos_sim": round(sum(cosines) / len(cosines), 6),
        "min_cos_sim": round(min(cosines), 6),
        "max_cos_sim": round(max(cosines), 6),
        "match_mode": "content_only",
    }
    data = {"summary": summary, "results": [_body(one) for one in found.chunks]}
    if sum(cosines) / len(cosines) < ALIKE:
        raise Refused(Code.NOT_EFFECTIVE, DIFFERENT, data)
    return done(data)


def run(call: Call) -> Answer:
    dataset = dataset_of(call, data_error(NO_ACCESS))
    ids = list(_documents(call, dataset.id))
    if not ids:
        raise data_error(f"No documents in Dataset {call.path['dataset_id']}")
    started = 0
    for start in range(0, len(ids), TOGETHER):
        some = ids[start : start + TOGETHER]
        started += len(call.house.documents.start(call.caller, dataset.id, some, restarts=True).done)
    return done({"scheduled_count": started})


def _documents(call: Call, dataset_id: DatasetId) -> Iterator[DocumentId]:
    offset: int | None = 0
    while offset is not None:
        page = call.house.documents.list(
            call.caller, dataset_id, offset=offset, limit=TOGETHER, order=Order.CREATED, is_descending=False
        )
        yield from (document.id for document in page.items)
        offset = offset + TOGETHER if page.has_more else None


def _count(sent: Any) -> int:
    try:
        return min(max(int(sent), 1), MOST)
    except (TypeError, ValueError, OverflowError):
        return DEFAULT_COUNT


def _incomparable(found: Comparison) -> str:
    lengths = [one.dimension for one in found.chunks if one.dimension is not None]
    return LENGTHS.format(after=found.dimension, before=lengths[0]) if lengths else NOTHING


def _body(one: Compared) -> dict[str, Any]:
    if one.cosine is None:
        return {"chunk_id": one.chunk.id, "reason": "no_stored_vector"}
    return {
        "chunk_id": one.chunk.id,
        "doc_id": one.chunk.document_id,
        "doc_name": one.chunk.document_name,
        "vector_field": f"q_{one.dimension}_vec",
        "vector_dim": one.dimension,
        "cos_sim": round(one.cosine, 6),
    }


CHECK_EXAMPLE: dict[str, Any] = {
    "summary": {
        "kb_id": "0192f0c47e1a7c3b9d523f6b8a1c2d3e",
        "model": "minilm@diglot",
        "sampled": 1,
        "valid": 1,
        "avg_cos_sim": 0.999998,
        "min_cos_sim": 0.999998,
        "max_cos_sim": 0.999998,
        "match_mode": "content_only",
    },
    "results": [
        {
            "chunk_id": "0192f0c47e1a7c3b9d523f6b8a1c2d47",
            "doc_id": "0192f0c47e1a7c3b9d523f6b8a1c2d44",
            "doc_name": "manual.pdf",
            "vector_field": "q_384_vec",
            "vector_dim": 384,
            "cos_sim": 0.999998,
        }
    ],
}
FORMS: Mapping[type[DiglotError], ErrorForm] = {
    DatasetNotFound: ErrorForm(200, "102", NO_ACCESS),
    ModelNotFound: ErrorForm(200, "102", "Model {model} not found for model embedding"),
}

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="checkEmbedding",
        method="POST",
        path="/datasets/{dataset_id}/embedding/check",
        tag=TAG,
        summary="Compare another embedding model",
        description="Embeds some of the dataset's chunks by it and compares these vectors with those that are there. "
        "A mean cosine below 0.9 is code 10; vectors of another length are code 102. Nothing is changed, and whatever "
        "comes out, the model can be chosen: all chunks are embedded anew before it answers.",
        handler=check,
        body=wire.CheckEmbedding,
        body_example={"embd_id": "minilm@diglot", "check_num": 5},
        answer=wire.EmbeddingCheckReply,
        answer_example={"code": 0, "message": "success", "data": CHECK_EXAMPLE},
        errors=(DatasetNotFound, ModelNotFound, ModelFailed),
        forms=FORMS,
    ),
    Operation(
        id="runEmbedding",
        method="POST",
        path="/datasets/{dataset_id}/embedding",
        tag=TAG,
        summary="Parse all documents of a dataset anew",
        description="By their rules of now. What serves goes on serving until the new is ready. Another embedding "
        "model does not need it: its index is built beside the old one by itself.",
        handler=run,
        answer=wire.ScheduledReply,
        answer_example={"code": 0, "message": "success", "data": {"scheduled_count": 4}},
        errors=(DatasetNotFound, QueueFull),
        forms=FORMS,
    ),
)
