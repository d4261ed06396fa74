"""/files/{document_id}: a document's file by a link that was signed here, without a key."""

from diglot.domain.errors import ApiDisabled, DocumentNotFound, LinkRefused
from diglot.http.answers import SANDBOXED, Answer, FileAnswer, disposition
from diglot.http.native import wire
from diglot.http.operations import Call, Operation

TAG = "Files"
# Whatever the file is: a browser neither runs it nor keeps it.
SAFE = (
    SANDBOXED,
    (b"cache-control", b"private, no-store"),
    (b"referrer-policy", b"no-referrer"),
)


def download(call: Call) -> Answer:
    if not call.house.switches.now().api_enabled:
        raise ApiDisabled
    sent: wire.LinkQuery = call.query
    document, content = call.house.downloads.follow(call.path["document_id"], sent.expires, sent.signature)
    return FileAnswer(
        200,
        media_type=document.media_type.encode(),
        headers=(disposition("attachment", document.name), *SAFE),
        content=content,
        size=document.size,
    )


OPERATIONS = (
    Operation(
        id="downloadFile",
        method="GET",
        path="/files/{document_id}",
        tag=TAG,
        summary="A document's file",
        description="By a link that an answer of this server gave, without a key, for as long as the setting "
        "`link_seconds` says. Always as a download. A link that was altered or has expired is refused, the file of a "
        "deleted document is gone at once.",
        handler=download,
        query=wire.LinkQuery,
        answer_description="The file as it was sent.",
        answer_media="*/*",
        errors=(LinkRefused, DocumentNotFound),
        is_open=True,
    ),
)
