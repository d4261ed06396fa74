"""Writes what would run into everything that can be written, by the doors that everybody has."""

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from diglot.domain.errors import NameInvalid
from diglot.library.naming import clean_name
from tests.adapters.parsers.crafting import Piece, pdf
from tests.dialects.dify.objects import A_CHUNK_A_LINE, PARENTS_AND_CHILDREN

PAYLOADS: list[str] = json.loads(Path(__file__).with_name("payloads.json").read_text("utf-8"))
DATASET_NAME, DESCRIPTION, TAG, METADATA_NAME = 40, 400, 50, 255
# What the console's lists show a page.
DOCUMENTS_A_PAGE, CHUNKS_A_PAGE, DATASETS_A_PAGE = 25, 20, 20
SOME = 25
NAMED = 205
READY_SECONDS = 90
WORDS = "script alert img svg onerror onload iframe click"


@dataclass(frozen=True, slots=True)
class Planted:
    """`pages`: a path, the texts it must show, and what is opened there. `files`: ids of documents of the
    dataset `shelf` by their names."""

    dataset: str
    shelf: str
    pages: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)


class Planter:
    def __init__(self, client: httpx.Client, endpoint: str) -> None:
        """`client` has an owner's key; `endpoint` answers as models do."""
        self._client = client
        self._endpoint = endpoint

    def plant(self) -> Planted:
        dataset = self._post("/v1/datasets", {"name": short(DATASET_NAME)[0], "description": _description()})["id"]
        planted = Planted(dataset, self._post("/v1/datasets", {"name": "Files"})["id"])
        for plant in (
            self._datasets,
            self._members_and_keys,
            self._models,
            self._documents,
            self._chunks,
            self._forms,
            self._files,
            self._questions,
        ):
            plant(planted)
        self._wait(planted)
        return planted

    def _post(self, path: str, body: Any, **more: Any) -> Any:
        answer = self._client.post(path, json=body, **more)
        assert answer.status_code < 300, f"{path}: {answer.text} of {str(body)[:200]}"
        said = answer.json() if answer.content else {}
        assert not (path.startswith("/api/") and said["code"]), f"{path}: {said} of {str(body)[:200]}"
        return said

    def _datasets(self, planted: Planted) -> None:
        names = short(DATASET_NAME)[: 2 * DATASETS_A_PAGE]
        for name in names[1:]:
            self._post("/v1/datasets", {"name": name})
        tags = short(TAG)[:SOME]
        ids = [self._post("/v1/datasets/tags", {"name": name})["id"] for name in tags]
        self._post("/v1/datasets/tags/binding", {"target_id": planted.dataset, "tag_ids": ids})
        planted.pages.append(_page("/console/datasets", names, numbered=3))
        planted.pages.append(_page(f"/console/datasets/{planted.dataset}/settings", [*tags, _description()]))

    def _members_and_keys(self, planted: Planted) -> None:
        names = fit(clean_name)[-SOME:]
        for number, name in enumerate(names):
            body = {"name": name, "login": f"m{number}", "role": "viewer", "password": "horse battery correct"}
            self._post("/diglot/v1/members", body)
            self._post("/diglot/v1/keys", {"name": name, "scopes": ["read"]})
        planted.pages.extend(_page(f"/console/{place}", names) for place in ("members", "keys"))
        planted.pages.append(_page("/console/logs?tab=audit", names, opens="onward"))

    def _models(self, planted: Planted) -> None:
        names = PAYLOADS[:5]
        for number, name in enumerate(names):
            body = {"type": "embedding", "name": f"m{number}", "base_url": self._endpoint, "model": name}
            self._post("/diglot/v1/models", body)
        planted.pages.append(_page("/console/models", []))

    def _documents(self, planted: Planted) -> None:
        """Each with its payload as its name and as its text."""
        names = fit(clean_name)[:NAMED]
        assert len(names) == NAMED
        for name in names:
            self._text(planted.dataset, name, name)
        root = f"/console/datasets/{planted.dataset}"
        pages = len(names) // DOCUMENTS_A_PAGE + 1
        planted.pages.append(_page(root, names, numbered=pages))
        planted.pages.append(_page("/console/jobs", [], opens="onward"))
        planted.pages.append(_page("/console/system", []))
        planted.pages.append(_page("/console/account", []))

    def _text(self, dataset: str, name: str, text: str, **more: Any) -> str:
        body = {"name": name, "text": text, "indexing_technique": "high_quality", "process_rule": A_CHUNK_A_LINE}
        return str(self._post(f"/v1/datasets/{dataset}/document/create-by-text", body | more)["document"]["id"])

    def _chunks(self, planted: Planted) -> None:
        """Content, keywords, questions and tags of chunks, names and values of metadata, of one document."""
        dataset = planted.dataset.replace("-", "")
        document = self._text(planted.dataset, "{{name}} $t(common:actions.save)", "The first chunk.")
        path = f"/api/v1/datasets/{dataset}/documents/{document.replace('-', '')}/chunks"
        self._settle(planted.dataset)
        for text in PAYLOADS:
            words = {"important_keywords": [text], "questions": [text], "tag_kwd": [text]}
            self._post(path, {"content": text, **words})
        where = f"/console/datasets/{planted.dataset}/documents/{document}"
        pages = len(PAYLOADS) // CHUNKS_A_PAGE + 1
        planted.pages.append(_page(f"{where}?list=", PAYLOADS, numbered=pages))
        fields = [text for text in PAYLOADS if len(text) <= METADATA_NAME]
        values = []
        for name in fields:
            made = self._post(f"/v1/datasets/{planted.dataset}/metadata", {"name": name, "type": "string"})
            values.append({"id": made["id"], "name": made["name"], "value": name})
        operation = {"document_id": document, "metadata_list": values, "partial_update": True}
        self._post(f"/v1/datasets/{planted.dataset}/documents/metadata", {"operation_data": [operation]})
        shown = [*fields, "{{name}} $t(common:actions.save)"]
        planted.pages.append(_page(where, shown, opens="details"))
        self._client.delete(f"/v1/datasets/{planted.dataset}/metadata/{values[0]['id']}")
        planted.pages.append(_page(f"/console/datasets/{planted.dataset}/settings", fields[1:]))

    def _forms(self, planted: Planted) -> None:
        """Child chunks, and answers to questions."""
        groups = ["\n".join(PAYLOADS[start : start + SOME]) for start in range(0, len(PAYLOADS), SOME)]
        dataset = self._post("/v1/datasets", {"name": "Children"})["id"]
        rules = {"doc_form": "hierarchical_model", "process_rule": PARENTS_AND_CHILDREN}
        document = self._text(dataset, "Parent", "The one parent.", **rules)
        self._settle(dataset)
        segments = f"/v1/datasets/{dataset}/documents/{document}/segments"
        [parent] = self._client.get(segments).json()["data"]
        for group in groups[:-1]:
            self._post(f"{segments}/{parent['id']}/child_chunks", {"content": group})
        where = f"/console/datasets/{dataset}/documents/{document}"
        planted.pages.append(_page(where, PAYLOADS[:-SOME], opens="children"))
        dataset = self._post("/v1/datasets", {"name": "Answers"})["id"]
        document = self._text(dataset, "Questions", "Q: Why? A: Because.", doc_form="qa_model")
        self._settle(dataset)
        segments = f"/v1/datasets/{dataset}/documents/{document}/segments"
        self._post(segments, {"segments": [{"content": group, "answer": group} for group in groups]})
        planted.pages.append(_page(f"/console/datasets/{dataset}/documents/{document}", PAYLOADS, opens="texts"))

    def _files(self, planted: Planted) -> None:
        dataset = planted.shelf
        for name, content in files().items():
            answer = self._client.post(
                f"/v1/datasets/{dataset}/document/create-by-file",
                files={"file": (name, content), "data": (None, '{"indexing_technique": "economy"}')},
            )
            assert answer.status_code == 200, f"{name}: {answer.text}"
            planted.files[name] = answer.json()["document"]["id"]
        self._settle(dataset)
        root = f"/console/datasets/{dataset}"
        planted.pages.append(_page(root, [*planted.files, DAMAGED_PART]))
        planted.pages.extend(_page(f"{root}/documents/{one}", [], opens="texts") for one in planted.files.values())
        planted.pages.append(_page(f"{root}/documents/{planted.files[DAMAGED]}", [DAMAGED_PART]))
        planted.pages.append(_page("/console/jobs?state=failed", [DAMAGED_PART]))

    def _questions(self, planted: Planted) -> None:
        self._settle(planted.dataset)
        for text in PAYLOADS:
            self._post(f"/v1/datasets/{planted.dataset}/retrieve", {"query": text})
        planted.pages.append(_page("/console/logs", PAYLOADS, opens="onward"))
        lab = f"/console/datasets/{planted.dataset}/lab"
        asked = [(WORDS, 20), *((text, 8) for text in PAYLOADS[::60])]
        planted.pages.extend(
            _page(str(httpx.URL(lab, params={"q": text, "k": most})), [text.strip()], opens="scores")
            for text, most in asked
        )
        condition = {"name": PAYLOADS[1], "operator": "is", "values": [PAYLOADS[1]]}
        filters = json.dumps({"logic": "and", "items": [condition]})
        filtered = httpx.URL(lab, params={"q": WORDS, "k": 20, "filter": filters})
        planted.pages.append(_page(str(filtered), [PAYLOADS[1]], opens="scores"))

    def _settle(self, dataset: str) -> None:
        """Until nothing of the dataset is worked on."""
        path = f"/api/v1/datasets/{dataset.replace('-', '')}/documents"
        self._until(
            lambda: not self._client.get(path, params={"run": ["RUNNING"], "page_size": 1}).json()["data"]["total"]
        )

    def _wait(self, planted: Planted) -> None:
        """Until the log of questions is written."""
        path = "/diglot/v1/queries"
        self._until(lambda: len(self._client.get(path, params={"limit": 200}).json()["items"]) == 200)

    def _until(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not is_so():
            assert time.monotonic() < deadline, "documents are still being worked on"
            time.sleep(0.05)


def short(most: int) -> list[str]:
    return [text for text in fit(clean_name) if len(text) <= most]


def fit(rule: Callable[[str], str]) -> list[str]:
    """Those that may be names."""
    return [text for text in PAYLOADS if _is_name(text, rule)]


def _is_name(text: str, rule: Callable[[str], str]) -> bool:
    try:
        return rule(text) == text
    except NameInvalid:
        return False


def _description() -> str:
    return " ".join(PAYLOADS)[:DESCRIPTION]


def _page(path: str, shown: Iterable[str], opens: str = "", numbered: int = 0) -> dict[str, Any]:
    """`numbered`: how many pages its list has."""
    return {"path": path, "shown": list(shown), "opens": opens, "numbered": numbered}


DAMAGED_PART = "word/<img src=x onerror=alert(1)>.xml"
DAMAGED = "<svg onload=alert(1)>.docx"
HTML = "<img src=x onerror=alert(1)>.html"
XHTML = "javascript:alert(1).xhtml"
SCRIPT = "alert(1).txt"


def files() -> dict[str, bytes]:
    every = "\n\n".join(PAYLOADS)
    sections = "\n\n".join(f"# {text}\n\nText of {text}" for text in PAYLOADS if "\n" not in text)
    lines = [text for text in PAYLOADS if text.isascii() and "\n" not in text]
    pages = [
        [Piece(40, 760 - 24 * number, text) for number, text in enumerate(lines[start : start + SOME])]
        for start in range(0, len(lines), SOME)
    ]
    return {
        HTML: f"<!doctype html><title>{PAYLOADS[0]}</title><body>{every}</body>".encode(),
        "'-alert(1)-'.md": sections.encode(),
        "' onmouseover=alert(1) '.txt": every.encode(),
        "{{constructor.constructor('alert(1)')()}}.pdf": pdf(pages, title="<script>alert\\(1\\)<\\057script>"),
        XHTML: XHTML_PAGE.encode(),
        SCRIPT: b"alert(1)",
        DAMAGED: _damaged(),
    }


XHTML_PAGE = (
    "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title>a</title></head><body><p>a</p>"
    "<script>alert(1)</script><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/></body></html>"
)


def _damaged() -> bytes:
    """A Word file whose body has a name of its own and cannot be unpacked."""
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    escaped = DAMAGED_PART.replace("<", "&lt;").replace(">", "&gt;")
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{types}"/>')
        link = f'<Relationship Id="r1" Type="{kind}" Target="{escaped}"/>'
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{relations}">{link}</Relationships>')
        archive.writestr(DAMAGED_PART, "<document")
    return buffer.getvalue()
