"""Clients that write without pause and remember exactly what they were promised."""

import json
import random
import string
import threading
from dataclasses import dataclass, field
from typing import Any

import httpx

PARAGRAPHS = 4
RULE = {
    "mode": "custom",
    "rules": {
        "pre_processing_rules": [{"id": "remove_extra_spaces", "enabled": True}],
        "segmentation": {"separator": "\n\n", "max_tokens": 500},
    },
}


def new_word(source: random.Random) -> str:
    """A word that no other text holds: letters only, so that it is one term."""
    return "q" + "".join(source.choices(string.ascii_lowercase, k=15))


def paragraphs(word: str) -> list[str]:
    return [f"Paragraph {number} tells of {word} and nothing else." for number in range(PARAGRAPHS)]


@dataclass(slots=True)
class Promise:
    """One document: the words that it may hold now, several after an unanswered update, and whether it may be gone.

    `id` is None when the answer to its creation was lost; `is_deleted`: a delete was answered, `may_be_deleted`: it was
    sent. `dead_words` were surely replaced or deleted: nobody may find them again.
    """

    name: str
    id: str | None
    words: set[str]
    is_deleted: bool = False
    may_be_deleted: bool = False
    dead_words: set[str] = field(default_factory=set)


class Writer(threading.Thread):
    """One client with documents of its own, so that what it expects does not depend on the others."""

    def __init__(self, number: int, url: str, key: str, dataset: str, stop: threading.Event) -> None:
        super().__init__(name=f"writer {number}", daemon=True)
        self._random = random.Random(number)
        self._number = number
        self._base = f"{url}/v1/datasets/{dataset}"
        self._headers = {"Authorization": f"Bearer {key}"}
        self._stop_event = stop
        self.promises: list[Promise] = []
        self.broken: list[str] = []
        self.acknowledged = 0
        self.unanswered = 0

    def run(self) -> None:
        with httpx.Client(headers=self._headers, timeout=15) as client:
            while not self._stop_event.wait(self._random.uniform(0.0, 0.05)):
                act = self._random.choices((self._create, self._update, self._remove), (5, 3, 2))[0]
                act(client)

    def _create(self, client: httpx.Client) -> None:
        word = new_word(self._random)
        promise = Promise(f"{self._number}-{len(self.promises)}.md", None, {word})
        self.promises.append(promise)
        answer = self._post_content(client, "document/create-by", promise.name, word)
        if answer is not None:
            promise.id = answer["document"]["id"]

    def _update(self, client: httpx.Client) -> None:
        promise = self._pick()
        if promise is None:
            return
        word = new_word(self._random)
        before = set(promise.words)
        promise.words.add(word)
        answer = self._post_content(client, f"documents/{promise.id}/update-by", promise.name, word)
        if answer is not None:
            promise.words = {word}
            promise.dead_words |= before

    def _remove(self, client: httpx.Client) -> None:
        promise = self._pick()
        if promise is None:
            return
        promise.may_be_deleted = True
        response = self._send(client, "DELETE", f"{self._base}/documents/{promise.id}")
        if response is not None and self._is_fine(response, "delete", (200, 404)):
            promise.is_deleted = True

    def _pick(self) -> Promise | None:
        living = [one for one in self.promises if one.id is not None and not one.may_be_deleted]
        return self._random.choice(living) if living else None

    def _post_content(self, client: httpx.Client, path: str, name: str, word: str) -> dict[str, Any] | None:
        text = "\n\n".join(paragraphs(word))
        body: dict[str, Any] = {"indexing_technique": "economy", "process_rule": RULE}
        if self._random.random() < 0.5:
            body |= {"name": name, "text": text}
            response = self._send(client, "POST", f"{self._base}/{path}-text", json=body)
        else:
            parts = {"data": {"data": json.dumps(body)}, "files": {"file": (name, text.encode())}}
            response = self._send(client, "POST", f"{self._base}/{path}-file", **parts)
        if response is None or not self._is_fine(response, path, (200,)):
            return None
        answer: dict[str, Any] = response.json()
        return answer

    def _send(self, client: httpx.Client, method: str, url: str, **content: Any) -> httpx.Response | None:
        try:
            return client.request(method, url, **content)
        except httpx.TransportError:
            self.unanswered += 1
            return None

    def _is_fine(self, response: httpx.Response, what: str, statuses: tuple[int, ...]) -> bool:
        if response.status_code in statuses:
            self.acknowledged += 1
            return True
        self.broken.append(f"{what} answered {response.status_code}: {response.text[:300]}")
        return False
