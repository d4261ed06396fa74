"""The engine's calls that are made for every line, word and drawn object.

Handles are plain addresses here: with the bindings' own types a call costs half as much again, and a page needs
hundreds.
"""

import ctypes
from collections.abc import Callable
from ctypes import c_double, c_int, c_ulong, c_void_p
from typing import Any

import pypdfium2.raw as raw  # type: ignore[import-untyped]  # ships no types


def address(handle: object) -> int:
    """Of a page, a page's text, a function."""
    return ctypes.cast(handle, c_void_p).value or 0  # type: ignore[arg-type]  # every handle is a pointer


def _call(name: str, answers: Any, *takes: Any) -> Callable[..., Any]:
    return ctypes.PYFUNCTYPE(answers, *takes)(address(getattr(raw, name)))


count_rects = _call("FPDFText_CountRects", c_int, c_void_p, c_int, c_int)
rect = _call("FPDFText_GetRect", c_int, c_void_p, c_int, c_void_p, c_void_p, c_void_p, c_void_p)
loose_box = _call("FPDFText_GetLooseCharBox", c_int, c_void_p, c_int, c_void_p)
font_size = _call("FPDFText_GetFontSize", c_double, c_void_p, c_int)
matrix = _call("FPDFText_GetMatrix", c_int, c_void_p, c_int, c_void_p)
font_info = _call("FPDFText_GetFontInfo", c_ulong, c_void_p, c_int, c_void_p, c_ulong, c_void_p)
page_object = _call("FPDFPage_GetObject", c_void_p, c_void_p, c_int)
object_kind = _call("FPDFPageObj_GetType", c_int, c_void_p)
object_bounds = _call("FPDFPageObj_GetBounds", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
draw_mode = _call("FPDFPath_GetDrawMode", c_int, c_void_p, c_void_p, c_void_p)
count_segments = _call("FPDFPath_CountSegments", c_int, c_void_p)
path_segment = _call("FPDFPath_GetPathSegment", c_void_p, c_void_p, c_int)
segment_kind = _call("FPDFPathSegment_GetType", c_int, c_void_p)
segment_point = _call("FPDFPathSegment_GetPoint", c_int, c_void_p, c_void_p, c_void_p)
segment_closes = _call("FPDFPathSegment_GetClose", c_int, c_void_p)
