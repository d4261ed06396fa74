"""How a document becomes chunks: cleaning and chunking rules, as stored with each document."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class RuleMode(StrEnum):
    AUTOMATIC = "automatic"
    CUSTOM = "custom"


class ChunkForm(StrEnum):
    """What a chunk holds: running text, or a question with its answer."""

    TEXT = "text"
    QUESTION_ANSWER = "question_answer"

    # As for `DocumentStatus`.
    __hash__ = str.__hash__


@dataclass(frozen=True, slots=True)
class CleaningRules:
    remove_extra_spaces: bool = True
    remove_urls_emails: bool = False


@dataclass(frozen=True, slots=True)
class ChunkingRules:
    """`separator` is literal text. `max_tokens` and `overlap` count tokens by `domain.tokens.count_tokens`."""

    mode: RuleMode = RuleMode.AUTOMATIC
    cleaning: CleaningRules = CleaningRules()
    separator: str = "\n\n"
    max_tokens: int = 500
    overlap: int = 50

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(stored: dict[str, Any]) -> "ChunkingRules":
        return ChunkingRules(
            mode=RuleMode(stored["mode"]),
            cleaning=CleaningRules(**stored["cleaning"]),
            separator=stored["separator"],
            max_tokens=stored["max_tokens"],
            overlap=stored["overlap"],
        )


AUTOMATIC = ChunkingRules()
