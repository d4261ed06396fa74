"""An OpenAPI document from a dialect's operations: nothing is written twice."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from diglot.domain import errors
from diglot.domain.errors import DiglotError
from diglot.http.dialect import Dialect
from diglot.http.operations import Operation

EVERY_ERROR: tuple[type[DiglotError], ...] = (errors.Unauthorized, errors.ApiDisabled)
WRITE_ERRORS: tuple[type[DiglotError], ...] = (errors.ScopeMissing,)
PATH_VARIABLES = {
    "dataset_id": "Id of the dataset: a UUID, with or without dashes.",
    "document_id": "Id of the document: a UUID, with or without dashes.",
    "segment_id": "Id of the chunk: a UUID, with or without dashes.",
    "chunk_id": "Id of the chunk: a UUID, with or without dashes.",
    "image_id": "The `image_id` that a chunk shows.",
    "batch": "The batch that a create or an update answered.",
    "action": "`enable`, `disable`, `archive` or `un_archive`.",
    "number": "The number of the resource.",
}
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
        "tags": [{"name": tag} for tag in dict.fromkeys(one.tag for one in dialect.operations)],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "ApiKey": {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer {API_KEY}`"}
            },
        },
    }


def _schemas(dialect: Dialect) -> dict[str, Any]:
    models: dict[tuple[type[BaseModel], Any], None] = {}
    for operation in dialect.operations:
        for model in (operation.body, operation.form):
            if model is not None:
                models[model, "validation"] = None
        if operation.answer is not None:
            models[operation.answer, "validation"] = None
    references, schema = models_json_schema(list(models), ref_template=REFERENCES)
    return {"references": references, "$defs": schema.get("$defs", {})}


def _operation(dialect: Dialect, operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.description,
        "parameters": [*_path_parameters(operation), *_query_parameters(operation)],
        "responses": _responses(dialect, operation, schemas),
    }
    if operation.is_deprecated:
        described["deprecated"] = True
    if operation.body is not None or operation.form is not None:
        described["requestBody"] = _request_body(operation, schemas)
    return described


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
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
    required = schema.get("required", ())
    parameters = []
    for name, field in schema["properties"].items():
        description = field.pop("description", "")
        shown = {"name": name, "in": "query", "required": name in required, "description": description}
        parameters.append(shown | {"schema": field})
    return parameters


def _request_body(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    if operation.form is None:
        schema = schemas["references"][operation.body, "validation"]
        content: dict[str, Any] = {"schema": schema, "example": operation.body_example}
        return {"required": True, "content": {"application/json": content}}
    data = schemas["references"][operation.form, "validation"]
    parts = {
        "file": {"type": "string", "format": "binary", "description": "The file, with its name."},
        "data": {
            "description": "A JSON object, as the text of a plain field or of a part of its own.",
            "allOf": [data],
        },
    }
    form = {"type": "object", "properties": parts, "required": ["file"] if operation.needs_file else []}
    encoding = {"data": {"contentType": "application/json"}}
    content = {"schema": form, "encoding": encoding, "example": {"data": operation.body_example}}
    return {"required": True, "content": {"multipart/form-data": content}}


def _responses(dialect: Dialect, operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    success: dict[str, Any] = {"description": operation.answer_description}
    if operation.answer is not None:
        success["content"] = {"application/json": {"schema": schemas["references"][operation.answer, "validation"]}}
    responses: dict[str, Any] = {str(operation.status): success}
    for kind in _errors(operation):
        status, code, body = dialect.example(kind, operation)
        response = responses.setdefault(
            str(status), {"description": code, "content": {"application/json": {"examples": {}}}}
        )
        examples = response["content"]["application/json"]["examples"]
        examples.setdefault(kind.__name__, {"summary": code, "value": body})
    return responses


def _errors(operation: Operation) -> tuple[type[DiglotError], ...]:
    takes = operation.query is not None or operation.body is not None or operation.form is not None
    argument = (errors.Invalid,) if takes else ()
    scope = WRITE_ERRORS if operation.method != "GET" else ()
    return (*EVERY_ERROR, *scope, *argument, *operation.errors)
