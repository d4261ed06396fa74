"""Texts to chunks: one method a form."""

from collections.abc import Callable

from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import AnchoredText, Parsed
from diglot.domain.rules import AUTOMATIC, ChunkForm, ChunkingRules, RuleMode
from diglot.ingestion.cleaning import clean
from diglot.ingestion.splitting.assembling import assemble
from diglot.ingestion.splitting.general import split_general
from diglot.ingestion.splitting.hierarchical import children_of, split_hierarchical
from diglot.ingestion.splitting.question_answer import split_pairs

__all__ = ["assemble", "children_of", "split", "split_document"]

METHODS: dict[ChunkForm, Callable[[AnchoredText, ChunkingRules], list[ChunkDraft]]] = {
    ChunkForm.TEXT: split_general,
    ChunkForm.QUESTION_ANSWER: split_pairs,
    ChunkForm.HIERARCHICAL: split_hierarchical,
}


def split(text: AnchoredText, rules: ChunkingRules, form: ChunkForm = ChunkForm.TEXT) -> list[ChunkDraft]:
    """Chunks of a cleaned text, in order. `ParseFailed` if the form asks for pairs and there are none."""
    return METHODS[form](text, rules)


def split_document(parsed: Parsed, rules: ChunkingRules, form: ChunkForm = ChunkForm.TEXT) -> list[ChunkDraft]:
    """Assembled, cleaned and split in one go."""
    cleaning = AUTOMATIC.cleaning if rules.mode is RuleMode.AUTOMATIC else rules.cleaning
    return split(clean(assemble(parsed), cleaning), rules, form)
