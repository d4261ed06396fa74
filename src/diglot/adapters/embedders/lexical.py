"""`diglot/lexical`: hashed term vectors. No weights, no download, any language that the tokenizer reads."""

import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from diglot.adapters.embedders.encoder import Rows
from diglot.adapters.embedders.onnx import normalised
from diglot.ports.embedder import EmbeddingModel
from diglot.ports.tokenizer import Tokenizer

LEXICAL = "diglot/lexical"
DIMENSION = 1024
VECTOR_WEIGHT = 0.1


class LexicalEmbedder:
    """Cosine of two rows is close to the cosine of the texts' sublinear term frequencies.

    Weinberger et al. 2009 (arXiv 0902.2206): every term adds ±(1 + ln count) at a place that a hash chooses; the sign,
    from another bit of it, keeps collisions from adding up. A text without terms is a row of zeros.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._model = lexical_model()

    @property
    def model(self) -> EmbeddingModel:
        return self._model

    def embed_passages(self, texts: Sequence[str]) -> Rows:
        rows = np.zeros((len(texts), DIMENSION), np.float64)
        for row, text in zip(rows, texts, strict=True):
            _add_terms(row, self._tokenizer.terms(text))
        return normalised(rows)

    def embed_query(self, text: str) -> Rows:
        row: Rows = self.embed_passages([text])[0]
        return row

    def close(self) -> None:
        """Nothing is held."""


def lexical_model() -> EmbeddingModel:
    return EmbeddingModel(LEXICAL, DIMENSION, max_tokens=1_000_000, vector_weight=VECTOR_WEIGHT)


def _add_terms(row: npt.NDArray[np.float64], terms: Sequence[str]) -> None:
    counts = Counter(terms)
    if not counts:
        return
    checksums = np.fromiter((zlib.crc32(term.encode(errors="replace")) for term in counts), np.uint32, len(counts))
    weights = 1 + np.log(np.fromiter(counts.values(), np.float64, len(counts)))
    # A checksum is linear: alike terms have alike ones. Knuth's multiplication carries every bit to the top ones.
    hashes = checksums * np.uint32(2_654_435_761)
    signs = np.where(hashes >> 31, 1.0, -1.0)
    np.add.at(row, (hashes >> 16) % DIMENSION, weights * signs)
