"""/system and /users: the server, its user, its keys."""

import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from diglot.catalog import workspaces
from diglot.domain.api_key import ApiKey, Scope
from diglot.domain.errors import DiglotError
from diglot.domain.identity import now_ms
from diglot.http.answers import Answer, json_answer
from diglot.http.house import House
from diglot.http.operations import Call, Operation
from diglot.http.ragflow import models
from diglot.http.ragflow import wire_system as wire
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.times import http_date

TAG = "System"
TEXT = b"text/plain; charset=utf-8"
PARSERS = (
    "naive:General,qa:Q&A,resume:Resume,manual:Manual,table:Table,paper:Paper,book:Book,laws:Laws,"
    "presentation:Presentation,picture:Picture,one:One,email:Email,tag:Tag"
)


def ping(call: Call) -> Answer:
    return Answer(200, b"pong", TEXT)


def get_version(call: Call) -> Answer:
    return done(version("diglot"))


def health(call: Call) -> Answer:
    found = {name: "ok" if is_well() else "nok" for name, is_well in _parts(call.house).items()}
    is_well = "nok" not in found.values()
    return json_answer(found | {"status": "ok" if is_well else "nok"}, 200 if is_well else 500)


def status(call: Call) -> Answer:
    parts = _parts(call.house)
    database = "sqlite" if call.house.settings.database_url is None else "postgresql"
    body = {
        "doc_engine": {"type": "diglot"} | _timed(parts["doc_engine"]),
        "storage": {"storage": "local"} | _timed(parts["storage"]),
        "database": {"database": database} | _timed(parts["db"]),
        "task_executor_heartbeats": {},
    }
    return done(body)


def config(call: Call) -> Answer:
    return done({"registerEnabled": 0, "disablePasswordLogin": True})


def list_tokens(call: Call) -> Answer:
    now = now_ms()
    return done([_token(key, key.prefix) for key in call.house.keys.list(call.caller) if key.is_in_force(now)])


def create_token(call: Call) -> Answer:
    query: wire.NewTokenQuery = call.query
    created = call.house.keys.create(call.caller, query.name)
    return done(_token(created.key, created.text))


def remove_token(call: Call) -> Answer:
    """Gone is gone, also where there was none."""
    for key in call.house.keys.written(call.caller, call.path["token"]):
        call.house.keys.revoke(call.caller, key.id)
    return done(True)


def me(call: Call) -> Answer:
    body = {
        "id": call.caller.user_id,
        "nickname": "",
        "email": "",
        "avatar": None,
        "language": "English",
        "is_superuser": Scope.ADMIN in call.caller.scopes,
        "status": "1",
    }
    return done(body)


def my_models(call: Call) -> Answer:
    body = {
        "tenant_id": call.caller.workspace_id,
        "name": "",
        "role": "owner",
        "llm_id": "",
        "embd_id": models.shown(call.house, call.house.embedders.default()),
        "rerank_id": next(iter(call.house.rerankers.names()), ""),
        "asr_id": "",
        "img2txt_id": "",
        "tts_id": "",
        "parser_ids": PARSERS,
    }
    return done(body)


def _parts(house: House) -> dict[str, Callable[[], bool]]:
    return {
        "db": lambda: _answers(house),
        "doc_engine": lambda: _is_usable(house.settings.index_folder),
        "storage": lambda: _is_usable(house.settings.blobs_folder),
    }


def _answers(house: House) -> bool:
    try:
        with house.database.read() as connection:
            workspaces.any_exists(connection)
    except DiglotError:
        return False
    return True


def _is_usable(folder: Path) -> bool:
    """It is made when it is first needed."""
    return folder.is_dir() or not folder.exists()


def _timed(is_well: Callable[[], bool]) -> dict[str, str]:
    began = time.perf_counter()
    color = "green" if is_well() else "red"
    return {"status": color, "elapsed": f"{(time.perf_counter() - began) * 1000:.1f}"}


def _token(key: ApiKey, text: str) -> dict[str, Any]:
    return {
        "tenant_id": key.workspace_id,
        "token": text,
        "beta": "",
        "name": key.name,
        "create_time": key.created_at,
        "create_date": http_date(key.created_at),
        "update_time": None,
        "update_date": None,
    }


