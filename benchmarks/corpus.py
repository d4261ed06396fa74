"""A synthetic corpus from a fixed seed: Zipf-distributed words, 60 % Latin, 40 % Han, and clustered unit vectors."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

WORDS = 50_000
TERMS_PER_CHUNK = 100
DIMENSION = 384
CLUSTERS = 200


@dataclass(frozen=True, slots=True)
class Corpus:
    """`texts` (n), `vectors` (n, 384) float32 unit rows; `questions` of five words from one chunk, with a vector near
    that chunk's."""

    texts: list[str]
    vectors: npt.NDArray[np.float32]
    questions: list[tuple[str, npt.NDArray[np.float32]]]


def make(rows: int, questions: int = 200, seed: int = 7) -> Corpus:
    random = np.random.default_rng(seed)
    words = np.array(_words(random))
    chances = 1 / np.arange(1, WORDS + 1)
    chances /= chances.sum()
    texts: list[str] = []
    for start in range(0, rows, 10_000):
        drawn = random.choice(WORDS, (min(10_000, rows - start), TERMS_PER_CHUNK), p=chances)
        texts += [" ".join(row) for row in words[drawn]]
    centres = random.standard_normal((CLUSTERS, DIMENSION)).astype(np.float32)
    vectors = centres[random.integers(0, CLUSTERS, rows)]
    vectors += random.standard_normal((rows, DIMENSION)).astype(np.float32)
    _normalise(vectors)
    return Corpus(texts, vectors, [_question(random, texts, vectors) for _ in range(questions)])


def _words(random: np.random.Generator) -> list[str]:
    latin = ["".join(chr(97 + letter) for letter in random.integers(0, 26, 4 + rank % 6)) for rank in range(WORDS)]
    return [
        chr(0x4E00 + int(random.integers(0, 3000))) + chr(0x4E00 + int(random.integers(0, 3000)))
        if random.random() < 0.4
        else word
        for word in latin
    ]


def _question(
    random: np.random.Generator, texts: list[str], vectors: npt.NDArray[np.float32]
) -> tuple[str, npt.NDArray[np.float32]]:
    row = int(random.integers(0, len(texts)))
    vector = vectors[row] + 0.03 * random.standard_normal(DIMENSION).astype(np.float32)
    return " ".join(random.choice(texts[row].split(), 5, replace=False)), vector / np.linalg.norm(vector)


def _normalise(vectors: npt.NDArray[np.float32]) -> None:
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
