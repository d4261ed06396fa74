"""Relevance from a model server's /rerank, as Cohere, Jina, vLLM, Xinference and TEI have it."""

import math
from collections.abc import Sequence
from typing import Any

from diglot.adapters.embedders.bounded import OTHER_BYTES
from diglot.adapters.embedders.encoder import readable
from diglot.adapters.embedders.endpoint import Endpoint, Patience
from diglot.domain.errors import ModelMisbehaved

# A body of one shape is answered 400 or 422 by servers of the other.
_WRONG_SHAPE = frozenset({400, 422})
_BLANK = "."
# Many answer the texts too, with each byte as the six of an escape at worst.
_ESCAPE_BYTES = 6
_SCORE_BYTES = 1_000


class EndpointReranker:
    """Somebody waits for the answer, so little is retried. `batch` texts a request."""

    def __init__(
        self,
        name: str,
        endpoint: Endpoint,
        remote: str,
        batch: int = 32,
        timeout: float = 60.0,
        patience: Patience | None = None,
    ) -> None:
        self._name = name
        self._endpoint = endpoint
        self._remote = remote
        self._batch = batch
        self._patience = patience or Patience(attempts=2, timeout=min(timeout, 20.0), pause=2.0)
        self._fields = ["documents", "texts"]

    @property
    def name(self) -> str:
        return self._name

    def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        # Servers refuse an empty text, and with it all the others.
        sent = [readable(text) if text.strip() else _BLANK for text in texts]
        asked = readable(question) if question.strip() else _BLANK
        parts = [sent[at : at + self._batch] for at in range(0, len(sent), self._batch)]
        return [score for part in parts for score in self._score(asked, part)]

    def close(self) -> None:
        self._endpoint.close()

    def _score(self, question: str, texts: list[str]) -> list[float]:
        field, *others = self._fields
        try:
            return self._ask(field, question, texts)
        except ModelMisbehaved as error:
            if not others or error.facts.get("status") not in _WRONG_SHAPE:
                raise
            try:
                scores = self._ask(others[0], question, texts)
            except ModelMisbehaved:
                raise error from None
        self._fields = others
        return scores

    def _ask(self, field: str, question: str, texts: list[str]) -> list[float]:
        body = {"model": self._remote, "query": question, field: texts, "top_n": len(texts)}
        repeated = _ESCAPE_BYTES * sum(len(text.encode()) for text in texts)
        most_bytes = OTHER_BYTES + len(texts) * _SCORE_BYTES + repeated
        return read_scores(self._endpoint.post("/rerank", body, self._patience, most_bytes), len(texts))


def read_scores(answer: Any, count: int) -> list[float]:
    """One score a text out of `{"results": [{"index", "relevance_score"}]}` or `[{"index", "score"}]`;
    `ModelMisbehaved` if a text has none, two, or one that is no number."""
    entries = answer.get("results", answer.get("data")) if isinstance(answer, dict) else answer
    if not isinstance(entries, list) or len(entries) != count:
        raise ModelMisbehaved(f"The reranker did not answer one score for each of {count} texts.")
    try:
        scores = {int(each["index"]): float(each.get("relevance_score", each.get("score"))) for each in entries}
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise ModelMisbehaved("The reranker answered something that is no list of scores.") from error
    if scores.keys() != set(range(count)) or not all(map(math.isfinite, scores.values())):
        raise ModelMisbehaved(f"The reranker did not answer one number for each of {count} texts.")
    return [scores[index] for index in range(count)]
