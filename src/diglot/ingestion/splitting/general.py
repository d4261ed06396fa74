"""Running text to chunks: Dify's automatic and custom methods."""

from collections.abc import Iterable, Iterator

from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import AnchoredText
from diglot.domain.rules import AUTOMATIC, ChunkingRules, RuleMode
from diglot.domain.tokens import count_tokens
from diglot.ingestion.anchoring import Places
from diglot.ingestion.splitting.recursive import Piece, Splitter

# A sentence end that a separator left at the head of the next chunk.
_LEFT_OVER = (".", "。")


def split_general(text: AnchoredText, rules: ChunkingRules) -> list[ChunkDraft]:
    """Automatic: recursive, 500 tokens, overlap 50. Custom: each piece between separators is a chunk, however short;
    longer ones are split like automatic, with the size and overlap of the rules. Every chunk is a stretch of the text.
    """
    places = Places(text)
    drafts = (draft_of(text.text, piece, places) for piece in general_pieces(text.text, rules))
    return [draft for draft in drafts if draft is not None]


def general_pieces(text: str, rules: ChunkingRules) -> Iterator[Piece]:
    """The stretches that become chunks, in order, not stripped."""
    return _automatic(text) if rules.mode is RuleMode.AUTOMATIC else _custom(text, rules)


def _automatic(text: str) -> Iterator[Piece]:
    return Splitter(text, AUTOMATIC.max_tokens, AUTOMATIC.overlap).split(0, len(text))


def _custom(text: str, rules: ChunkingRules) -> Iterator[Piece]:
    splitter = Splitter(text, rules.max_tokens, rules.overlap)
    return fitting(splitter, text, _between(text, rules.separator), rules.max_tokens)


def fitting(splitter: Splitter, text: str, stretches: Iterable[tuple[int, int]], max_tokens: int) -> Iterator[Piece]:
    """Each stretch however short, longer ones split."""
    for start, end in stretches:
        tokens = count_tokens(text[start:end])
        if tokens <= max_tokens:
            yield Piece(start, end, tokens)
        else:
            yield from splitter.split(start, end)


def _between(text: str, separator: str) -> Iterator[tuple[int, int]]:
    """What stands between the separators; all of it if there is no separator."""
    start = 0
    while separator and (found := text.find(separator, start)) >= 0:
        yield start, found
        start = found + len(separator)
    yield start, len(text)


def draft_of(text: str, piece: Piece, places: Places, children: tuple[ChunkDraft, ...] = ()) -> ChunkDraft | None:
    """Stripped; None where nothing is left."""
    content = text[piece.start : piece.end]
    end = piece.start + len(content.rstrip())
    content = content.strip()
    if content.startswith(_LEFT_OVER):
        content = content[1:].lstrip()
    if not content:
        return None
    anchors = places.between(end - len(content), end)
    return ChunkDraft(content, anchors, tokens=count_tokens(content), children=children)
