"""Clients that give commands without pause, and remember in which states each document may be by now."""

import random
import threading
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.faults.clients import new_word, paragraphs

RUNNING = "Can't parse document that is currently being processed"
NOT_RUNNING = "Can't stop parsing document that has not started or already completed"


@dataclass(slots=True)
class Commanded:
    """A document whose text holds a word that no other holds. `states`: what it may come to (RAGFlow's `run`), several
    after an unanswered command. `notes` were put into a document that nobody ever has read; `lost_notes` may be there.
    """

    name: str
    id: str
    word: str
    states: set[str] = field(default_factory=lambda: {"UNSTART"})
    notes: list[str] = field(default_factory=list)
    lost_notes: set[str] = field(default_factory=set)


class Commander(threading.Thread):
    """One client with documents of its own, half of them for commands and half for notes."""

    def __init__(self, number: int, url: str, key: str, dataset: str, stop: threading.Event) -> None:
        super().__init__(name=f"commander {number}", daemon=True)
        self._random = random.Random(number)
        self._number = number
        self._base = f"{url}/api/v1/datasets/{dataset}"
        self._headers = {"Authorization": f"Bearer {key}"}
        self._stop_event = stop
        self.commanded: list[Commanded] = []
        self.noted: list[Commanded] = []
        self.broken: list[str] = []
        self.acknowledged = 0

    def run(self) -> None:
        acts = (self._upload, self._start, self._stop_reading, self._reset, self._put)
        with httpx.Client(headers=self._headers, timeout=15) as client:
            while not self._stop_event.wait(self._random.uniform(0.0, 0.05)):
                self._random.choices(acts, (2, 5, 3, 2, 4))[0](client)

    def _upload(self, client: httpx.Client) -> None:
        word = new_word(self._random)
        name = f"{word}.txt"
        content = "\n".join(paragraphs(word)).encode()
        answer = self._send(client, "POST", "/documents", files={"file": (name, content)})
        if answer is not None:
            among = self._random.choice((self.commanded, self.noted))
            among.append(Commanded(name, answer["data"][0]["id"], word))

    def _start(self, client: httpx.Client) -> None:
        if self.commanded:
            self._command(client, self._random.choice(self.commanded), "DONE")

    def _stop_reading(self, client: httpx.Client) -> None:
        """Most documents are read before somebody else comes by: so one that was begun just now."""
        if self.commanded:
            document = self._random.choice(self.commanded)
            self._command(client, document, "DONE")
            self._command(client, document, "CANCEL")

    def _command(self, client: httpx.Client, document: Commanded, state: str) -> None:
        before = set(document.states)
        document.states.add(state)
        method, refusal = ("POST", RUNNING) if state == "DONE" else ("DELETE", NOT_RUNNING)
        answer = self._send(client, method, "/chunks", refusal, json={"document_ids": [document.id]})
        if answer is None:
            return
        # What does not run cannot be stopped, and stays as it is; what runs already comes to what was asked for.
        document.states = before if answer["code"] and refusal == NOT_RUNNING else {state}

    def _reset(self, client: httpx.Client) -> None:
        """Another method takes away what the one before made; of these two one is another, whichever it had."""
        if not self.commanded:
            return
        document = self._random.choice(self.commanded)
        document.states.add("UNSTART")
        sent = ({"chunk_method": method} for method in ("one", "naive"))
        if all(self._send(client, "PUT", f"/documents/{document.id}", json=body) is not None for body in sent):
            document.states = {"UNSTART"}

    def _put(self, client: httpx.Client) -> None:
        if not self.noted:
            return
        document = self._random.choice(self.noted)
        note = f"A note about {new_word(self._random)}."
        document.lost_notes.add(note)
        if self._send(client, "POST", f"/documents/{document.id}/chunks", json={"content": note}) is not None:
            document.lost_notes.discard(note)
            document.notes.append(note)

    def _send(
        self, client: httpx.Client, method: str, path: str, refusal: str | None = None, **content: Any
    ) -> dict[str, Any] | None:
        """None if there was no answer, or none that says what happened."""
        try:
            response = client.request(method, f"{self._base}{path}", **content)
        except httpx.TransportError:
            return None
        if response.status_code != 200:
            self.broken.append(f"{method} {path} answered {response.status_code}: {response.text[:300]}")
            return None
        answer: dict[str, Any] = response.json()
        if answer["code"] == 0 or answer["message"] == refusal:
            self.acknowledged += 1
            return answer
        self.broken.append(f"{method} {path} answered {response.text[:300]}")
        return None
