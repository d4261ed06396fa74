"""RapidOCR: PP-OCR's models by onnxruntime. They lie in the package, so nothing is fetched from anywhere."""

import os
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from diglot.domain.picture import Picture
from diglot.domain.recognised import TextLine

NAME = "RapidOCR"
_CODES = """
    chi_sim chi_tra eng jpn
    afr aze bos cat ces cym dan deu est eus fin fra gle glg hrv hun ind isl ita kmr lat lav lit ltz mlt mri msa nld nor
    oci pol por que roh ron slk slv spa sqi srp_latn swa swe tgl tur uzb vie
"""
LANGUAGES = frozenset(_CODES.split())
"""Those of the model in the package, by Tesseract's names; it tells them apart by itself. Others would be fetched."""

_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
}
_LONGEST_SIDE = 2000
"""Larger pictures are made smaller: with larger letters the model loses the spaces between words."""

_MANNER = 1
"""Raised when the engine is told otherwise what to do, or pictures are changed otherwise before it sees them."""

_LEAST_SIDE = 32
_SLIMMEST = 6


def missing(languages: str) -> str | None:
    if find_spec("rapidocr") is None or find_spec("cv2") is None or find_spec("PIL") is None:
        return "Scans and images are read with the extra `diglot[ocr]`, which is not installed."
    unknown = [language for language in languages.split("+") if language not in LANGUAGES]
    if unknown:
        return f"{NAME} does not read {', '.join(unknown)}: its package holds no model for that. Choose tesseract."
    return None


def edition(_languages: str) -> str:
    """One model reads all languages, and lies in the package."""
    return f"rapidocr {metadata.version('rapidocr')} manner {_MANNER}"


class RapidEngine:
    """One thread, in a process of its own: see `serving`."""

    def __init__(self, languages: str) -> None:
        # What it runs on would report usage, and leave a file for that in the folder of temporary files.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import cv2
        import rapidocr

        cv2.setNumThreads(1)
        models = Path(rapidocr.__file__).parent / "models"
        # With a path nothing is looked up in its list of downloads.
        named: dict[str, Any] = {f"{task}.model_path": str(models / name) for task, name in _MODELS.items()}
        threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
        quiet = {"Global.log_level": "critical", "Global.max_side_len": _LONGEST_SIDE}
        # What it gives depends on what it is told to do, which its types cannot say.
        self._recognise: Any = rapidocr.RapidOCR(params=named | threads | quiet)

    def lines(self, picture: Picture) -> list[TextLine]:
        found = self._recognise(_padded(picture))
        if found.boxes is None or found.txts is None:
            return []
        return [
            TextLine(text, *_around(corners), float(confidence))
            for corners, text, confidence in zip(found.boxes, found.txts, found.scores, strict=True)
        ]


def _padded(picture: Picture) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """White below and to the right of what is long and narrow: the engine enlarges the short side, whatever becomes of
    the long one."""
    pixels = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width)
    below = max(_LEAST_SIDE, picture.width // _SLIMMEST) - picture.height
    right = max(_LEAST_SIDE, picture.height // _SLIMMEST) - picture.width
    return np.pad(pixels, ((0, max(below, 0)), (0, max(right, 0))), constant_values=255)


def _around(corners: Any) -> tuple[float, float, float, float]:
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return float(left), float(top), float(right), float(bottom)
