"""/documents/{document_id}/pages/...: pages as pictures, and the places of chunks on them."""

from diglot.domain.document import Document
from diglot.domain.errors import DocumentNotFound, NoPages, Overloaded, PageNotFound, ParseFailed
from diglot.http.answers import Answer, json_answer
from diglot.http.native import wire
from diglot.http.native.lookups import document_of
from diglot.http.operations import Call, Operation
from diglot.library.pages import Sheet

TAG = "Pages"
PNG = "image/png"
# Past this no page was ever counted.
NUMBER_DIGITS = 6
ERRORS = (DocumentNotFound, NoPages, PageNotFound, ParseFailed, Overloaded)


def image(call: Call) -> Answer:
    return _picture(call, _sheet(call, _document(call)))


def thumbnail(call: Call) -> Answer:
    return _picture(call, call.house.pages.thumbnail_sheet(call.caller, _document(call)))


def places(call: Call) -> Answer:
    document = _document(call)
    sheet = _sheet(call, document)
    shown = call.house.pages.image(sheet)
    found = call.house.pages.chunks(call.caller, document, sheet, shown)
    return json_answer(
        {
            "page": sheet.page,
            "pages": shown.pages,
            "width": shown.width,
            "height": shown.height,
            "chunks": [{"chunk_id": one.id, "position": one.position, "boxes": one.boxes} for one in found],
        }
    )


def _document(call: Call) -> Document:
    return document_of(call, call.path["document_id"])


def _sheet(call: Call, document: Document) -> Sheet:
    sent = call.path["page"]
    if not (sent.isascii() and sent.isdigit() and len(sent) <= NUMBER_DIGITS and int(sent)):
        raise PageNotFound
    return call.house.pages.sheet(call.caller, document, int(sent), call.query.width)


def _picture(call: Call, sheet: Sheet) -> Answer:
    """A client that has it already is told so: the same file's page of the same size never changes."""
    tag = f'"{sheet.source[:32]}-{sheet.page}-{sheet.fit[0]}x{sheet.fit[1]}"'
    headers = ((b"etag", tag.encode()), (b"cache-control", b"private, no-cache"))
    known = (one.strip().removeprefix("W/") for one in call.headers.get("if-none-match", "").split(","))
    if tag in known:
        return Answer(304, headers=headers)
    return Answer(200, call.house.pages.image(sheet).png, PNG.encode(), headers)


OPERATIONS = (
    Operation(
        id="pageImage",
        method="GET",
        path="/documents/{document_id}/pages/{page}.png",
        tag=TAG,
        summary="A page as a picture",
        description="Of a PDF or a picture file: of the file whose chunks are found, else of the newest. Kept for the "
        "next who asks, with an ETag.",
        handler=image,
        query=wire.PageQuery,
        answer_description="The picture.",
        answer_media=PNG,
        errors=ERRORS,
    ),
    Operation(
        id="pagePlaces",
        method="GET",
        path="/documents/{document_id}/pages/{page}.json",
        tag=TAG,
        summary="Where chunks stand on a page",
        description="In pixels of the picture of the same `width`.",
        handler=places,
        query=wire.PageQuery,
        answer=wire.Page,
        answer_example={
            "page": 3,
            "pages": 12,
            "width": 1000,
            "height": 1414,
            "chunks": [
                {
                    "chunk_id": "0192f0c47e1a7c3b9d523f6b8a1c2d3e",
                    "position": 7,
                    "boxes": [[121.0, 152.1, 521.2, 171.4]],
                }
            ],
        },
        answer_description="The chunks that stand on the page.",
        errors=ERRORS,
    ),
    Operation(
        id="thumbnail",
        method="GET",
        path="/documents/{document_id}/thumbnail.png",
        tag=TAG,
        summary="A small picture of a document",
        description="Its first page, at most 256 pixels wide and high.",
        handler=thumbnail,
        answer_description="The picture.",
        answer_media=PNG,
        errors=(DocumentNotFound, NoPages, ParseFailed, Overloaded),
    ),
)