DONE_EXAMPLE = {"code": 0, "message": "success"}
TOKEN_EXAMPLE = {
    "tenant_id": "0192f0c47e1a7c3b9d523f6b8a1c2d40",
    "token": "dataset-4tRq8ZpL",
    "beta": "",
    "name": "RAGFlow",
    "create_time": 1718640005000,
    "create_date": "Mon, 17 Jun 2024 16:00:05 GMT",
    "update_time": None,
    "update_date": None,
}
OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="ping",
        method="GET",
        path="/system/ping",
        tag=TAG,
        summary="Ask whether the server answers",
        description="The text `pong`.",
        handler=ping,
        answer_media="text/plain",
        answer_example="pong",
        is_open=True,
        is_light=True,
    ),
    Operation(
        id="getVersion",
        method="GET",
        path="/system/version",
        tag=TAG,
        summary="Get the server's version",
        description="Of this server, not of a RAGFlow.",
        handler=get_version,
        answer=wire.VersionReply,
        answer_example=DONE_EXAMPLE | {"data": "0.1.0"},
        is_open=True,
        is_light=True,
    ),
    Operation(
        id="getHealth",
        method="GET",
        path="/system/healthz",
        tag=TAG,
        summary="Ask whether the server is well",
        description="500 if a part is not. Also under `/v1/system/healthz`.",
        handler=health,
        answer=wire.Health,
        answer_example={"db": "ok", "doc_engine": "ok", "storage": "ok", "status": "ok"},
        is_open=True,
    ),
    Operation(
        id="getStatus",
        method="GET",
        path="/system/status",
        tag=TAG,
        summary="See how each part does",
        description="Database, files and search index, and how long each took to answer.",
        handler=status,
        answer=wire.StatusReply,
        answer_example=DONE_EXAMPLE
        | {
            "data": {
                "doc_engine": {"type": "diglot", "status": "green", "elapsed": "0.1"},
                "storage": {"storage": "local", "status": "green", "elapsed": "0.1"},
                "database": {"database": "sqlite", "status": "green", "elapsed": "0.4"},
                "task_executor_heartbeats": {},
            }
        },
    ),
    Operation(
        id="getConfig",
        method="GET",
        path="/system/config",
        tag=TAG,
        summary="Get what a login page must know",
        description="Nobody registers here and there are no passwords.",
        handler=config,
        answer=wire.LoginConfigReply,
        answer_example=DONE_EXAMPLE | {"data": {"registerEnabled": 0, "disablePasswordLogin": True}},
        is_open=True,
        is_light=True,
    ),
    Operation(
        id="listTokens",
        method="GET",
        path="/system/tokens",
        tag=TAG,
        summary="List API keys",
        description="Those of the workspace that are in force, oldest first; of each only the first characters are "
        "known. Needs a key with the scope `admin`.",
        handler=list_tokens,
        answer=wire.TokensReply,
        answer_example=DONE_EXAMPLE | {"data": [TOKEN_EXAMPLE]},
    ),
    Operation(
        id="createToken",
        method="POST",
        path="/system/tokens",
        tag=TAG,
        summary="Make an API key",
        description="It may read and write all datasets of the workspace. Its text is shown this once. Needs a key "
        "with the scope `admin`.",
        handler=create_token,
        query=wire.NewTokenQuery,
        answer=wire.TokenReply,
        answer_example=DONE_EXAMPLE | {"data": TOKEN_EXAMPLE},
    ),
    Operation(
        id="deleteToken",
        method="DELETE",
        path="/system/tokens/{token}",
        tag=TAG,
        summary="Revoke an API key",
        description="At once here, within 10 s in other processes; success is told where there was none. Needs a key "
        "with the scope `admin`.",
        handler=remove_token,
        answer=wire.RevokedReply,
        answer_example=DONE_EXAMPLE | {"data": True},
    ),
    Operation(
        id="getMe",
        method="GET",
        path="/users/me",
        tag=TAG,
        summary="See whom the key belongs to",
        description="Only the id is of use: people have no profiles here.",
        handler=me,
        answer=wire.UserReply,
        answer_example=DONE_EXAMPLE
        | {
            "data": {
                "id": "0192f0c47e1a7c3b9d523f6b8a1c2d41",
                "nickname": "",
                "email": "",
                "avatar": None,
                "language": "English",
                "is_superuser": False,
                "status": "1",
            }
        },
        is_light=True,
    ),
    Operation(
        id="getMyModels",
        method="GET",
        path="/users/me/models",
        tag=TAG,
        summary="See which models are used where nobody chooses",
        description="The embedding model and the first reranker; there is no chat model.",
        handler=my_models,
        answer=wire.ModelsReply,
        answer_example=DONE_EXAMPLE
        | {
            "data": {
                "tenant_id": "0192f0c47e1a7c3b9d523f6b8a1c2d40",
                "name": "",
                "role": "owner",
                "llm_id": "",
                "embd_id": "diglot/lexical@diglot",
                "rerank_id": "",
                "asr_id": "",
                "img2txt_id": "",
                "tts_id": "",
                "parser_ids": PARSERS,
            }
        },
    ),
)
