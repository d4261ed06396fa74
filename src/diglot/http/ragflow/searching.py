"""/retrieval, and the searches of one dataset and of several."""

from collections.abc import Callable, Sequence
from typing import Any

from diglot.domain.dataset import Dataset
from diglot.domain.errors import DatasetNotFound
from diglot.domain.search import Hit, RetrievalPlan
from diglot.http.answers import Answer
from diglot.http.asking import ask
from diglot.http.operations import Call, Operation
from diglot.http.ragflow import wire_searching as wire
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.chunk_bodies import hit_body, raw_hit_body
from diglot.http.ragflow.chunk_fields import number, whole
from diglot.http.ragflow.chunk_texts import content_of, excerpt
from diglot.http.ragflow.conditions import conditions_of, filter_of
from diglot.http.ragflow.errors import data_error
from diglot.http.ragflow.paging import Paging, paging
from diglot.http.ragflow.plans import (
    DEFAULT_WEIGHT,
    Wanted,
    datasets_of,
    documents_of,
    flag,
    plan_of,
    require_no_chat,
    reranker_of,
)
from diglot.retrieval.highlighting import highlight

TAG = "Retrieval"
NOTHING: dict[str, Any] = {"total": 0, "chunks": [], "doc_aggs": {}}
NOT_OWNED = "You don't own the dataset {}."
NOT_OWNER = "Only owner of dataset {} authorized for this operation."
DEFAULT_THRESHOLD = 0.2
DEFAULT_TOP_K = 1024


def retrieve(call: Call) -> Answer:
    sent: wire.Retrieve = call.body
    datasets = _datasets(call)
    wanted_page = paging(sent.page, sent.page_size)
    question = _question(sent)
    if not question:
        return done(NOTHING)
    is_highlighted = flag(sent.highlight, data_error("`highlight` should be a boolean"))
    hits = ask(
        call, "ragflow", "retrieve", plan_of(call, _wanted(call, datasets, question, wanted_page), datasets)
    ).hits
    shown = _cut(hits, wanted_page)
    bodies = [hit_body(hit) | _extras(call, hit, question if is_highlighted else None) for hit in shown]
    return done({"total": len(hits), "chunks": bodies, "doc_aggs": sources(hits)})


def plan_asked(call: Call) -> tuple[RetrievalPlan, Paging] | None:
    """What `retrieve` does with a body, and which page of it is shown; None for a blank question. `Refused`"""
    sent: wire.Retrieve = call.body
    datasets = _datasets(call)
    wanted_page = paging(sent.page, sent.page_size)
    question = _question(sent)
    if not question:
        return None
    return plan_of(call, _wanted(call, datasets, question, wanted_page), datasets), wanted_page


def search_one(call: Call) -> Answer:
    return _search_datasets(call, datasets_of(call, [call.path["dataset_id"]], NOT_OWNER))


def search_many(call: Call) -> Answer:
    return _search_datasets(call, datasets_of(call, call.body.dataset_ids, NOT_OWNER))


