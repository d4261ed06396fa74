"""Questions with their answers, where the document holds them: labelled, in tables, or as headings that ask."""

from diglot.domain.chunk import ChunkDraft
from diglot.domain.errors import ParseFailed
from diglot.domain.parsed import AnchoredText
from diglot.domain.rules import ChunkingRules
from diglot.domain.tokens import count_tokens
from diglot.ingestion.anchoring import Places
from diglot.ingestion.splitting.asking_headings import asking_headings
from diglot.ingestion.splitting.labelled_pairs import labelled_pairs
from diglot.ingestion.splitting.pair import Pair
from diglot.ingestion.splitting.table_pairs import headed_tables, two_columns


def split_pairs(text: AnchoredText, rules: ChunkingRules) -> list[ChunkDraft]:
    """One chunk a pair: its content the question, its tokens those of both. The rules' size does not cut answers.

    `ParseFailed` if there are no pairs.
    """
    places = Places(text)
    drafts = [
        ChunkDraft(
            pair.question,
            places.between(pair.start, pair.end),
            answer=pair.answer,
            tokens=count_tokens(pair.question) + count_tokens(pair.answer),
        )
        for pair in _pairs(text.text)
    ]
    if not drafts:
        raise ParseFailed("No question-and-answer pairs were found in the document.")
    return drafts


def _pairs(text: str) -> list[Pair]:
    """Of what says that it is pairs, whatever finds more; tables of two columns only if nothing says so."""
    marked = sorted([*labelled_pairs(text), *headed_tables(text)], key=lambda pair: pair.start)
    return max(marked, list(asking_headings(text)), key=len) or list(two_columns(text))
