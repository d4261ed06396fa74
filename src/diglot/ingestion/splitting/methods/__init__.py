"""Chunk methods that follow a kind of document: one a file, all of the same form."""

from collections.abc import Callable, Mapping

from diglot.domain.chunk import ChunkDraft
from diglot.domain.errors import MethodUnavailable
from diglot.domain.parsed import Parsed
from diglot.domain.rules import ChunkMethod, MethodOptions
from diglot.ingestion.splitting.methods.book import split_book
from diglot.ingestion.splitting.methods.email import split_email
from diglot.ingestion.splitting.methods.laws import split_laws
from diglot.ingestion.splitting.methods.manual import split_manual
from diglot.ingestion.splitting.methods.naive import split_naive
from diglot.ingestion.splitting.methods.one import split_one
from diglot.ingestion.splitting.methods.paper import split_paper
from diglot.ingestion.splitting.methods.picture import split_picture
from diglot.ingestion.splitting.methods.preparing import prepared
from diglot.ingestion.splitting.methods.presentation import split_presentation
from diglot.ingestion.splitting.methods.qa import split_questions
from diglot.ingestion.splitting.methods.table import split_rows
from diglot.ingestion.splitting.methods.tag import split_tags

Method = Callable[[Parsed, MethodOptions, str], list[ChunkDraft]]
"""`name` is the document's, with its extension. No chunks is an answer; `ParseFailed` says what the file lacks."""

METHODS: Mapping[ChunkMethod, Method] = {
    ChunkMethod.NAIVE: split_naive,
    ChunkMethod.ONE: split_one,
    ChunkMethod.TABLE: split_rows,
    ChunkMethod.QA: split_questions,
    ChunkMethod.TAG: split_tags,
    ChunkMethod.PRESENTATION: split_presentation,
    ChunkMethod.PICTURE: split_picture,
    ChunkMethod.LAWS: split_laws,
    ChunkMethod.BOOK: split_book,
    ChunkMethod.MANUAL: split_manual,
    ChunkMethod.PAPER: split_paper,
    ChunkMethod.EMAIL: split_email,
}
NEEDS: Mapping[ChunkMethod, str] = {
    ChunkMethod.AUDIO: "The chunk method 'audio' needs a speech model, and none is configured.",
    ChunkMethod.RESUME: "The chunk method 'resume' needs a chat model, and none is configured.",
    ChunkMethod.KNOWLEDGE_GRAPH: "The chunk method 'knowledge_graph' needs a chat model, and none is configured.",
}
"""Methods that cannot be had, and why."""


def require_available(method: ChunkMethod) -> None:
    """`MethodUnavailable` before a file is read in vain."""
    if method in NEEDS:
        raise MethodUnavailable(NEEDS[method])


def split_by_method(parsed: Parsed, method: ChunkMethod, options: MethodOptions, name: str) -> list[ChunkDraft]:
    """Chunks of the blocks, in order, of the pages that the options name."""
    require_available(method)
    return METHODS[method](prepared(parsed, options), options, name)
