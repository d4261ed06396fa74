"""/models: what makes vectors and what reranks; endpoints added, tried out and removed."""

from typing import Any

from diglot.domain.errors import ModelFailed, ModelInUse, ModelNotFound, ModelUnavailable, NameTaken, Overloaded
from diglot.http.answers import NOTHING, Answer, json_answer
from diglot.http.native import wire_models as wire
from diglot.http.operations import Call, Operation
from diglot.library.models import ModelState
from diglot.ports.models import ModelUse, NewEndpoint

TAG = "Models"


def list_models(call: Call) -> Answer:
    found = call.house.models.list(call.caller)
    return json_answer({use.value: [_body(one) for one in found if one.model.use is use] for use in ModelUse})


def add(call: Call) -> Answer:
    return json_answer(_body(call.house.models.add(call.caller, _new(call))), 201)


def try_out(call: Call) -> Answer:
    trial = call.house.models.try_out(call.caller, _new(call))
    return json_answer(
        {
            "ok": trial.trouble is None,
            "dimension": trial.dimension,
            "ms": round(trial.seconds * 1000),
            "message": trial.trouble or "",
        }
    )


def remove(call: Call) -> Answer:
    call.house.models.remove(call.caller, call.path["name"])
    return NOTHING


def _new(call: Call) -> NewEndpoint:
    sent: wire.NewModel = call.body
    return NewEndpoint(sent.type, sent.name, sent.base_url, sent.model, sent.api_key or None, sent.dimension)


def _body(state: ModelState) -> dict[str, Any]:
    model = state.model
    body = {
        "name": model.name,
        "kind": model.kind,
        "dimension": model.dimension,
        "languages": None if model.languages is None else sorted(model.languages),
        "is_default": state.is_default,
        "dataset_count": state.datasets,
    }
    of_endpoint = {"base_url": model.base_url, "key_hint": model.key_hint}
    return body | {name: value for name, value in of_endpoint.items() if value is not None}


LEXICAL_EXAMPLE = {
    "name": "diglot/lexical",
    "kind": "lexical",
    "dimension": 1024,
    "languages": None,
    "is_default": False,
    "dataset_count": 0,
}
EXAMPLE = {
    "name": "embed",
    "kind": "openai",
    "dimension": 1536,
    "languages": None,
    "is_default": True,
    "dataset_count": 3,
    "base_url": "https://api.example.com/v1",
    "key_hint": "…9f3a",
}
BODY_EXAMPLE = {
    "type": "embedding",
    "name": "embed",
    "base_url": "https://api.example.com/v1",
    "model": "text-embedding-3-small",
    "api_key": "sk-0123456789abcdef9f3a",
}
OPERATIONS = (
    Operation(
        id="listModels",
        method="GET",
        path="/models",
        tag=TAG,
        summary="List models",
        description="Asks for the scope `admin`.",
        handler=list_models,
        answer=wire.Models,
        answer_example={"embedding": [LEXICAL_EXAMPLE, EXAMPLE], "rerank": []},
    ),
    Operation(
        id="addModel",
        method="POST",
        path="/models",
        tag=TAG,
        summary="Add an endpoint",
        description="An OpenAI-compatible server's `/embeddings`, or a `/rerank` as Cohere, Jina, vLLM, Xinference and "
        "TEI have it. It is asked once before it is added, and every process knows of it at once. It must be on the "
        "internet, or where the setting `model_hosts` allows; this machine is allowed where the server listens to it "
        "alone. Asks for the scope `admin`.",
        handler=add,
        status=201,
        body=wire.NewModel,
        body_example=BODY_EXAMPLE,
        answer=wire.Model,
        answer_example=EXAMPLE | {"is_default": False, "dataset_count": 0},
        errors=(NameTaken, ModelFailed, ModelUnavailable, Overloaded),
    ),
    Operation(
        id="testModel",
        method="POST",
        path="/models/test",
        tag=TAG,
        summary="Try an endpoint out",
        description="It is asked once, and nothing is kept. Asks for the scope `admin`.",
        handler=try_out,
        body=wire.NewModel,
        body_example=BODY_EXAMPLE,
        answer=wire.Trial,
        answer_example={"ok": True, "dimension": 1536, "ms": 240, "message": ""},
        errors=(Overloaded,),
    ),
    Operation(
        id="deleteModel",
        method="DELETE",
        path="/models/{name}",
        tag=TAG,
        summary="Remove a model",
        description="Not while a dataset uses it. Asks for the scope `admin`.",
        handler=remove,
        status=204,
        answer_description="It is gone.",
        errors=(ModelNotFound, ModelInUse),
    ),
)
