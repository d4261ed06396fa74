"""The files behind documents: /documents/{document_id}/upload-file and /download, /documents/download-zip."""

from diglot.domain.document import Document
from diglot.domain.errors import DatasetNotFound, DocumentNotFound, FileNotFound
from diglot.domain.identity import DocumentId, parse_id
from diglot.http.addresses import url_of
from diglot.http.answers import Answer, StreamAnswer, disposition, json_answer
from diglot.http.dify import translate
from diglot.http.dify import wire_downloads as wire
from diglot.http.dify.lookups import dataset_of, document_id
from diglot.http.operations import Call, Operation

TAG = "Documents"
ZIP = "application/zip"
URL = (
    "http://127.0.0.1:9380/diglot/v1/files/0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3e"
    "?expires=1750000300&signature=5f1d7a84db00d2fce00b31a7fc73224f8f1d7a84db00d2fce00b31a7fc73224f"
)


def upload_file(call: Call) -> Answer:
    document = _document(call)
    url = _url(call, document)
    return json_answer(translate.upload_file(document) | {"url": url, "download_url": url})


def download(call: Call) -> Answer:
    return json_answer({"url": _url(call, _document(call))})


def download_zip(call: Call) -> Answer:
    sent: wire.DownloadZip = call.body
    dataset = dataset_of(call)
    pieces = call.house.downloads.archive(call.caller, dataset.id, map(_id, sent.document_ids))
    return StreamAnswer(
        200, media_type=ZIP.encode(), headers=(disposition("attachment", f"{dataset.name}.zip"),), pieces=pieces
    )


def _document(call: Call) -> Document:
    return call.house.documents.get(call.caller, dataset_of(call).id, document_id(call))


def _url(call: Call, document: Document) -> str:
    return url_of(call, call.house.downloads.link(document))


def _id(sent: str) -> DocumentId:
    plain = parse_id(sent)
    if plain is None:
        raise DocumentNotFound
    return DocumentId(plain)


OPERATIONS = (
    Operation(
        id="getUploadFile",
        method="GET",
        path="/datasets/{dataset_id}/documents/{document_id}/upload-file",
        tag=TAG,
        summary="Get a document's file",
        description="What is known of it, and a link by which it can be fetched for a few minutes without a key.",
        handler=upload_file,
        answer=wire.LinkedFile,
        errors=(DatasetNotFound, DocumentNotFound, FileNotFound),
        is_deprecated=True,
    ),
    Operation(
        id="downloadDocument",
        method="GET",
        path="/datasets/{dataset_id}/documents/{document_id}/download",
        tag=TAG,
        summary="Get a link to a document's file",
        description="By the link the file can be fetched for a few minutes without a key.",
        handler=download,
        answer=wire.FileUrl,
        answer_example={"url": URL},
        errors=(DatasetNotFound, DocumentNotFound, FileNotFound),
    ),
    Operation(
        id="downloadDocumentsZip",
        method="POST",
        path="/datasets/{dataset_id}/documents/download-zip",
        tag=TAG,
        summary="Download documents' files as a zip archive",
        description="The files as they were sent, in the order asked for, under the documents' names; of names that "
        "are there twice the later ones get a number.",
        handler=download_zip,
        body=wire.DownloadZip,
        body_example={"document_ids": ["0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3e"]},
        answer_description="The archive.",
        answer_media=ZIP,
        errors=(DatasetNotFound, DocumentNotFound, FileNotFound),
    ),
)
