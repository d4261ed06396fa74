"""The engine's calls that are made for every line, word, drawn object and title of the outline.

A page needs hundreds, and of what a call costs with the bindings' own types three quarters go into turning arguments
into C's. So they come ready: handles and places for answers as `pointer`s made once, all else as C's int. The engine
writes its answers into arrays of ours, which Python unpacks faster than it reads a C structure.
"""

import ctypes
from array import array
from collections.abc import Callable
from ctypes import c_double, c_int, c_ulong, c_void_p
from typing import Any

import pypdfium2.raw as raw  # type: ignore[import-untyped]  # ships no types

Pointer = Any
"""An argument made by `pointer`."""


def address(handle: object) -> int:
    """Of a page, a page's text, a function."""
    return ctypes.cast(handle, c_void_p).value or 0  # type: ignore[arg-type]  # every handle is a pointer


pointer: Callable[[int | None], Pointer] = c_void_p.from_param
"""Of an address, to be handed to any call; without it Python would cut the address down to C's int."""


def pointers(answers: "array[float] | array[int]") -> tuple[Pointer, ...]:
    """One to each item of an array that lives as long as they do and keeps its length."""
    start, count = answers.buffer_info()
    return tuple(pointer(start + index * answers.itemsize) for index in range(count))


def _call(name: str, answers: Any) -> Callable[..., Any]:
    return ctypes.PYFUNCTYPE(answers)(address(getattr(raw, name)))


def _long_call(name: str, answers: Any, *arguments: Any) -> Callable[..., Any]:
    """Other threads go on meanwhile."""
    return ctypes.CFUNCTYPE(answers, *arguments)(address(getattr(raw, name)))


load_page = _long_call("FPDF_LoadPage", c_void_p, c_void_p, c_int)
flatten = _long_call("FPDFPage_Flatten", c_int, c_void_p, c_int)
load_text = _long_call("FPDFText_LoadPage", c_void_p, c_void_p)
close_page = _call("FPDF_ClosePage", None)
close_text = _call("FPDFText_ClosePage", None)
page_bounds = _call("FPDF_GetPageBoundingBox", c_int)
count_annotations = _call("FPDFPage_GetAnnotCount", c_int)
annotation = _call("FPDFPage_GetAnnot", c_void_p)
annotation_kind = _call("FPDFAnnot_GetSubtype", c_int)
close_annotation = _call("FPDFPage_CloseAnnot", None)
rotation = _call("FPDFPage_GetRotation", c_int)
count_letters = _call("FPDFText_CountChars", c_int)
text = _call("FPDFText_GetText", c_int)
place_of_letter = _call("FPDFText_GetTextIndexFromCharIndex", c_int)
letter_of_place = _call("FPDFText_GetCharIndexFromTextIndex", c_int)
count_rects = _call("FPDFText_CountRects", c_int)
rect = _call("FPDFText_GetRect", c_int)
loose_box = _call("FPDFText_GetLooseCharBox", c_int)
font_size = _call("FPDFText_GetFontSize", c_double)
font_weight = _call("FPDFText_GetFontWeight", c_int)
matrix = _call("FPDFText_GetMatrix", c_int)
origin = _call("FPDFText_GetCharOrigin", c_int)
font_info = _call("FPDFText_GetFontInfo", c_ulong)
count_objects = _call("FPDFPage_CountObjects", c_int)
page_object = _call("FPDFPage_GetObject", c_void_p)
object_kind = _call("FPDFPageObj_GetType", c_int)
object_matrix = _call("FPDFPageObj_GetMatrix", c_int)
count_parts = _call("FPDFFormObj_CountObjects", c_int)
part = _call("FPDFFormObj_GetObject", c_void_p)
object_bounds = _call("FPDFPageObj_GetBounds", c_int)
draw_mode = _call("FPDFPath_GetDrawMode", c_int)
count_segments = _call("FPDFPath_CountSegments", c_int)
path_segment = _call("FPDFPath_GetPathSegment", c_void_p)
segment_kind = _call("FPDFPathSegment_GetType", c_int)
segment_point = _call("FPDFPathSegment_GetPoint", c_int)
segment_closes = _call("FPDFPathSegment_GetClose", c_int)
first_bookmark = _call("FPDFBookmark_GetFirstChild", c_void_p)
next_bookmark = _call("FPDFBookmark_GetNextSibling", c_void_p)
bookmark_title = _call("FPDFBookmark_GetTitle", c_ulong)
