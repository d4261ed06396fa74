"""What clients send and get who ask why a search answered what it did."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from diglot.domain.conditions import Attribute, Logic, Operator
from diglot.domain.search import MAX_TOP_K, SearchMethod
from diglot.http.dify.wire import Retrieve as DifyBody
from diglot.http.native.wire import Strict
from diglot.http.ragflow.wire_searching import Retrieve as RagflowBody
from diglot.retrieval.absence import Reason
from diglot.retrieval.settled import WeightOrigin

MOST_DATASETS = 100
MOST_DOCUMENTS = 1000
MOST_CHUNKS = 100
QUESTION_LENGTH = 10_000
NAME_LENGTH = 255

Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=QUESTION_LENGTH)]
# JSON has no enumerations: their names are taken.
Method = Annotated[SearchMethod, Field(strict=False)]
Compares = Annotated[Operator, Field(strict=False)]
Of = Annotated[Attribute, Field(strict=False)]
Joins = Annotated[Logic, Field(strict=False)]
Value = str | int | float | bool


class ConditionSent(Strict):
    name: str = Field(
        "", description="Name of the metadata field; not looked at beside `attribute`.", max_length=NAME_LENGTH
    )
    operator: Compares = Field(description="How it is compared.")
    values: list[Value] = Field(
        [], description="What it is compared with: one, several for `in` and `not_in`, none for `empty` and the like."
    )
    attribute: Of | None = Field(
        None,
        description="In place of a field: the document's `name` or `uploader`, when it was `created` or `updated`.",
    )


class ConditionsSent(Strict):
    logic: Joins = Field(Logic.AND, description="Whether all conditions hold, or any.")
    items: list[ConditionSent] = Field(description="The conditions.", min_length=1, max_length=100)


class Explain(Strict):
    """Settings in one of three forms: ours, Dify's body or RAGFlow's."""

    dataset_ids: list[str] | None = Field(
        None,
        description="The datasets to search; one for `dify`; unset where `ragflow` has them.",
        min_length=1,
        max_length=MOST_DATASETS,
    )
    query: Question | None = Field(None, description="The question; unset where `dify` or `ragflow` has it.")
    chunk_ids: list[str] = Field(
        [], description="Chunks of which it is asked what became of them.", max_length=MOST_CHUNKS
    )
    method: Method | None = Field(None, description="How to search; unset: `hybrid`.")
    top_k: int | None = Field(None, description="How many chunks are answered at most; unset: 10.", ge=1, le=MAX_TOP_K)
    threshold: float | None = Field(
        None, description="Chunks that score lower are left out; unset: none is.", allow_inf_nan=False
    )
    vector_weight: float | None = Field(
        None, description="Share of the vectors in the score; unset: the embedding model's advice.", ge=0, le=1
    )
    reranker: str | None = Field(None, description="A reranking model that this server knows.", min_length=1)
    conditions: ConditionsSent | None = Field(None, description="Only documents that meet them.")
    document_ids: list[str] | None = Field(None, description="Only these documents.", max_length=MOST_DOCUMENTS)
    dify: DifyBody | None = Field(None, description="The body of a search as Dify's API takes it.")
    ragflow: RagflowBody | None = Field(None, description="The body of `/retrieval` as RAGFlow's API takes it.")


class SearchedDataset(BaseModel):
    dataset_id: str = Field(description="The dataset.")
    embedding_model: str | None = Field(description="The model of its index; null: words only.")
    vector_weight: float = Field(description="Share of the vectors in the score, 0 to 1.")
    weight_from: WeightOrigin = Field(
        description="What settled it: the `request`, the default of the `api` that was asked, the `model`'s advice, "
        "the `method` of search, the `language` that the model does not read, `no_vectors`, or `model_failed`."
    )
    reads_language: bool | None = Field(description="Whether the model reads the question's language.")
    boost: float = Field(description="What every score of this dataset gets on top.")
    by_words: bool = Field(description="Whether it was searched by words.")
    by_vectors: bool = Field(description="Whether it was searched by vectors.")


class Filter(BaseModel):
    name: str = Field(description="The field or attribute.")
    operator: Operator = Field(description="How it is compared.")
    values: list[Any] = Field(description="With what.")
    attribute: Attribute | None = Field(description="Set where it is no field of metadata.")


class Verdict(Filter):
    is_met: bool = Field(description="Whether the document meets it.")
    document_values: list[Any] = Field(description="What the document has of it.")


class Plan(BaseModel):
    method: SearchMethod = Field(description="How was searched.")
    top_k: int = Field(description="How many hits were wanted.")
    threshold: float | None = Field(description="The lowest final score that passes; null: off.")
    vector_weight: float | None = Field(description="As it was asked for; null: nobody chose.")
    reranker: str | None = Field(description="The reranking model.")
    blends_rerank: bool = Field(description="Whether the reranker's score takes the vectors' place beside the words.")
    documents: int | None = Field(description="To how many documents it was restricted by id.")
    logic: Logic | None = Field(description="How the conditions are joined.")
    conditions: list[Filter] = Field(description="The conditions on documents.")
    candidates: int = Field(
        description="How many chunks of each dataset are looked up at first, by words and by vectors."
    )
    depth: int = Field(description="How many it came to; 0: nothing was searched, because no document may answer.")
    scored: int = Field(description="How many chunks were scored.")
    best_bm25: float | None = Field(description="The question's best BM25, which is the share 1.")
    language: str = Field(description="The question's language, as far as its script tells.")
    terms: list[str] = Field(description="The question's terms, as the index knows them.")
    datasets: list[SearchedDataset] = Field(description="How each dataset was searched.")
    notes: list[str] = Field(description="What was not done as asked, and why.")


class ScoreParts(BaseModel):
    words: float = Field(description="The words' part of the final score.")
    vector: float = Field(description="The vectors' part.")
    rerank: float = Field(description="The reranker's part.")
    boost: float = Field(description="The dataset's boost.")
    tags: float = Field(description="What tags that it shares with the question add.")


class ScoresShown(BaseModel):
    bm25: float | None = Field(description="Raw BM25; null: not among the candidates by words.")
    best_bm25: float = Field(description="The question's best, by which it is divided.")
    share: float | None = Field(description="BM25 as share of the best.")
    cosine: float | None = Field(
        description="Cosine of the vectors, -1 to 1; null: not searched by vectors, or has none."
    )
    vector_weight: float = Field(description="The vectors' weight in its dataset.")
    boost: float = Field(description="Its dataset's boost.")
    fused: float | None = Field(description="Words and vectors together, without the boost.")
    rerank: float | None = Field(description="The reranker's own score.")
    final: float = Field(description="What orders, and is compared with the threshold.")


class MatchedTerms(BaseModel):
    content: list[str] = Field(description="In the content.")
    title: list[str] = Field(description="In the document's name.")
    keywords: list[str] = Field(description="In keywords and questions.")


class ExplainedChunk(BaseModel):
    chunk_id: str = Field(description="The chunk's id.")
    document_id: str | None = Field(description="Its document.")
    document_name: str | None = Field(description="The document's name.")
    dataset_id: str | None = Field(description="Its dataset.")
    content: str | None = Field(description="Its text, as far as it may be found.")
    answer: str | None = Field(description="Its answer, in the form `question_answer`.")
    position: int | None = Field(description="Number in its document; a child's within its parent.")
    anchors: list[dict[str, Any]] = Field(description="Where in the file it stands, as `/preview` tells it.")
    rank: int | None = Field(
        description="Its place among what passed the threshold, from 1; a child's is its parent's."
    )
    rank_before_rerank: int | None = Field(description="Its place before the reranker.")
    scores: ScoresShown | None = Field(description="Every score; a parent's are those of its best child.")
    parts: ScoreParts | None = Field(description="What makes the final score: their sum is it.")
    matched: MatchedTerms | None = Field(description="Which of the question's terms stand in it.")
    marks: list[tuple[int, int]] = Field(
        description="Where the question's words stand in the content: from which character to before which."
    )
    filters: list[Verdict] = Field(description="What its document says to each condition.")


class ExplainedHit(ExplainedChunk):
    children: list[ExplainedChunk] = Field(description="The children that it was found by, best first.")


class AskedChunk(ExplainedChunk):
    reason: Reason = Field(description="The first thing that kept it out; `returned`: nothing did.")
    explanation: str = Field(description="The same in a sentence.")
    facts: dict[str, Any] = Field(description="The numbers that decided.")


class ExplainedSearch(BaseModel):
    plan: Plan = Field(description="How the question was asked in the end.")
    hits: list[ExplainedHit] = Field(description="What was answered, best first.")
    chunks: list[AskedChunk] = Field(description="What became of `chunk_ids`, in their order.")
