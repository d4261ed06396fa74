"""Relevance from a local ONNX cross-encoder: question and text read together."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from diglot.adapters.embedders.encoder import Encoder
from diglot.domain.errors import ModelMisbehaved

Array = npt.NDArray[Any]


class OnnxReranker:
    """`folder` holds model.onnx and tokenizer.json. One logit becomes its sigmoid, two the second one's softmax."""

    def __init__(self, name: str, folder: Path, max_tokens: int, threads: int | None = None) -> None:
        self._name = name
        self._encoder = Encoder(folder, max_tokens, ("logits",), threads)

    @property
    def name(self) -> str:
        return self._name

    def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        if not texts:
            return []
        scores: list[float] = self._encoder.run([(question, text) for text in texts], _relevance)[:, 0].tolist()
        return scores

    def close(self) -> None:
        self._encoder.close()


def _relevance(output: Array, mask: Array) -> Array:
    logits = output.reshape(len(output), -1).astype(np.float64)
    if logits.shape[1] > 2:
        raise ModelMisbehaved(f"A reranker gives one or two numbers a text, this model gives {logits.shape[1]}.")
    # The softmax of two logits is the sigmoid of their difference; tanh does not overflow.
    difference = logits[:, -1:] - (logits[:, :1] if logits.shape[1] == 2 else 0)
    relevance: Array = 0.5 * (1 + np.tanh(difference / 2))
    return relevance
