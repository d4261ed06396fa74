"""An OpenAPI document from a dialect's operations: nothing is written twice."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from diglot.domain import errors
from diglot.domain.errors import DiglotError
from diglot.http.bodies import BodyTooLarge
from diglot.http.dialect import Dialect
from diglot.http.operations import Operation

EVERY_ERROR: tuple[type[DiglotError], ...] = (errors.Unauthorized, errors.ApiDisabled)
WRITE_ERRORS: tuple[type[DiglotError], ...] = (errors.ScopeMissing,)
PATH_VARIABLES = {
    "dataset_id": "Id of the dataset: a UUID, with or without dashes.",
    "document_id": "Id of the document: a UUID, with or without dashes.",
    "segment_id": "Id of the chunk: a UUID, with or without dashes.",
    "chunk_id": "Id of the chunk: a UUID, with or without dashes.",
    "child_chunk_id": "Id of the child chunk: a UUID, with or without dashes.",
    "token": "A whole key, or the first characters that a list shows of it.",
    "image_id": "The `image_id` that a chunk shows.",
    "metadata_id": "Id of the metadata field: a UUID, with or without dashes.",
    "model_type": "`text-embedding`, `rerank`, `llm`, `speech2text`, `moderation` or `tts`.",
    "batch": "The batch that a create or an update answered.",
    "action": "`enable`, `disable`, `archive` or `un_archive`.",
    "number": "The number of the resource.",
    "page": "Which page, from 1.",
    "member_id": "Id of the member: a UUID, with or without dashes.",
    "key_id": "Id of the key: a UUID, with or without dashes.",
    "name": "The model's name.",
    "job_id": "Id of the job: a UUID, with or without dashes.",
    "log_id": "Id of the log: a UUID, with or without dashes.",
}
REFUSALS = {
    400: "The request is not valid.",
    401: "The API key is missing or not valid.",
    403: "This is not allowed.",
    404: "Something that the request names is not there.",
    409: "The state of things does not allow this.",
    413: "What was sent is too large.",
    415: "This type of file is not supported.",
    422: "The file cannot be read.",
    429: "The server is busy; try again later.",
    500: "Something went wrong.",
    502: "A model failed.",
    503: "Something that the server needs cannot be used now.",
    507: "The disk is nearly full.",
}
KINDS: dict[type, set[str | None]] = {
    type(None): {"null"},
    bool: {"boolean"},
    int: {"integer", "number"},
    float: {"number"},
    str: {"string"},
    list: {"array"},
    dict: {"object"},
}
JSON = "application/json"
# The file of the repository that holds the operation: where a page that is made of it is changed.
SOURCE = "x-source"
REFERENCES = "#/components/schemas/{model}"


@dataclass(frozen=True, slots=True)
class Title:
    name: str
    description: str
    version: str


def describe(dialect: Dialect, title: Title, server: str) -> dict[str, Any]:
    """`server`: the base URL under which the dialect answers the one who asks."""
    paths: dict[str, dict[str, Any]] = {}
    schemas = _schemas(dialect)
    for operation in dialect.operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(dialect, operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": title.name, "description": title.description, "version": title.version},
        "servers": [{"url": server, "description": "This server."}],
        "security": [{"ApiKey": []}],
        "tags": [
            # The name is what operations refer to; what readers see is beside it and has their language.
            {"name": tag, "x-displayName": tag}
            for tag in dict.fromkeys(one.tag for one in dialect.operations)
        ],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": _security_schemes(dialect),
        },
    }


def _security_schemes(dialect: Dialect) -> dict[str, Any]:
    key = {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer {API_KEY}`"}
    cookie = {"type": "apiKey", "in": "cookie", "name": "diglot_session", "description": "Of who is logged in."}
    takes_cookie = any(one.takes_cookie for one in dialect.operations)
    return {"ApiKey": key, "Session": cookie} if takes_cookie else {"ApiKey": key}


def _schemas(dialect: Dialect) -> dict[str, Any]:
    models: dict[tuple[type[BaseModel], Any], None] = {}
    if dialect.refusal is not None:
        models[dialect.refusal, "validation"] = None
    for operation in dialect.operations:
        for model in (operation.body, operation.form):
            if model is not None:
                models[model, "validation"] = None
        if operation.answer is not None:
            models[operation.answer, "validation"] = None
    references, schema = models_json_schema(list(models), ref_template=REFERENCES)
    defined = schema.get("$defs", {})
    for one in defined.values():
        _keep_fitting_defaults(one.get("properties", {}))
    return {"references": references, "$defs": defined}


def _keep_fitting_defaults(fields: dict[str, Any]) -> None:
    """What is taken widely may have a default that no client should send: null for a number, for instance."""
    for field in fields.values():
        if "default" in field and not _fits(field["default"], field):
            del field["default"]


def _fits(default: object, field: dict[str, Any]) -> bool:
    kinds = {one.get("type") for one in field.get("anyOf", (field,))}
    return bool(kinds & KINDS.get(type(default), {None})) or None in kinds


def _operation(dialect: Dialect, operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.description,
        "parameters": [*_path_parameters(operation), *_query_parameters(operation)],
        "responses": _responses(dialect, operation, schemas),
        SOURCE: _source(operation),
    }
    if operation.is_deprecated:
        described["deprecated"] = True
    if operation.is_open:
        described["security"] = [{"Session": []}] if operation.takes_cookie else []
    if operation.body is not None or operation.form is not None:
        described["requestBody"] = _request_body(dialect, operation, schemas)
    return described


def _source(operation: Operation) -> str:
    handler = operation.handler.func if isinstance(operation.handler, partial) else operation.handler
    return f"src/{handler.__module__.replace('.', '/')}.py"


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    names = re.findall(r"\{(\w+)\}", operation.path)
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": PATH_VARIABLES[name],
            "schema": {"type": "string"},
        }
        for name in names
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema()
    _keep_fitting_defaults(schema["properties"])
    required = schema.get("required", ())
    parameters = []
    for name, field in schema["properties"].items():
        description = field.pop("description", "")
        shown = {"name": name, "in": "query", "required": name in required, "description": description}
        parameters.append(shown | {"schema": field})
    return parameters


def _request_body(dialect: Dialect, operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if operation.body is not None:
        schema = schemas["references"][operation.body, "validation"]
        content[JSON] = {"schema": schema, "example": operation.body_example}
    if operation.form is not None:
        content["multipart/form-data"] = _form(dialect, operation, schemas)
    return {"required": True, "content": content}


def _form(dialect: Dialect, operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    form = schemas["references"][operation.form, "validation"]
    example = operation.body_example if operation.body is None else operation.form_example
    if dialect.data_part:
        return _form_with_data(dialect.data_part, form, example, needs_file=operation.needs_file)
    return {"schema": form, "example": example}


def _form_with_data(part: str, data: dict[str, Any], example: Any, *, needs_file: bool) -> dict[str, Any]:
    parts = {
        "file": {"type": "string", "format": "binary", "description": "The file, with its name."},
        part: {
            "description": "A JSON object, as the text of a plain field or of a part of its own.",
            "allOf": [data],
        },
    }
    form = {"type": "object", "properties": parts, "required": ["file"] if needs_file else []}
    return {
        "schema": form,
        "encoding": {part: {"contentType": JSON}},
        "example": {part: example},
    }


def _responses(dialect: Dialect, operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    """A dialect that refuses under the status of success shows both there."""
    responses: dict[str, Any] = {str(operation.status): _success(operation, schemas)}
    refusal = None if dialect.refusal is None else schemas["references"][dialect.refusal, "validation"]
    for kind in _errors(operation):
        status, code, body = dialect.example(kind, operation)
        response = responses.setdefault(str(status), {"description": REFUSALS.get(status, "")})
        content = response.setdefault("content", {}).setdefault(JSON, {})
        if refusal is not None:
            content["schema"] = _either(content.get("schema"), refusal)
        example = {"summary": code, "description": kind.default_message(), "value": body}
        content.setdefault("examples", {}).setdefault(kind.__name__, example)
    return responses


def _success(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    success: dict[str, Any] = {"description": operation.answer_description}
    example = {"example": operation.answer_example} if operation.answer_example is not None else {}
    if operation.answer_media:
        schema = {"type": "string"} if operation.answer_media.startswith("text/") else {}
        success["content"] = {operation.answer_media: {"schema": schema, **example}}
    elif operation.answer is not None:
        examples = {name: {"summary": "success", "value": value} for name, value in example.items()}
        schema = schemas["references"][operation.answer, "validation"]
        success["content"] = {JSON: {"schema": schema, **({"examples": examples} if examples else {})}}
    return success


def _either(schema: dict[str, Any] | None, refusal: dict[str, Any]) -> dict[str, Any]:
    if schema is None or schema == refusal:
        return refusal
    return schema if "anyOf" in schema else {"anyOf": [schema, refusal]}


def _errors(operation: Operation) -> tuple[type[DiglotError], ...]:
    takes = operation.query is not None or operation.body is not None or operation.form is not None
    argument = (errors.Invalid,) if takes else ()
    body = (BodyTooLarge,) if operation.body is not None or operation.form is not None else ()
    scope = WRITE_ERRORS if operation.method != "GET" else ()
    caller = () if operation.is_open else (*EVERY_ERROR, *scope)
    return tuple(dict.fromkeys((*caller, *argument, *body, *operation.errors, *operation.forms)))
