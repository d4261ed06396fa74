"""/keys: API keys."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from diglot.domain.api_key import ApiKey
from diglot.domain.errors import (
    DatasetNotFound,
    InvalidArgument,
    KeyNotFound,
    KeyNotInForce,
    NameInvalid,
    ScopeMissing,
)
from diglot.domain.identity import ApiKeyId, DatasetId, UserId, now_ms, parse_id
from diglot.http.answers import NOTHING, Answer, json_answer
from diglot.http.native import wire_accounts as wire
from diglot.http.native.paging import paged
from diglot.http.native.wire_operations import ListQuery
from diglot.http.operations import Call, Operation
from diglot.library.keys import CreatedKey

TAG = "Keys"


def list_keys(call: Call) -> Answer:
    keys = call.house.keys
    page = partial(keys.page, call.caller)
    return json_answer(paged(call.query, page, partial(_body, names=keys.users(call.caller))))


def create(call: Call) -> Answer:
    sent: wire.NewKey = call.body
    if sent.expires_at is not None and sent.expires_at <= now_ms():
        raise InvalidArgument("A key ends in the future.", "expires_at")
    reach = None if sent.datasets is None else [_dataset_id(one) for one in sent.datasets]
    made = call.house.keys.create(
        call.caller, sent.name, scopes=sent.scopes, datasets=reach, expires_at=sent.expires_at
    )
    return json_answer(_made(call, made), 201)


def change(call: Call) -> Answer:
    sent: wire.KeyChange = call.body
    key = call.house.keys.change(call.caller, _key_id(call), name=sent.name, is_disabled=sent.is_disabled)
    return json_answer(_body(key, call.house.keys.users(call.caller)))


def rotate(call: Call) -> Answer:
    sent: wire.Rotation = call.body
    return json_answer(_made(call, call.house.keys.rotate(call.caller, _key_id(call), sent.grace_seconds)), 201)


def remove(call: Call) -> Answer:
    call.house.keys.remove(call.caller, _key_id(call))
    return NOTHING


def _key_id(call: Call) -> ApiKeyId:
    plain = parse_id(call.path["key_id"])
    if plain is None:
        raise KeyNotFound
    return ApiKeyId(plain)


def _dataset_id(sent: str) -> DatasetId:
    plain = parse_id(sent)
    if plain is None:
        raise DatasetNotFound
    return DatasetId(plain)


def _made(call: Call, made: CreatedKey) -> dict[str, Any]:
    return {"key": _body(made.key, call.house.keys.users(call.caller)), "text": made.text}


def _body(key: ApiKey, names: Mapping[UserId, str]) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": sorted(key.scopes),
        "datasets": None if key.datasets is None else sorted(key.datasets),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "last_used_ip": key.last_used_ip,
        "is_disabled": key.disabled_at is not None,
        "user": {"id": key.user_id, "name": names[key.user_id]},
    }


EXAMPLE: dict[str, Any] = {
    "id": "0192f0c479037e4fa0b1c2d3e4f5a6b7",
    "name": "help desk",
    "prefix": "dataset-3kTq9ZpA",
    "scopes": ["read", "write"],
    "datasets": None,
    "created_at": 1750000000000,
    "expires_at": None,
    "last_used_at": 1750000600000,
    "last_used_ip": "192.0.2.7",
    "is_disabled": False,
    "user": {"id": "0192f0c479007e4fa0b1c2d3e4f5a6b7", "name": "Ada"},
}
MADE_EXAMPLE: dict[str, Any] = {
    "key": EXAMPLE | {"last_used_at": None, "last_used_ip": None},
    "text": "dataset-3kTq9ZpA...",
}
OPERATIONS = (
    Operation(
        id="listKeys",
        method="GET",
        path="/keys",
        tag=TAG,
        summary="List API keys",
        description="The oldest first, never with their secret part. Needs the scope `admin`.",
        handler=list_keys,
        query=ListQuery,
        answer=wire.KeyList,
        answer_example={"items": [EXAMPLE], "next": None},
        errors=(ScopeMissing,),
    ),
    Operation(
        id="createKey",
        method="POST",
        path="/keys",
        tag=TAG,
        summary="Create an API key",
        description="In the name of who asks, and with no more rights than that member has at the time it is used. "
        "Needs the scope `admin`.",
        handler=create,
        body=wire.NewKey,
        body_example={"name": "help desk", "scopes": ["read", "write"]},
        status=201,
        answer=wire.MadeKey,
        answer_example=MADE_EXAMPLE,
        answer_description="Created; its text is shown this once.",
        errors=(DatasetNotFound, NameInvalid),
    ),
    Operation(
        id="changeKey",
        method="PATCH",
        path="/keys/{key_id}",
        tag=TAG,
        summary="Rename, disable or enable an API key",
        description="What is absent or null stays. Needs the scope `admin`.",
        handler=change,
        body=wire.KeyChange,
        body_example={"is_disabled": True},
        answer=wire.Key,
        answer_example=EXAMPLE | {"is_disabled": True},
        answer_description="Changed.",
        errors=(KeyNotFound, NameInvalid),
    ),
    Operation(
        id="rotateKey",
        method="POST",
        path="/keys/{key_id}/rotate",
        tag=TAG,
        summary="Replace an API key by a new one",
        description="The new key allows what the old one does and lasts for as long as that was made for; the old one "
        "works on for the time of grace. Needs the scope `admin`.",
        handler=rotate,
        body=wire.Rotation,
        body_example={"grace_seconds": 3600},
        status=201,
        answer=wire.MadeKey,
        answer_example=MADE_EXAMPLE,
        answer_description="The new key; its text is shown this once.",
        errors=(KeyNotFound, KeyNotInForce),
    ),
    Operation(
        id="removeKey",
        method="DELETE",
        path="/keys/{key_id}",
        tag=TAG,
        summary="Delete an API key",
        description="It is refused from now on, in every process within 10 seconds. Needs the scope `admin`.",
        handler=remove,
        status=204,
        answer_description="Deleted; the answer is empty.",
        errors=(KeyNotFound,),
    ),
)
