"""Fonts of the machine, for PDFs that name theirs without bringing them.

Who reads a text needs none: the widths of letters are in the file. To look for them takes the engine ten times as long
as such a page does otherwise, and places would differ from machine to machine. Who shows a page needs them.
"""

import pypdfium2.raw as raw  # type: ignore[import-untyped]  # ships no types

_are_used = True


def use_system_fonts(wanted: bool) -> None:
    """Of the whole process, for the documents that it opens from here on."""
    global _are_used  # the engine keeps it for its process too
    if wanted != _are_used:
        raw.FPDF_SetSystemFontInfo(raw.FPDF_GetDefaultSystemFontInfo() if wanted else None)
        _are_used = wanted
