"""Tables of a page: those in a grid of rules, and those between level rules alone."""

from diglot.adapters.parsers.pdf.cells import PageTable, Shelf
from diglot.adapters.parsers.pdf.grid import grids
from diglot.adapters.parsers.pdf.letters import Letters
from diglot.adapters.parsers.pdf.lines import PageText
from diglot.adapters.parsers.pdf.page import Page
from diglot.adapters.parsers.pdf.ruled import ruled_table
from diglot.adapters.parsers.pdf.rules import PathAnswers, drawn_rules
from diglot.adapters.parsers.pdf.spaced import spaced_tables

MOST_LINES = 3000
"""Of text on a page: with more it is a drawing, and looking for tables would take long."""


def page_tables(page: Page, letters: Letters, text: PageText, answers: PathAnswers) -> tuple[PageTable, ...]:
    """Only pages that carry text are looked at."""
    if not text.lines or len(text.lines) > MOST_LINES:
        return ()
    rules = drawn_rules(page, text.frame, answers)
    if len(rules) < 2:
        return ()
    shelf = Shelf(letters, text)
    found, levels = grids(rules)
    ruled = [table for grid in found if (table := ruled_table(shelf, grid))]
    return (*ruled, *spaced_tables(shelf, levels))
