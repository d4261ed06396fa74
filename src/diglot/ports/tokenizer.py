"""Text to index terms: one analysis for what is indexed and what is asked."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol


class Term(NamedTuple):
    """A term and the characters of the text that it came from."""

    text: str
    start: int
    end: int


class Tokenizer(Protocol):
    """Pure, thread-safe, total: any string has terms (perhaps none), without raising. Terms hold no white space.

    `name` changes with every change of output: it is recorded in each index generation.
    """

    @property
    def name(self) -> str: ...

    def terms(self, text: str) -> list[str]:
        """What is indexed, in order, repeats included."""

    def query_terms(self, text: str) -> list[str]:
        """What is asked, in order, each once."""

    def located(self, text: str) -> Iterator[Term]:
        """The terms with their places, for highlighting. Places may overlap (a character and a pair of characters)."""

    def language(self, text: str) -> str:
        """The ISO 639-1 code of the main language by script ("zh", "ja", "ko", "ru", ...); "en" for Latin text."""

    def keywords(self, text: str, limit: int = 10) -> list[str]:
        """The words that say most of a text, best first, readable (whole words, not stems), without stop words."""
