"""Ids of what is there at the moment: what a request deleted is made anew for the next."""

from collections.abc import Callable
from itertools import count
from random import Random
from typing import Any

import requests

from tests.adapters.parsers.crafting import Piece, pdf
from tests.journeys.site import A_CHUNK_A_LINE, Shelf, Site

SHELVES = 3
TEXT = "\n".join(f"The pump of line {number} is checked by hand. 水泵由人工检查。" for number in range(6))
PAGES = [[Piece(72, 700, "Maintenance", 18), Piece(72, 650, "Check the pump by hand.")], [Piece(72, 700, "More")]]
OFTEN = 0.9
"""How often an id in a path names something; in a body less often, so that ids are judged there too."""
SOMETIMES = 0.75

DATASETS = frozenset({"dataset_id", "dataset_ids", "knowledge_id", "kb_id", "target_id"})
DOCUMENTS = frozenset({"document_id", "document_ids", "doc_ids", "original_document_id"})
CHUNKS = frozenset({"chunk_id", "chunk_ids", "segment_id"})
MEANT_BY_ID = {
    "/data": "number",
    "/datasets": "dataset_id",
    "/datasets/tags": "tag_id",
    "/datasets/{dataset_id}/documents": "document_id",
    "/datasets/{dataset_id}/documents/metadata": "metadata_id",
    "/datasets/{dataset_id}/documents/{document_id}/chunks": "chunk_id",
}
"""What `id` and `ids` are in operations of these paths."""
_numbers = count(1)


class InProcess(Site):
    """A site without a socket between."""

    def __init__(self, session: requests.Session) -> None:
        self._session = session

    def ask(self, method: str, path: str, **sent: Any) -> Any:
        answer = self._session.request(method, f"http://testserver/v1{path}", **sent)
        assert answer.ok, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None


class Supply:
    """Datasets of two documents each, one of lines of text and one of pages, ready and with chunks."""

    def __init__(self, site: Site, chance: Random) -> None:
        self._site = site
        self._chance = chance
        self._shelves = [_filled(site) for _ in range(SHELVES)]
        self._makers: dict[str, Callable[[], str]] = {
            "metadata_id": self._metadata,
            "tag_id": self._tag,
            "tag_ids": self._tag,
            "token": self._token,
            "number": self._number,
            "batch": lambda: str(self._document["batch"]),
            "image_id": self._image,
            "page": lambda: self._chance.choice("1123"),
            "action": lambda: self._chance.choice(("enable", "disable", "archive", "un_archive")),
            "model_type": lambda: self._chance.choice(("text-embedding", "rerank", "llm")),
        }
        self.turn()

    def turn(self) -> None:
        """From here on another dataset, document and chunk are named, all of which are there."""
        place = self._chance.randrange(len(self._shelves))
        while (chunks := self._chunks(place)) is None:
            self._shelves[place] = _filled(self._site)
        self._chunk = str(self._chance.choice(chunks))

    def one(self, name: str, path: str) -> str | None:
        """What a parameter or a field of this name may hold in an operation of this path; None: nothing is known."""
        if name in ("id", "ids"):
            name = MEANT_BY_ID.get(path, "")
        if name in DATASETS:
            return self._dataset
        if name in DOCUMENTS:
            return str(self._document["id"])
        if name in CHUNKS:
            return self._chunk
        return self._makers[name]() if name in self._makers else None

    def _chunks(self, place: int) -> list[str] | None:
        shelf, documents = self._shelves[place]
        self._dataset = shelf.path.rpartition("/")[2]
        self._document = self._chance.choice(documents)
        try:
            return [one["id"] for one in shelf.segments(self._document)] or None
        except AssertionError:
            return None

    def _image(self) -> str:
        return f"{self._dataset}-thumbnail_{self._document['id']}.png".replace("-", "").replace("thumb", "-thumb")

    def _metadata(self) -> str:
        body = {"type": "string", "name": f"field {next(_numbers)}"}
        return str(self._site.ask("POST", f"/datasets/{self._dataset}/metadata", json=body)["id"])

    def _tag(self) -> str:
        return str(self._site.ask("POST", "/datasets/tags", json={"name": f"tag {next(_numbers)}"})["id"])

    def _number(self) -> str:
        return str(self._site.ask("POST", "/data", json={"name": f"resource {next(_numbers)}"})["data"]["id"])

    def _token(self) -> str:
        return str(self._site.ask("POST", "/../api/v1/system/tokens")["data"]["token"])


def _filled(site: Site) -> tuple[Shelf, list[dict[str, Any]]]:
    shelf = site.dataset()
    started = [
        shelf.add_text(TEXT, doc_metadata=[{"name": "author", "value": "Ada"}], process_rule=A_CHUNK_A_LINE),
        shelf.add_file("pages.pdf", pdf(PAGES)),
    ]
    ready = [started_one | shelf.ended(started_one) for started_one in started]
    assert all(one["indexing_status"] == "completed" for one in ready), ready
    return shelf, ready
