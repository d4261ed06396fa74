"""Knowledge graphs and summaries of a dataset: none are made, and whoever asks is told so."""

from collections.abc import Mapping
from functools import partial

from diglot.domain.api_key import Scope
from diglot.domain.dataset import Dataset
from diglot.domain.errors import DatasetNotFound, DiglotError
from diglot.http.answers import Answer
from diglot.http.operations import Call, ErrorForm, Operation
from diglot.http.ragflow import wire_dataset_answers as wire_answers
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.codes import Code
from diglot.http.ragflow.errors import Refused, data_error
from diglot.http.ragflow.lookups import dataset_of
from diglot.http.ragflow.plans import NEEDS_CHAT
from diglot.library.access import require

TAG = "Knowledge graphs"
KINDS = frozenset({"graph", "raptor", "mindmap"})
NOT_OPEN = "No authorization."
DONE_EXAMPLE = {"code": 0, "message": "success"}
NO_ACCESS: Mapping[type[DiglotError], ErrorForm] = {DatasetNotFound: ErrorForm(200, "109", "no authorization")}
NO_INDEX: Mapping[type[DiglotError], ErrorForm] = {DatasetNotFound: ErrorForm(200, "102", NOT_OPEN)}


def graph(call: Call) -> Answer:
    _open(call)
    return done({"graph": {}, "mind_map": {}})


def remove_graph(call: Call) -> Answer:
    require(call.caller, Scope.WRITE)
    _open(call)
    return done(True)


def trace(call: Call) -> Answer:
    _open(call)
    return done({})


def run(call: Call, *, kind: str | None = None) -> Answer:
    """`kind` None: the query names it."""
    asked = _kind(call) if kind is None else kind
    require(call.caller, Scope.WRITE)
    dataset_of(call, data_error(NOT_OPEN))
    raise data_error(NEEDS_CHAT.format(name=asked))


def remove_index(call: Call, *, kind: str | None = None) -> Answer:
    if kind is None:
        _kind(call)
    require(call.caller, Scope.WRITE)
    dataset_of(call, data_error(NOT_OPEN))
    return done({})


def _kind(call: Call) -> str:
    asked: str = call.query.type
    if asked not in KINDS:
        raise data_error(f"Invalid index type '{asked}'. Must be one of {sorted(KINDS)}")
    return asked


def _open(call: Call) -> Dataset:
    return dataset_of(call, Refused(Code.AUTHENTICATION, "no authorization", False))


def _graph(identity: str, method: str, last: str, is_deprecated: bool = False) -> Operation:
    reads = method == "GET"
    return Operation(
        id=identity,
        method=method,
        path="/datasets/{dataset_id}/" + last,
        tag=TAG,
        summary="Get the knowledge graph" if reads else "Delete the knowledge graph",
        description="No graph is made here: there is nothing in it." if reads else "There is none; success is told.",
        handler=graph if reads else remove_graph,
        answer=wire_answers.GraphReply if reads else wire_answers.DeletedGraphReply,
        answer_example=DONE_EXAMPLE | {"data": {"graph": {}, "mind_map": {}} if reads else True},
        errors=(DatasetNotFound,),
        forms=NO_ACCESS,
        is_deprecated=is_deprecated,
    )


def _trace(identity: str, last: str, is_deprecated: bool = False) -> Operation:
    return Operation(
        id=identity,
        method="GET",
        path="/datasets/{dataset_id}/" + last,
        tag=TAG,
        summary="See how far a graph or summary is",
        description="None is made here: the answer is empty, which means that nothing was begun.",
        handler=trace,
        answer=wire_answers.TraceReply,
        answer_example=DONE_EXAMPLE | {"data": {}},
        errors=(DatasetNotFound,),
        forms=NO_ACCESS,
        is_deprecated=is_deprecated,
    )


def _run(identity: str, last: str, kind: str | None = None) -> Operation:
    return Operation(
        id=identity,
        method="POST",
        path="/datasets/{dataset_id}/" + last,
        tag=TAG,
        summary="Ask for a graph or summaries",
        description="They need a chat model, and there is none here: it is always refused, in these words.",
        handler=partial(run, kind=kind),
        query=wire_answers.IndexQuery if kind is None else None,
        answer=wire_answers.TraceReply,
        answer_example=DONE_EXAMPLE | {"data": {}},
        errors=(DatasetNotFound,),
        forms=NO_INDEX,
        is_deprecated=kind is not None,
    )


def _remove(identity: str, last: str, kind: str | None = None) -> Operation:
    return Operation(
        id=identity,
        method="DELETE",
        path="/datasets/{dataset_id}/" + last,
        tag=TAG,
        summary="Delete a graph or summaries",
        description="There are none; success is told.",
        handler=partial(remove_index, kind=kind),
        query=wire_answers.IndexQuery if kind is None else None,
        answer=wire_answers.DeletedIndexReply,
        answer_example=DONE_EXAMPLE | {"data": {}},
        errors=(DatasetNotFound,),
        forms=NO_INDEX,
    )


OPERATIONS: tuple[Operation, ...] = (
    _graph("getGraph", "GET", "graph"),
    _graph("deleteGraph", "DELETE", "graph"),
    _graph("getKnowledgeGraph", "GET", "knowledge_graph", is_deprecated=True),
    _graph("deleteKnowledgeGraph", "DELETE", "knowledge_graph", is_deprecated=True),
    _run("runIndex", "index"),
    _run("runGraph", "run_graphrag", "graph"),
    _run("runSummary", "run_raptor", "raptor"),
    _remove("deleteIndex", "index"),
    _remove("deleteSummary", "raptor", "raptor"),
    _remove("deleteMindMap", "mindmap", "mindmap"),
    _trace("traceIndex", "index"),
    _trace("traceGraph", "trace_graphrag", is_deprecated=True),
    _trace("traceSummary", "trace_raptor", is_deprecated=True),
)