def sources(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """The documents behind them by name, those with most chunks first."""
    counted: dict[str, dict[str, Any]] = {}
    for hit in hits:
        name = hit.document.name
        source = counted.setdefault(name, {"doc_name": name, "doc_id": hit.document.id, "count": 0})
        source["count"] += 1
    return sorted(counted.values(), key=lambda source: -source["count"])


def _search_datasets(call: Call, datasets: Sequence[Dataset]) -> Answer:
    sent: wire.Search = call.body
    require_no_chat(cross_languages=sent.cross_languages, use_kg=sent.use_kg)
    if sent.search_id:
        raise data_error("Invalid search_id")
    wanted = Wanted(
        question=sent.question,
        paging=Paging(sent.page, sent.size),
        threshold=sent.similarity_threshold,
        weight=sent.vector_similarity_weight,
        top_k=min(sent.top_k, wire.MOST_NEAREST),
        reranker=reranker_of(call, sent.rerank_id),
        documents=documents_of(call, datasets, sent.doc_ids),
        conditions=filter_of(sent.meta_data_filter),
    )
    found = ask(call, "ragflow", "search", plan_of(call, wanted, datasets))
    hits = found.hits
    shown = _cut(hits, wanted.paging)
    bodies = [raw_hit_body(hit) | _highlight(call, hit, sent.question if sent.highlight else None) for hit in shown]
    return done({"total": len(shown), "chunks": bodies, "doc_aggs": sources(hits), "labels": dict(found.tags)})


def _datasets(call: Call) -> list[Dataset]:
    sent: wire.Retrieve = call.body
    if not sent.dataset_ids:
        raise data_error("`dataset_ids` is required.")
    if not isinstance(sent.dataset_ids, list):
        raise data_error("`dataset_ids` should be a list")
    return datasets_of(call, sent.dataset_ids, NOT_OWNED)


def _question(sent: wire.Retrieve) -> str:
    if sent.question is None:
        raise data_error("`question` is required.")
    return str(sent.question).strip()


def _wanted(call: Call, datasets: Sequence[Dataset], question: str, wanted_page: Paging) -> Wanted:
    sent: wire.Retrieve = call.body
    documents = documents_of(call, datasets, sent.document_ids)
    conditions = None if documents is not None else conditions_of(sent.metadata_condition)
    threshold = _given(sent.similarity_threshold, number, DEFAULT_THRESHOLD)
    weight = _given(sent.vector_similarity_weight, number, DEFAULT_WEIGHT)
    top_k = _given(sent.top_k, whole, DEFAULT_TOP_K)
    if top_k <= 0:
        raise data_error("`top_k` must be greater than 0")
    require_no_chat(cross_languages=sent.cross_languages, use_kg=sent.use_kg, toc_enhance=sent.toc_enhance)
    reranker = reranker_of(call, sent.rerank_id)
    return Wanted(question, wanted_page, threshold, weight, top_k, reranker, documents, conditions)


def _given(sent: Any, read: Callable[[Any], Any], default: Any) -> Any:
    return default if sent is None else read(sent)


def _cut(hits: Sequence[Hit], wanted_page: Paging) -> Sequence[Hit]:
    return hits[wanted_page.offset : wanted_page.offset + wanted_page.size]


def _extras(call: Call, hit: Hit, question: str | None) -> dict[str, Any]:
    extras = _highlight(call, hit, question)
    asked = call.body.reference_metadata
    if isinstance(asked, dict) and asked.get("include"):
        stored = hit.document.metadata
        fields = asked.get("fields")
        wanted = fields if isinstance(fields, list) else stored
        extras["document_metadata"] = {name: value for name, value in stored.items() if name in wanted}
    return extras


def _highlight(call: Call, hit: Hit, question: str | None) -> dict[str, Any]:
    if question is None:
        return {}
    text = content_of(hit.chunk)
    return {"highlight": excerpt(text, highlight(text, question, call.house.tokenizer))}


FOUND_EXAMPLE = {
    "id": "0198f3a1c2d37e4f8a9b0c1d2e3f4a5b",
    "content": "The battery lasts ten hours.",
    "content_ltks": "the battery lasts ten hours.",
    "document_id": "0198f3a1b0c17d2e9f8a7b6c5d4e3f2a",
    "document_keyword": "manual.pdf",
    "dataset_id": "0198f3a19e8d7c6bb5a4938271605f4e",
    "important_keywords": ["battery"],
    "questions": [],
    "tag_kwd": [],
    "image_id": "",
    "similarity": 0.86,
    "vector_similarity": 0.53,
    "term_similarity": 1.0,
    "positions": [[1, 72, 523, 90, 118]],
    "doc_type_kwd": "text",
    "mom_id": "",
    "row_id": None,
}
SOURCES_EXAMPLE = [{"doc_name": "manual.pdf", "doc_id": FOUND_EXAMPLE["document_id"], "count": 1}]
RAW_EXAMPLE = {
    "chunk_id": FOUND_EXAMPLE["id"],
    "content_with_weight": FOUND_EXAMPLE["content"],
    "content_ltks": FOUND_EXAMPLE["content_ltks"],
    "doc_id": FOUND_EXAMPLE["document_id"],
    "docnm_kwd": FOUND_EXAMPLE["document_keyword"],
    "kb_id": FOUND_EXAMPLE["dataset_id"],
    "important_kwd": ["battery"],
    "question_kwd": [],
    "tag_kwd": [],
    "image_id": "",
    "similarity": 0.86,
    "vector_similarity": 0.53,
    "term_similarity": 1.0,
    "positions": [[1, 72, 523, 90, 118]],
    "doc_type_kwd": "text",
    "mom_id": "",
    "row_id": None,
}
RAW_REPLY_EXAMPLE = {
    "code": 0,
    "message": "success",
    "data": {"total": 1, "chunks": [RAW_EXAMPLE], "doc_aggs": SOURCES_EXAMPLE, "labels": {}},
}
SEARCH_TEXT = (
    "As /retrieval does it, with the names that RAGFlow's search engine has for the fields, and no threshold if none "
    "is asked for."
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="retrieve",
        method="POST",
        path="/retrieval",
        tag=TAG,
        summary="Search datasets",
        description="The chunks that answer a question best, most similar first: (1 - w) * term_similarity + "
        "w * vector_similarity, w being `vector_similarity_weight`, and the datasets' `pagerank` on top. Chunks that "
        "are switched off are never found, nor those of documents that are switched off.",
        handler=retrieve,
        body=wire.Retrieve,
        body_example={
            "question": "How long does the battery last?",
            "dataset_ids": ["0198f3a19e8d7c6bb5a4938271605f4e"],
            "similarity_threshold": 0.2,
            "page_size": 10,
            "highlight": True,
        },
        answer=wire.FoundReply,
        answer_example={
            "code": 0,
            "message": "success",
            "data": {"total": 1, "chunks": [FOUND_EXAMPLE], "doc_aggs": SOURCES_EXAMPLE},
        },
        errors=(DatasetNotFound,),
    ),
    Operation(
        id="searchDataset",
        method="POST",
        path="/datasets/{dataset_id}/search",
        tag=TAG,
        summary="Search a dataset",
        description=SEARCH_TEXT,
        handler=search_one,
        body=wire.Search,
        body_example={"question": "How long does the battery last?", "size": 10},
        answer=wire.RawFoundReply,
        answer_example=RAW_REPLY_EXAMPLE,
        errors=(DatasetNotFound,),
    ),
    Operation(
        id="searchDatasets",
        method="POST",
        path="/datasets/search",
        tag=TAG,
        summary="Search several datasets",
        description=SEARCH_TEXT,
        handler=search_many,
        body=wire.SearchMany,
        body_example={
            "question": "How long does the battery last?",
            "dataset_ids": ["0198f3a19e8d7c6bb5a4938271605f4e"],
        },
        answer=wire.RawFoundReply,
        answer_example=RAW_REPLY_EXAMPLE,
        errors=(DatasetNotFound,),
    ),
)
