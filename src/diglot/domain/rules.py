"""How a document becomes chunks: cleaning and chunking rules, as stored with each document."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from diglot.domain.identity import DatasetId


class RuleMode(StrEnum):
    AUTOMATIC = "automatic"
    CUSTOM = "custom"
    HIERARCHICAL = "hierarchical"


class ChunkForm(StrEnum):
    """What a chunk holds: running text, a question with its answer, or a text that is found by parts of it alone, its
    children."""

    TEXT = "text"
    QUESTION_ANSWER = "question_answer"
    HIERARCHICAL = "hierarchical"

    # As for `DocumentStatus`.
    __hash__ = str.__hash__


class ChunkMethod(StrEnum):
    """Whose rules make the chunks: GENERAL cleans, separates and sizes as `ChunkingRules` says; the others follow a
    kind of document and read `MethodOptions`."""

    GENERAL = "general"
    NAIVE = "naive"
    QA = "qa"
    TABLE = "table"
    TAG = "tag"
    ONE = "one"
    EMAIL = "email"
    LAWS = "laws"
    BOOK = "book"
    MANUAL = "manual"
    PAPER = "paper"
    PRESENTATION = "presentation"
    PICTURE = "picture"
    AUDIO = "audio"
    RESUME = "resume"
    KNOWLEDGE_GRAPH = "knowledge_graph"

    __hash__ = str.__hash__

    @property
    def form(self) -> ChunkForm:
        return ChunkForm.QUESTION_ANSWER if self is ChunkMethod.QA else ChunkForm.TEXT


class ColumnRole(StrEnum):
    """What a table's column is for: its text in the chunks, a value among their metadata, or both."""

    INDEXING = "indexing"
    METADATA = "metadata"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class MethodOptions:
    """What every method but GENERAL is told; each reads what concerns it.

    `chunk_tokens` is a target, not a limit. Each character of `delimiter` separates; text in backquotes in it separates
    as a whole, and then every part is a chunk. `overlap_percent` (0..90) of a chunk's characters come again in the
    next. `pages` are ranges from 1, both ends included; empty: all. `column_roles` None: every column is for both.
    Chunks get up to `most_tags` tags each from `tag_datasets`, those of their chunks that are nearest.
    """

    chunk_tokens: int = 512
    delimiter: str = "\n"
    overlap_percent: int = 0
    sheets_as_html: bool = False
    pages: tuple[tuple[int, int], ...] = ()
    column_roles: Mapping[str, ColumnRole] | None = None
    tag_datasets: tuple[DatasetId, ...] = ()
    most_tags: int = 3

    def wants_page(self, page: int) -> bool:
        return not self.pages or any(first <= page <= last for first, last in self.pages)

    @staticmethod
    def from_json(stored: Mapping[str, Any]) -> "MethodOptions":
        roles = stored.get("column_roles")
        fields = dict(stored) | {"pages": tuple((first, last) for first, last in stored.get("pages", ()))}
        fields["tag_datasets"] = tuple(stored.get("tag_datasets", ()))
        fields["column_roles"] = None if roles is None else {name: ColumnRole(role) for name, role in roles.items()}
        return MethodOptions(**fields)


@dataclass(frozen=True, slots=True)
class CleaningRules:
    remove_extra_spaces: bool = True
    remove_urls_emails: bool = False


class ParentMode(StrEnum):
    """What is shown when one of its children is found: the chunk that the rules make, or all of the document."""

    PARAGRAPH = "paragraph"
    FULL_DOCUMENT = "full_document"


@dataclass(frozen=True, slots=True)
class ChildRules:
    """How the chunks of the form HIERARCHICAL become children: cut at each of the `separators`, literal texts; parts of
    more than `max_tokens` are cut further and overlap by `overlap` tokens. FULL_DOCUMENT is for the method GENERAL."""

    parent_mode: ParentMode = ParentMode.PARAGRAPH
    separators: tuple[str, ...] = ("\n",)
    max_tokens: int = 512
    overlap: int = 0

    @staticmethod
    def from_json(stored: Mapping[str, Any]) -> "ChildRules":
        changed = {"parent_mode": ParentMode(stored["parent_mode"]), "separators": tuple(stored["separators"])}
        return ChildRules(**{**stored, **changed})


@dataclass(frozen=True, slots=True)
class ChunkingRules:
    """`separator` is literal text. `max_tokens` and `overlap` count tokens by `domain.tokens.count_tokens`; they,
    `mode` and `cleaning` are for the method GENERAL, `options` for all others. `children` None: `ChildRules()` where
    the form asks for children.

    `kept` is what the dialect that made the rules wants to have back word for word; nothing else reads it.
    """

    mode: RuleMode = RuleMode.AUTOMATIC
    cleaning: CleaningRules = CleaningRules()
    separator: str = "\n\n"
    max_tokens: int = 500
    overlap: int = 50
    method: ChunkMethod = ChunkMethod.GENERAL
    options: MethodOptions = MethodOptions()
    children: ChildRules | None = None
    kept: Mapping[str, Any] | None = None

    @property
    def form(self) -> ChunkForm | None:
        """What a method of its own makes; None for GENERAL, which makes each."""
        if self.method is ChunkMethod.GENERAL:
            return None
        is_parted = self.children is not None and self.method.form is ChunkForm.TEXT
        return ChunkForm.HIERARCHICAL if is_parted else self.method.form

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(stored: dict[str, Any]) -> "ChunkingRules":
        children = stored.get("children")
        return ChunkingRules(
            mode=RuleMode(stored["mode"]),
            cleaning=CleaningRules(**stored["cleaning"]),
            separator=stored["separator"],
            max_tokens=stored["max_tokens"],
            overlap=stored["overlap"],
            method=ChunkMethod(stored.get("method", ChunkMethod.GENERAL)),
            options=MethodOptions.from_json(stored.get("options", {})),
            children=None if children is None else ChildRules.from_json(children),
            kept=stored.get("kept"),
        )


AUTOMATIC = ChunkingRules()
