"""What clients of our own API send and get. Whatever is not said here is refused."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from diglot.domain.chunk import ChunkKind
from diglot.domain.rules import ChunkForm, ChunkMethod, ColumnRole, ParentMode, RuleMode
from diglot.http.dify.wire import DocForm, ProcessRule
from diglot.http.ragflow.parser_config import ParserConfig

LEAST_WIDTH, MOST_WIDTH = 16, 4000
ERROR_CODE = (
    "Which sentence `error` is, whatever it tells of: a stable name, for other languages; `other` for one without."
)
ERROR_FACTS = "What `error` tells of, such as a number or a name, as texts by name."


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class LinkQuery(BaseModel):
    """Of a link: what others hang on to it does not matter."""

    expires: str = Field("", description="When the link expires, in seconds since 1970.")
    signature: str = Field("", description="What makes the link this server's own.")


# JSON has no enumerations: their names are taken.
Mode = Annotated[RuleMode, Field(strict=False)]
Parents = Annotated[ParentMode, Field(strict=False)]
Form = Annotated[ChunkForm, Field(strict=False)]
Method = Annotated[ChunkMethod, Field(strict=False)]
Role = Annotated[ColumnRole, Field(strict=False)]


class Cleaning(Strict):
    remove_extra_spaces: bool = Field(True, description="Whether runs of spaces and empty lines are shortened.")
    remove_urls_emails: bool = Field(False, description="Whether web and e-mail addresses are deleted.")


class Options(Strict):
    chunk_tokens: int = Field(512, description="Target size of a chunk, in tokens.", ge=1, le=8192)
    delimiter: str = Field(
        "\n", description="Each character separates; text in backquotes separates as a whole.", min_length=1
    )
    overlap_percent: int = Field(0, description="Share of a chunk that the next repeats.", ge=0, le=90)
    sheets_as_html: bool = Field(False, description="Whether sheets become HTML tables.")
    pages: list[list[int]] = Field([], description="Ranges of pages from 1, both ends included; empty: all.")
    column_roles: dict[str, Role] | None = Field(None, description="What each column is for; null: both.")
    tag_datasets: list[str] = Field([], description="Ids of datasets whose tags chunks may get.", max_length=100)
    most_tags: int = Field(3, description="Tags that a chunk gets from them at most.", ge=1, le=10)


class Children(Strict):
    parent_mode: Parents = Field(
        ParentMode.PARAGRAPH, description="A parent is a chunk, or the `full_document`; the latter for `general` alone."
    )
    separators: list[str] = Field(["\n"], description="Literal texts between children.", max_length=100)
    max_tokens: int = Field(512, description="Longest child, in tokens.", ge=1)
    overlap: int = Field(0, description="Tokens that a child repeats of the one before it, where a part is cut.", ge=0)


class Rules(Strict):
    mode: Mode = Field(
        RuleMode.AUTOMATIC,
        description="`custom` or `hierarchical` for cleaning and sizes that stand below; `automatic` has its own.",
    )
    cleaning: Cleaning = Field(
        default_factory=lambda: Cleaning.model_validate({}), description="What is taken out first, in mode `custom`."
    )
    separator: str = Field("\n\n", description="Literal text between chunks, in mode `custom`.")
    max_tokens: int = Field(500, description="Longest chunk, in tokens, in mode `custom`.", ge=1)
    overlap: int = Field(50, description="Tokens that a chunk repeats of the one before it.", ge=0)
    method: Method = Field(
        ChunkMethod.GENERAL, description="`general` follows the fields above; every other one reads `options`."
    )
    options: Options = Field(
        default_factory=lambda: Options.model_validate({}), description="For every method but `general`."
    )
    children: Children | None = Field(
        None, description="How chunks become children; null: by the defaults where the form is `hierarchical`."
    )


class RulesSent(Strict):
    """In one of three forms."""

    rules: Rules | None = Field(None, description="Ours; with `form`.")
    form: Form | None = Field(
        None,
        description="`text`, `question_answer` for pairs, `hierarchical` for children; with `rules`, which may say it.",
    )
    process_rule: ProcessRule | None = Field(None, description="As Dify's API takes it; with `doc_form`.")
    doc_form: DocForm | None = Field(None, description="As Dify's API takes it.")
    chunk_method: Method | None = Field(None, description="As RAGFlow's API takes it; with `parser_config`.")
    parser_config: ParserConfig | None = Field(None, description="As RAGFlow's API takes it.")


class ChosenRules(RulesSent):
    """For documents to come."""


class DatasetRules(BaseModel):
    kind: Literal["automatic", "custom", "hierarchical", "method"] = Field(
        description="`method`: the rules follow `rules.method`, a method of its own; else their mode."
    )
    is_chosen: bool = Field(description="Whether they were chosen for the dataset.")
    rules: dict[str, Any] = Field(description="The rules, as `PUT` takes them.")
    form: ChunkForm | None = Field(description="What a chunk holds; null: the first document settles it.")


class PreviewFile(RulesSent):
    """Without any: automatic."""


class PreviewDocument(RulesSent):
    """Without any: the document's own."""

    document_id: str = Field(description="Id of the document: a UUID, with or without dashes.")


class PageQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    width: int = Field(
        1000,
        description="Width of the picture in pixels; a picture file is never made larger than it is.",
        ge=LEAST_WIDTH,
        le=MOST_WIDTH,
    )


class PreviewedChild(BaseModel):
    content: str = Field(description="Its text.")
    tokens: int = Field(description="Tokens, by this server's estimate.")
    anchors: list[dict[str, Any]] = Field(description="As of chunks.")


class PreviewedChunk(BaseModel):
    position: int = Field(description="Where it stands among the chunks, from 1.")
    content: str = Field(description="Its text, or its question.")
    answer: str | None = Field(description="The answer, in the form `question_answer`.")
    tokens: int = Field(description="Tokens, by this server's estimate.")
    kind: ChunkKind = Field(description="What it shows: `text`, `table` or `image`.")
    tags: list[str] = Field(description="Tags that the file gives it.")
    children: list[PreviewedChild] = Field(description="What it is found by, in the form `hierarchical`.")
    anchors: list[dict[str, Any]] = Field(
        description="Where in the file it stands: page and boxes (page, left, top, right, bottom in points), headings, "
        "characters from `start` to `end`, sheet and cells, slide and shape, part of a mail or archive, time from "
        "`start_ms` to `end_ms` in a recording."
    )


class Counts(BaseModel):
    chunks: int = Field(description="How many chunks.")
    tokens: int = Field(description="Their tokens.")
    characters: int = Field(description="Their characters, those of answers too.")


class Previewed(BaseModel):
    chunks: list[PreviewedChunk] = Field(description="What indexing would store, in order.")
    counts: Counts = Field(description="The sums.")
    rules: dict[str, Any] = Field(description="The rules that made them, in our form.")
    form: ChunkForm = Field(description="What a chunk holds.")
    title: str | None = Field(description="The title that the file says it has.")
    pages: int | None = Field(description="How many pages the file has, where there are such.")
    notes: list[str] = Field(description="What was skipped and why, a sentence each.")
    missing_pages: list[int] = Field(
        description="Pages that are pictures, from 1, whose text this preview lacks and indexing will have. None: the "
        "chunks are those of indexing, byte for byte."
    )


class PlacedChunk(BaseModel):
    chunk_id: str = Field(description="The chunk's id.")
    position: int = Field(description="Where it stands among the document's chunks, from 1.")
    boxes: list[list[float]] = Field(description="Left, top, right, bottom, in pixels of the picture.")


class Page(BaseModel):
    page: int = Field(description="Which page.")
    pages: int = Field(description="How many there are.")
    width: int = Field(description="Width of the picture of the same `width`, in pixels.")
    height: int = Field(description="Its height.")
    chunks: list[PlacedChunk] = Field(description="The chunks that stand on it, in their order.")


class ErrorBody(BaseModel):
    code: str = Field(description="A stable name.")
    message: str = Field(description="What is wrong, in a sentence.")
    argument: str | None = Field(None, description="Which argument is to blame; absent where none is.")


class Refusal(BaseModel):
    error: ErrorBody = Field(description="What went wrong.")
