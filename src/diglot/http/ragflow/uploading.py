"""POST /datasets/{dataset_id}/documents: files, and documents without one."""

import mimetypes
from collections.abc import Iterable
from typing import Any

import orjson
from pydantic import ValidationError

from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Document
from diglot.domain.errors import DiglotError, FileTypeUnsupported
from diglot.domain.rules import ChunkingRules
from diglot.http.answers import Answer
from diglot.http.bodies import SentFile
from diglot.http.operations import Call
from diglot.http.ragflow import file_kinds
from diglot.http.ragflow import wire_documents as wire
from diglot.http.ragflow.answers import ABSENT, done
from diglot.http.ragflow.chunking import method_of, next_config, rules_of
from diglot.http.ragflow.codes import Code
from diglot.http.ragflow.document_bodies import document_body, raw_body, shown
from diglot.http.ragflow.errors import Refused, argument_error, data_error, invalid
from diglot.http.ragflow.lookups import dataset_of
from diglot.http.ragflow.parser_config import ParserConfig
from diglot.library.documents import NewDocument

MOST_FILES = 256
NAME_BYTES = 255
LONG_NAME = f"File name must be {NAME_BYTES} bytes or less."
UNSUPPORTED = "This type of file has not been supported yet!"
NEVER_READ = "application/octet-stream"


def upload(call: Call) -> Answer:
    query: wire.UploadQuery = call.query
    kind = query.type.strip().lower()
    if kind == "empty":
        return _add_empty(call)
    if kind == "web":
        raise data_error("Web pages are not fetched here: save the page and upload it as a file.")
    if kind != "local":
        raise argument_error('`type` must be one of "local", "web", or "empty".')
    return _add_files(call)


def _add_files(call: Call) -> Answer:
    files = _files(call)
    dataset = _dataset(call)
    readable = [one for one in files if is_accepted(call, one.name)]
    refused = [f"{one.name}: {UNSUPPORTED}" for one in files if one not in readable]
    outcomes = _stored(call, dataset, readable)
    added = [one for one in outcomes if isinstance(one, Document)]
    refused += [
        f"{file.name}: {_reason(one)}"
        for file, one in zip(readable, outcomes, strict=True)
        if isinstance(one, DiglotError)
    ]
    form = raw_body if call.query.return_raw_files.lower() == "true" else document_body
    data = shown(call.house, added, form)
    if refused:
        raise Refused(Code.SERVER, "\n".join(refused), data or ABSENT)
    return done(data)


def _add_empty(call: Call) -> Answer:
    name = call.body.name.strip() if isinstance(call.body.name, str) else ""
    if not name:
        raise argument_error("File name can't be empty.")
    _require_short(name)
    dataset = _dataset(call)
    if call.house.documents.is_name_taken(call.caller, dataset.id, name):
        raise data_error("Duplicated document name in the same dataset.")
    rules = rules_for(dataset_rules(call, dataset), name, None)
    new = new_document(dataset, name, b"", rules, {"type": file_kinds.VIRTUAL})
    return done(shown(call.house, [call.house.documents.add(call.caller, dataset.id, new)])[0])


def _files(call: Call) -> list[SentFile]:
    files = [one for one in call.files if one.field == "file"]
    # A part whose file name is empty comes as a field.
    if call.body.file is not None:
        raise argument_error("No file selected!")
    if not files:
        raise argument_error("No file part!")
    if len(files) > MOST_FILES:
        raise data_error(
            f"You try to upload {len(files)} files, which exceeds the maximum number of uploading files: {MOST_FILES}"
        )
    for one in files:
        _require_short(one.name)
    return files


def _require_short(name: str) -> None:
    if len(name.encode()) > NAME_BYTES:
        raise argument_error(LONG_NAME)


def _dataset(call: Call) -> Dataset:
    return dataset_of(call, data_error(f"Can't find the dataset with ID {call.path['dataset_id']}!"))


def is_accepted(call: Call, name: str) -> bool:
    """What RAGFlow takes, and what else can be read here."""
    return file_kinds.type_of(name) != file_kinds.OTHER or call.house.documents.can_read(name)


def _stored(call: Call, dataset: Dataset, files: Iterable[SentFile]) -> tuple[Document | DiglotError, ...]:
    of_dataset = dataset_rules(call, dataset)
    given = _given_config(call.body.parser_config)
    new = [new_document(dataset, one.name, one.content, rules_for(of_dataset, one.name, given), None) for one in files]
    return call.house.documents.add_many(call.caller, dataset.id, new) if new else ()


def new_document(
    dataset: Dataset, name: str, content: Any, rules: ChunkingRules | None, attributes: dict[str, Any] | None
) -> NewDocument:
    return NewDocument(
        name=name,
        content=[content] if isinstance(content, bytes) else content,
        rules=rules,
        has_own_rules=True,
        indexing=None if dataset.indexing else Indexing.HIGH_QUALITY,
        language=dataset.language or "English",
        is_numbered=True,
        begins=False,
        media_type=(mimetypes.guess_type(name)[0] or NEVER_READ)[:127],
        attributes=attributes,
    )


def dataset_rules(call: Call, dataset: Dataset) -> ChunkingRules | None:
    return call.house.rulebook.of_datasets([dataset]).get(dataset.id)


def rules_for(of_dataset: ChunkingRules | None, name: str, given: ParserConfig | None) -> ChunkingRules | None:
    """None: those of the dataset, as they are. Some kinds of files have a method of their own, with its options."""
    automatic = file_kinds.automatic_method(name)
    if of_dataset is not None and given is None and automatic in (None, of_dataset.method):
        return None
    method = method_of(of_dataset)
    return rules_of(automatic or method, next_config(of_dataset, method, given))


def _given_config(sent: Any) -> ParserConfig | None:
    if sent in (None, "", {}):
        return None
    try:
        return ParserConfig.model_validate(orjson.loads(sent) if isinstance(sent, str) else sent)
    except orjson.JSONDecodeError:
        raise argument_error("`parser_config` must be a JSON object") from None
    except ValidationError as error:
        raise invalid(error) from error


def _reason(error: DiglotError) -> str:
    return UNSUPPORTED if isinstance(error, FileTypeUnsupported) else error.message
