"""Dify's external knowledge API: a Dify elsewhere takes a dataset of ours as its source."""

from collections.abc import Mapping

from diglot.domain import errors
from diglot.domain.conditions import Conditions
from diglot.domain.dataset import Dataset
from diglot.domain.errors import DatasetNotFound, DiglotError, Unauthorized
from diglot.domain.identity import DatasetId, parse_id
from diglot.domain.search import Hit
from diglot.http.answers import Answer, json_answer
from diglot.http.asking import ask
from diglot.http.operations import Call, ErrorForm, Operation
from diglot.http.ragflow import wire_external as wire
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.chunk_texts import content_of
from diglot.http.ragflow.conditions import conditions_of
from diglot.http.ragflow.errors import Refused, form_of
from diglot.http.ragflow.paging import Paging
from diglot.http.ragflow.plans import DEFAULT_WEIGHT, Wanted, plan_of, require_no_chat
from diglot.library.access import opened

TAG = "External knowledge"
PATH = "/dify/retrieval"
# Dify's own numbers where it has some; else HTTP's.
FORMS: Mapping[type[DiglotError], ErrorForm] = {
    errors.Unauthorized: ErrorForm(403, "1002", "Authorization failed"),
    errors.ScopeMissing: ErrorForm(403, "1002", "Authorization failed"),
    errors.ApiDisabled: ErrorForm(403, "1002"),
    errors.NotFound: ErrorForm(404, "2001", "The knowledge does not exist"),
    errors.Invalid: ErrorForm(400, "400"),
    Refused: ErrorForm(400, "400"),
    errors.Overloaded: ErrorForm(429, "429"),
    errors.CatalogUnusable: ErrorForm(503, "503", "The catalog cannot be used now."),
    errors.DiglotError: ErrorForm(500, "500"),
}
NO_HEADER = ErrorForm(403, "1001", "Invalid Authorization header format. Expected 'Bearer <api-key>' format.")


class HeaderUnreadable(Unauthorized):
    """The Authorization header says no key."""


def tell(error: DiglotError) -> Answer:
    form = NO_HEADER if isinstance(error, HeaderUnreadable) else form_of(type(error), FORMS)
    return json_answer(_body(form, form.message or error.message), form.status)


def example(kind: type[DiglotError]) -> tuple[int, str, object]:
    form = form_of(kind, FORMS)
    return form.status, form.code, _body(form, form.message or kind().message)


def _body(form: ErrorForm, message: str) -> dict[str, object]:
    """RAGFlow's names stand beside Dify's."""
    code = int(form.code)
    return {"error_code": code, "error_msg": message, "code": code, "message": message}


def retrieve(call: Call) -> Answer:
    sent: wire.ExternalQuestion = call.body
    setting = sent.retrieval_setting or wire.DEFAULT_SETTING
    require_no_chat(use_kg=sent.use_kg)
    conditions = conditions_of(sent.metadata_condition)
    return _records(
        call, sent.knowledge_id, _wanted(sent.query, setting.top_k, setting.score_threshold or 0.0, conditions)
    )


def retrieve_by_get(call: Call) -> Answer:
    query: wire.ExternalQuery = call.query
    require_no_chat(use_kg=(query.use_kg or "").lower() in ("1", "true", "yes", "on"))
    return _records(call, query.knowledge_id, _wanted(query.query, query.top_k, query.score_threshold))


def health(call: Call) -> Answer:
    return done(True)


def _wanted(question: str, top_k: int, threshold: float, conditions: Conditions | None = None) -> Wanted:
    return Wanted(question.strip(), Paging(1, top_k), threshold, DEFAULT_WEIGHT, top_k, conditions=conditions)


def _records(call: Call, knowledge_id: str, wanted: Wanted) -> Answer:
    dataset = _dataset(call, knowledge_id)
    hits = (
        ask(call, "external", "retrieve", plan_of(call, wanted, [dataset])).hits[: wanted.top_k]
        if wanted.question
        else ()
    )
    return json_answer({"records": [_record(hit) for hit in hits]})


def _dataset(call: Call, knowledge_id: str) -> Dataset:
    plain = parse_id(knowledge_id)
    if plain is None:
        raise DatasetNotFound
    return opened(call.caller, call.house.datasets.get(call.caller, DatasetId(plain)))


def _record(hit: Hit) -> dict[str, object]:
    return {
        "content": content_of(hit.chunk),
        "score": min(1.0, max(0.0, hit.scores.final)),
        "title": hit.document.name,
        "metadata": hit.document.metadata | {"doc_id": hit.document.id, "document_id": hit.document.id},
    }


DESCRIPTION = (
    "What a Dify elsewhere asks of an external knowledge base: give it this server's address up to `/dify`, an API "
    "key, and the dataset's id as the knowledge id. Errors have real HTTP statuses, `error_code` and `error_msg`."
)
EXAMPLE = {
    "records": [
        {
            "content": "The battery lasts ten hours.",
            "score": 0.86,
            "title": "manual.pdf",
            "metadata": {
                "doc_id": "0198f3a1b0c17d2e9f8a7b6c5d4e3f2a",
                "document_id": "0198f3a1b0c17d2e9f8a7b6c5d4e3f2a",
            },
        }
    ]
}
OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="retrieveForDify",
        method="POST",
        path=PATH,
        tag=TAG,
        summary="Search a dataset for a Dify elsewhere",
        description=DESCRIPTION,
        handler=retrieve,
        body=wire.ExternalQuestion,
        body_example={
            "knowledge_id": "0198f3a19e8d7c6bb5a4938271605f4e",
            "query": "How long does the battery last?",
            "retrieval_setting": {"top_k": 3, "score_threshold": 0.0},
        },
        answer=wire.Records,
        answer_example=EXAMPLE,
        errors=(DatasetNotFound,),
    ),
    Operation(
        id="retrieveForDifyByGet",
        method="GET",
        path=PATH,
        tag=TAG,
        summary="Search a dataset for a Dify elsewhere, by parameters",
        description=DESCRIPTION,
        handler=retrieve_by_get,
        query=wire.ExternalQuery,
        answer=wire.Records,
        answer_example=EXAMPLE,
        errors=(DatasetNotFound,),
    ),
    Operation(
        id="healthForDify",
        method="GET",
        path=PATH + "/health",
        tag=TAG,
        summary="Whether the external knowledge API answers",
        description="Asks for no key.",
        handler=health,
        answer=wire.Healthy,
        answer_example={"code": 0, "message": "success", "data": True},
        is_open=True,
        is_light=True,
    ),
)
