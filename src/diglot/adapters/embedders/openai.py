"""Vectors from an OpenAI-compatible endpoint: OpenAI, Ollama, vLLM, TEI, Xinference and many more."""

import base64
import binascii
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from diglot.adapters.embedders.bounded import size_of_vectors
from diglot.adapters.embedders.encoder import Rows, readable
from diglot.adapters.embedders.endpoint import Endpoint, Patience
from diglot.adapters.embedders.onnx import normalised
from diglot.domain.errors import ModelMisbehaved
from diglot.domain.tokens import count_tokens
from diglot.ports.embedder import EmbeddingModel

REQUESTS_AT_ONCE = 4
_QUESTION = Patience(attempts=2, timeout=10.0, pause=2.0)


class OpenAIEmbedder:
    """`remote` is the model's name at the endpoint, `dimensions` what is asked of models that can shorten vectors.

    Texts go `batch` a request, a few requests at once. A blank text is not sent (most servers refuse it): its row is
    zeros. A question waits less than documents do, somebody sits in front of it.
    """

    def __init__(
        self,
        model: EmbeddingModel,
        endpoint: Endpoint,
        remote: str,
        dimensions: int | None = None,
        batch: int = 32,
        timeout: float = 60.0,
    ) -> None:
        self._model = model
        self._endpoint = endpoint
        self._extra = {"model": remote} | ({"dimensions": dimensions} if dimensions else {})
        self._batch = batch
        self._documents = Patience(timeout=timeout)
        self._question = Patience(_QUESTION.attempts, min(timeout, _QUESTION.timeout), _QUESTION.pause)
        self._pool = ThreadPoolExecutor(REQUESTS_AT_ONCE, thread_name_prefix="endpoint")

    @property
    def model(self) -> EmbeddingModel:
        return self._model

    def embed_passages(self, texts: Sequence[str]) -> Rows:
        rows = np.zeros((len(texts), self._model.dimension), np.float32)
        told = [index for index, text in enumerate(texts) if text.strip()]
        parts = [told[at : at + self._batch] for at in range(0, len(told), self._batch)]
        prefix = self._model.passage_prefix
        futures = [
            self._pool.submit(self._ask, [self._fitted(prefix + texts[i]) for i in part], self._documents)
            for part in parts
        ]
        try:
            for part, future in zip(parts, futures, strict=True):
                rows[part] = future.result()
        finally:
            for future in futures:
                future.cancel()
        return rows

    def embed_query(self, text: str) -> Rows:
        if not text.strip():
            return np.zeros(self._model.dimension, np.float32)
        row: Rows = self._ask([self._fitted(self._model.query_prefix + text)], self._question)[0]
        return row

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._endpoint.close()

    def _ask(self, texts: list[str], patience: Patience) -> Rows:
        most_bytes = size_of_vectors(len(texts), self._model.dimension)
        answer = self._endpoint.post("/embeddings", {"input": texts, **self._extra}, patience, most_bytes)
        rows = normalised(read_vectors(answer, len(texts)))
        if rows.shape[1] != self._model.dimension:
            raise ModelMisbehaved(
                f"The model {self._model.name} gave {rows.shape[1]} dimensions instead of {self._model.dimension}."
            )
        return rows

    def _fitted(self, text: str) -> str:
        # Servers refuse a text over their limit and the whole batch with it. Only they can count exactly.
        tokens = count_tokens(text) if 2 * len(text) > self._model.max_tokens else 0
        if tokens > self._model.max_tokens:
            text = text[: int(len(text) * self._model.max_tokens / tokens)]
        return readable(text)


def read_vectors(answer: Any, count: int) -> npt.NDArray[np.float64]:
    """(count, dimension) of an /embeddings answer, in the order of its `index`; `ModelMisbehaved` if it is none."""
    entries = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(entries, list) or len(entries) != count:
        given = len(entries) if isinstance(entries, list) else "no"
        raise ModelMisbehaved(f"The model answered {given} vectors for {count} texts.")
    try:
        ordered = sorted(enumerate(entries), key=lambda each: each[1].get("index", each[0]))
        rows = np.array([_numbers(entry["embedding"]) for _, entry in ordered], dtype=np.float64)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise ModelMisbehaved("The model answered something that is no list of vectors.") from error
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise ModelMisbehaved("The model answered something that is no list of vectors.")
    if not np.isfinite(rows).all():
        raise ModelMisbehaved("The model answered with something that is not a number.")
    return rows


def _numbers(vector: Any) -> Any:
    """Some servers always answer base64 of little-endian float32."""
    if not isinstance(vector, str):
        return vector
    try:
        return np.frombuffer(base64.b64decode(vector, validate=True), dtype="<f4")
    except binascii.Error as error:
        raise ValueError("not base64") from error
