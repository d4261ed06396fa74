"""POST /explain: why a search answers what it does, and what became of chunks that were expected."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from diglot.domain.conditions import Condition
from diglot.domain.errors import DatasetNotFound
from diglot.domain.identity import ChunkId, parse_id
from diglot.http.answers import Answer, json_answer
from diglot.http.native import wire_explaining as wire
from diglot.http.native.questions import asked_of
from diglot.http.operations import Call, Operation
from diglot.retrieval.absence import Absence, FilterVerdict, Reason
from diglot.retrieval.explaining import Explained, Explanation, Matched, Scored
from diglot.retrieval.highlighting import Place, highlight
from diglot.retrieval.settled import Searched

Marks = Callable[[str], list[Place]]
"""Where a text says what was asked."""

SENTENCES: Mapping[Reason, str] = {
    Reason.RETURNED: "It was returned.",
    Reason.UNKNOWN: "There is no such chunk here.",
    Reason.DATASET_NOT_ASKED: "Its dataset was not asked.",
    Reason.DOCUMENT_DELETED: "Its document is deleted.",
    Reason.DOCUMENT_NOT_READY: "What it belongs to is not ready: the document is {status}.",
    Reason.SUPERSEDED: "It is of an older reading of its document, which a newer one has replaced.",
    Reason.DOCUMENT_DISABLED: "Its document is disabled.",
    Reason.DOCUMENT_ARCHIVED: "Its document is archived.",
    Reason.CHUNK_DISABLED: "It is disabled.",
    Reason.DOCUMENT_NOT_ASKED: "Its document is not among those that were asked for.",
    Reason.CONDITION_NOT_MET: "Its document does not meet the conditions.",
    Reason.FOUND_BY_CHILDREN: "It is found by its children alone, and none of its {children} is a candidate.",
    Reason.NOT_INDEXED: "The search index does not have it yet, or not as it is now.",
    Reason.NO_MATCH: "It has no term of the question, and no vector that was compared with it.",
    Reason.BEYOND_CANDIDATES: "It is not among the {depth} best of its dataset, neither by words nor by vectors.",
    Reason.BELOW_THRESHOLD: "Its score {score:.4f} is below the threshold {threshold:.4f}.",
    Reason.NOT_RERANKED: "It stands behind the {reranked} that the reranking model was shown.",
    Reason.BEHIND_TOP_K: "It stands behind the {top_k} that count.",
    Reason.BEHIND_SIBLINGS: "Its parent was returned, found by better children.",
    Reason.OTHER_PAGE: "It stands on another page.",
}


def explain(call: Call) -> Answer:
    sent: wire.Explain = call.body
    asked = asked_of(call)
    plain = {one: parse_id(one) for one in sent.chunk_ids}
    known = [ChunkId(one) for one in plain.values() if one is not None]
    reach = call.caller.datasets
    explanation = call.house.explainer.explain(asked.plan, known, reach=reach, page=asked.page)
    told = {one.chunk_id: one for one in explanation.chunks}
    chunks = (
        Explained(ChunkId(text), Absence(Reason.UNKNOWN)) if one is None else told[ChunkId(one)]
        for text, one in plain.items()
    )
    marks = partial(highlight, question=asked.plan.question, tokenizer=call.house.tokenizer)
    return json_answer(
        {
            "plan": _plan(explanation),
            "hits": [_hit(one, marks) for one in explanation.hits],
            "chunks": [_asked_chunk(one, marks) for one in chunks],
        }
    )


def _plan(explanation: Explanation) -> dict[str, Any]:
    plan = explanation.plan
    settings, conditions = plan.settings, plan.conditions
    return {
        "method": settings.method,
        "top_k": settings.top_k,
        "threshold": settings.threshold,
        "vector_weight": settings.vector_weight,
        "reranker": settings.reranker,
        "blends_rerank": plan.blends_rerank,
        "documents": None if plan.documents is None else len(plan.documents),
        "logic": None if conditions is None else conditions.logic,
        "conditions": [_condition(one) for one in (() if conditions is None else conditions.items)],
        "candidates": plan.candidates,
        "depth": explanation.depth,
        "scored": explanation.candidates,
        "best_bm25": explanation.best,
        "language": explanation.language,
        "terms": explanation.terms,
        "datasets": [_dataset(one) for one in explanation.datasets],
        "notes": explanation.notes,
    }


def _dataset(one: Searched) -> dict[str, Any]:
    return {
        "dataset_id": one.dataset_id,
        "embedding_model": one.model,
        "vector_weight": one.weight,
        "weight_from": one.origin,
        "reads_language": one.reads,
        "boost": one.boost,
        "by_words": one.by_words,
        "by_vectors": one.by_vectors,
    }


def _hit(one: Explained, marks: Marks) -> dict[str, Any]:
    return _chunk(one, marks) | {"children": [_chunk(child, marks) for child in one.children]}


def _asked_chunk(one: Explained, marks: Marks) -> dict[str, Any]:
    absence = one.absence
    facts = dict(absence.facts)
    if "failed" in facts:
        facts["failed"] = [_verdict(verdict) for verdict in facts["failed"]]
    explanation = SENTENCES[absence.reason].format(**absence.facts)
    return _chunk(one, marks) | {"reason": absence.reason, "explanation": explanation, "facts": facts}


def _chunk(one: Explained, marks: Marks) -> dict[str, Any]:
    chunk, document = one.chunk, one.document
    return {
        "chunk_id": one.chunk_id,
        "document_id": document and document.id,
        "document_name": document and document.name,
        "dataset_id": document and document.dataset_id,
        "content": chunk and chunk.content,
        "answer": chunk and chunk.answer,
        "position": chunk and chunk.position,
        "anchors": [anchor.to_json() for anchor in chunk.anchors] if chunk else [],
        "rank": one.absence.rank,
        "rank_before_rerank": one.absence.rank_before,
        "scores": one.scored and _scores(one.scored),
        "parts": one.scored and _parts(one.scored),
        "matched": one.matched and _matched(one.matched),
        "marks": marks(chunk.content) if chunk else [],
        "filters": [_verdict(verdict) for verdict in one.filters],
    }


def _scores(scored: Scored) -> dict[str, Any]:
    scores = scored.scores
    return {
        "bm25": scores.lexical,
        "best_bm25": scored.best,
        "share": scores.lexical_share,
        "cosine": scores.vector,
        "vector_weight": scored.weight,
        "boost": scored.boost,
        "fused": scores.fused,
        "rerank": scores.rerank,
        "final": scores.final,
    }


def _parts(scored: Scored) -> dict[str, float]:
    parts = scored.parts
    return {
        "words": parts.words,
        "vector": parts.vector,
        "rerank": parts.rerank,
        "boost": parts.boost,
        "tags": parts.tags,
    }


def _matched(matched: Matched) -> dict[str, Any]:
    return {"content": matched.content, "title": matched.title, "keywords": matched.keywords}


def _condition(condition: Condition) -> dict[str, Any]:
    return {
        "name": condition.name or condition.attribute or "",
        "operator": condition.operator,
        "values": condition.values,
        "attribute": condition.attribute,
    }


def _verdict(verdict: FilterVerdict) -> dict[str, Any]:
    return _condition(verdict.condition) | {"is_met": verdict.is_met, "document_values": verdict.values}


CHUNK_EXAMPLE = {
    "chunk_id": "0192f0c47e1a7c3b9d523f6b8a1c2d3e",
    "document_id": "0192f0c47a0b7d2c8e613f5a9b0c1d2e",
    "document_name": "manual.pdf",
    "dataset_id": "0192f0c4791c7e4fa0b1c2d3e4f5a6b7",
    "content": "The battery lasts ten hours.",
    "answer": None,
    "position": 7,
    "anchors": [{"page": 3, "boxes": [[3, 72.0, 90.5, 310.0, 102.0]], "headings": ["Power"]}],
    "rank": 1,
    "rank_before_rerank": 1,
    "scores": {
        "bm25": 7.25,
        "best_bm25": 7.25,
        "share": 1.0,
        "cosine": 0.5,
        "vector_weight": 0.6,
        "boost": 0.0,
        "fused": 0.7,
        "rerank": None,
        "final": 0.7,
    },
    "parts": {"words": 0.4, "vector": 0.3, "rerank": 0.0, "boost": 0.0, "tags": 0.0},
    "matched": {"content": ["batteri", "last"], "title": [], "keywords": []},
    "marks": [[4, 17]],
    "filters": [],
}
EXAMPLE: dict[str, Any] = {
    "plan": {
        "method": "hybrid",
        "top_k": 1,
        "threshold": None,
        "vector_weight": None,
        "reranker": None,
        "blends_rerank": False,
        "documents": None,
        "logic": None,
        "conditions": [],
        "candidates": 100,
        "depth": 100,
        "scored": 100,
        "best_bm25": 7.25,
        "language": "en",
        "terms": ["long", "doe", "batteri", "last"],
        "datasets": [
            {
                "dataset_id": CHUNK_EXAMPLE["dataset_id"],
                "embedding_model": "minilm",
                "vector_weight": 0.6,
                "weight_from": "model",
                "reads_language": True,
                "boost": 0.0,
                "by_words": True,
                "by_vectors": True,
            }
        ],
        "notes": [],
    },
    "hits": [CHUNK_EXAMPLE | {"children": []}],
    "chunks": [
        CHUNK_EXAMPLE
        | {
            "chunk_id": "0192f0c47e1b7c3b9d523f6b8a1c2d3f",
            "content": "Batteries are sold apart.",
            "rank": 2,
            "rank_before_rerank": 2,
            "scores": {
                "bm25": 2.9,
                "best_bm25": 7.25,
                "share": 0.4,
                "cosine": 0.25,
                "vector_weight": 0.6,
                "boost": 0.0,
                "fused": 0.31,
                "rerank": None,
                "final": 0.31,
            },
            "parts": {"words": 0.16, "vector": 0.15, "rerank": 0.0, "boost": 0.0, "tags": 0.0},
            "matched": {"content": ["batteri"], "title": [], "keywords": []},
            "marks": [[0, 9]],
            "reason": "behind_top_k",
            "explanation": "It stands behind the 1 that count.",
            "facts": {"rank": 2, "top_k": 1, "score": 0.31},
        }
    ],
}

OPERATIONS = (
    Operation(
        id="explain",
        method="POST",
        path="/explain",
        tag="Search",
        summary="See why a search answers what it does",
        description="Searches as any API of this server does, and answers how the question was settled, every hit's "
        "scores and the parts that make them, which terms matched, and what each condition says; and of chunks that "
        "are named, the first thing that kept them out. Settings are ours, or the body of a search as Dify's or "
        "RAGFlow's API takes it: then the search is the one that their client would get.",
        handler=explain,
        body=wire.Explain,
        body_example={
            "dataset_ids": [CHUNK_EXAMPLE["dataset_id"]],
            "query": "How long does the battery last?",
            "top_k": 1,
            "chunk_ids": ["0192f0c47e1b7c3b9d523f6b8a1c2d3f"],
        },
        answer=wire.ExplainedSearch,
        answer_example=EXAMPLE,
        answer_description="The search, explained.",
        errors=(DatasetNotFound,),
    ),
)
