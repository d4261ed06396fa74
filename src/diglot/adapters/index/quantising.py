"""Vectors as stored: int8 codes to scan, float16 to score.

A row's codes are its components times 127 / its greatest magnitude, so each row uses the whole range. The first pass
compares codes; what it finds is scored again from the float16 components, which loses nothing that the catalog keeps.
"""

from dataclasses import dataclass

import numkong
import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float32]
Halves = npt.NDArray[np.float16]

_LIMIT = 127.0


@dataclass(frozen=True, slots=True)
class QueryVector:
    """A question's vector, normalised, in the forms that the two passes take.

    `halves` are the float16 nearest to it and the float16 of what that leaves: their sum is exact to float32.
    """

    codes: Codes
    scale: float
    halves: Halves

    @staticmethod
    def of(vector: Floats) -> "QueryVector | None":
        """None for a vector that has no direction or is not finite: nothing is near to it."""
        wide = np.asarray(vector, dtype=np.float64)
        norm = float(np.sqrt(np.square(wide).sum()))
        if not np.isfinite(norm) or norm == 0.0:
            return None
        unit = (wide / norm).astype(np.float32)
        codes, scales = encode(unit[None])
        coarse = unit.astype(np.float16)
        return QueryVector(codes[0], float(scales[0]), np.stack([coarse, (unit - coarse).astype(np.float16)]))


def encode(vectors: Floats) -> tuple[Codes, Floats]:
    """(n, dimension) to codes of that shape and one scale a row: row ~ codes * scale. A zero row has scale 1."""
    greatest = np.abs(vectors).max(axis=1, initial=0.0)
    scales = np.where(greatest > 0.0, greatest / _LIMIT, 1.0).astype(np.float32)
    return np.rint(vectors / scales[:, None]).clip(-_LIMIT, _LIMIT).astype(np.int8), scales


def estimate(query: QueryVector, codes: Codes, scales: Floats) -> Floats:
    """Cosines to about 0.01 by the codes; a row without a vector (scale 0) gets 0."""
    found: Floats = (_products(query.codes[None], codes)[0] * (scales * query.scale)).astype(np.float32)
    return found


def cosines(query: QueryVector, vectors: Halves) -> Floats:
    """Cosines of stored rows, as near as float16 components allow (about 1e-4), within -1..1."""
    found: Floats = _products(query.halves, vectors).sum(axis=0).clip(-1.0, 1.0).astype(np.float32)
    return found


def _products(left: Codes | Halves, right: Codes | Halves) -> npt.NDArray[np.float64]:
    if not len(right):
        return np.zeros((len(left), 0))
    return np.asarray(numkong.cdist(left, right, "dot"), np.float64).reshape(len(left), len(right))
