"""/workspaces/current/models: what this server can embed and rerank by."""

from collections.abc import Callable
from typing import Any

from diglot.domain.errors import InvalidArgument
from diglot.domain.identity import dashed
from diglot.http.answers import Answer, json_answer
from diglot.http.dify import wire_tags as wire
from diglot.http.house import House
from diglot.http.operations import Call, Operation

TAG = "Models"
OWN = "diglot"
EMBEDDING = "text-embedding"
RERANK = "rerank"


def list_models(call: Call) -> Answer:
    kind = call.path["model_type"]
    if kind not in TYPES:
        raise InvalidArgument(f"Invalid model type: {kind[:40]}. It must be one of {', '.join(TYPES)}.", "model_type")
    providers: dict[str, list[dict[str, Any]]] = {}
    for provider, model in TYPES[kind](call.house):
        providers.setdefault(provider, []).append(model)
    tenant = dashed(call.caller.workspace_id)
    return json_answer({"data": [_provider(tenant, *one) for one in providers.items()]})


def _embedders(house: House) -> list[tuple[str, dict[str, Any]]]:
    models = map(house.embedders.describe, house.embedders.names())
    return [(one.provider, _model(one.name, EMBEDDING, one.provider, one.max_tokens)) for one in models]


def _rerankers(house: House) -> list[tuple[str, dict[str, Any]]]:
    return [(OWN, _model(name, RERANK, OWN, None)) for name in house.rerankers.names()]


def _none(house: House) -> list[tuple[str, dict[str, Any]]]:
    return []


TYPES: dict[str, Callable[[House], list[tuple[str, dict[str, Any]]]]] = {
    "llm": _none,
    EMBEDDING: _embedders,
    RERANK: _rerankers,
    "speech2text": _none,
    "moderation": _none,
    "tts": _none,
}


def _model(name: str, kind: str, provider: str, context_size: int | None) -> dict[str, Any]:
    return {
        "model": name,
        "label": {"en_US": name, "zh_Hans": name},
        "model_type": kind,
        "features": None,
        "fetch_from": "predefined-model" if provider == OWN else "customizable-model",
        "model_properties": {} if context_size is None else {"context_size": context_size},
        "status": "active",
        "deprecated": False,
        "load_balancing_enabled": False,
        "has_invalid_load_balancing_configs": False,
    }


def _provider(tenant: str, name: str, models: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "tenant_id": tenant,
        "provider": name,
        "label": {"en_US": name, "zh_Hans": name},
        "icon_small": {"en_US": "", "zh_Hans": ""},
        "icon_small_dark": None,
        "status": "active",
        "models": models,
    }


OPERATIONS = (
    Operation(
        id="listModels",
        method="GET",
        path="/workspaces/current/models/model-types/{model_type}",
        tag=TAG,
        summary="List models of a type",
        description="Those that are configured on this server, by who provides them.",
        handler=list_models,
        answer=wire.Providers,
        answer_example={
            "data": [
                _provider("0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3e", OWN, [_model("diglot/lexical", EMBEDDING, OWN, 8192)])
            ]
        },
        errors=(InvalidArgument,),
    ),
)
