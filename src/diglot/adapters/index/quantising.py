"""Vectors as stored: int8 codes to scan, float16 to score.

A row's codes are its components times 127 / its greatest magnitude, so each row uses the whole range. The first pass
compares codes; what it finds is scored again from the float16 components, which loses nothing that the catalog keeps.
"""

import math
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
    halves: Halves

    @staticmethod
    def of(vector: Floats) -> "QueryVector | None":
        """None for a vector that has no direction or is not finite: nothing is near to it."""
        vector = np.asarray(vector, np.float32)
        square = float(np.vdot(vector, vector))
        if not 0.0 < square < math.inf:
            return None
        unit = vector * np.float32(1.0 / math.sqrt(square))
        halves = np.empty((2, len(unit)), np.float16)
        halves[0] = unit
        # Subtracting float16 from float32 directly is ten times as slow.
        halves[1] = unit - halves[0].astype(np.float32)
        codes = np.rint(unit * (_LIMIT / max(unit.max(), -unit.min())))
        return QueryVector(codes.astype(np.int8), halves)


def encode(vectors: Floats) -> tuple[Codes, Floats]:
    """(n, dimension) to codes of that shape and one scale a row: row ~ codes * scale. A zero row has scale 1."""
    greatest = np.abs(vectors).max(axis=1, initial=0.0)
    scales = np.where(greatest > 0.0, greatest / _LIMIT, 1.0).astype(np.float32)
    return np.rint(vectors / scales[:, None]).clip(-_LIMIT, _LIMIT).astype(np.int8), scales


def estimate(query: QueryVector, codes: Codes, scales: Floats) -> npt.NDArray[np.float64]:
    """What orders rows by their codes as their cosines would, up to an error of about 0.01."""
    found: npt.NDArray[np.float64] = _products(query.codes[None], codes)[0] * scales
    return found


def cosines(query: QueryVector, vectors: Halves) -> Floats:
    """Cosines of stored rows, as near as float16 components allow (about 1e-4), within -1..1."""
    found: Floats = _products(query.halves, vectors).sum(axis=0).clip(-1.0, 1.0).astype(np.float32)
    return found


def _products(left: Codes | Halves, right: Codes | Halves) -> npt.NDArray[np.float64]:
    if not len(right):
        return np.zeros((len(left), 0))
    return np.asarray(numkong.cdist(left, right, "dot"), np.float64).reshape(len(left), len(right))
