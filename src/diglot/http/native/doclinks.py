"""/docs-links: where the pages of the documentation are changed, and where their mistakes are told."""

from diglot.http.answers import Answer, json_answer
from diglot.http.native import wire_operations as wire
from diglot.http.operations import Call, Operation


def docs_links(call: Call) -> Answer:
    settings = call.house.settings
    return json_answer({"edit": settings.docs_edit_url, "report": settings.docs_report_url})


OPERATIONS = (
    Operation(
        id="docsLinks",
        method="GET",
        path="/docs-links",
        tag="Server",
        summary="Links of the documentation",
        description="Where its pages are changed and where mistakes are told, as this server's operator has set it. "
        "Without a key: whoever reads the documentation may follow them.",
        handler=docs_links,
        answer=wire.DocsLinks,
        answer_example={
            "edit": "https://github.com/example/diglot/edit/main/{path}",
            "report": "https://github.com/example/diglot/issues/new?title={title}&body={page}",
        },
        is_light=True,
        is_open=True,
    ),
)
