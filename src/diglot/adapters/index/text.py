"""Words: BM25 over the tokens of content and title (tantivy's k1 1.2, b 0.75, global idf), and keywords."""

import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import tantivy

from diglot.adapters.index.state import Damaged
from diglot.domain.errors import DiskFull, IndexFailed
from diglot.ports.index import Candidate, IndexRow

KEY, GROUP = "key", "group"
BODY, TITLE, KEYWORDS = "body", "title", "keywords"
WEIGHTS = {BODY: 1.0, TITLE: 0.2}
"""What BM25 of each field counts. The title's from spec embeddings 2: +0.004..+0.011 nDCG@10 on scifact."""
GIVEN, FOUND = 3.0, 0.5
"""What a keyword counts, in idf of its term: one that people gave, and one that we found in the text.

BM25 would divide it by the length of an average chunk's keywords, which is next to nothing where few chunks have any: a
chunk with the asked word for its one keyword came 64th on scifact, behind those that only mention it. BM25 of a content
and a title stays below 2.64 idf, so 3 puts it first. Keywords that we find ourselves say little that the content does
not: 0 / 0.5 / 1 / 3 give nDCG@10 0.691 / 0.692 / 0.679 / 0.643 on scifact, 0.892 / 0.892 / 0.885 / 0.847 on
cmrc-chunk-zh (300 questions)."""

_ANALYSER = "tokens"
_LONGEST_TERM = 65_530
_MOST_TERMS = 1024
_MANY_GROUPS = 200
_SPACE = re.compile(r"\s")
_SYSTEM_ERROR = re.compile(r"os error (\d+)")
_OUT_OF_SPACE = frozenset({28, 112, 122})
_OUT_OF_MEANS = frozenset({5, 12, 13, 23, 24})


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in (KEY, GROUP):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in (*WEIGHTS, KEYWORDS):
        builder.add_text_field(name, tokenizer_name=_ANALYSER, index_option="freq")
    return builder.build()


SCHEMA = _schema()


@contextmanager
def engine_errors() -> Iterator[None]:
    """The engine's errors as ours: `DiskFull`, `IndexFailed` for want of memory or handles, else `Damaged`."""
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        raise _translated(str(error)) from error
    except BaseException as error:
        # The engine panics on files whose bytes make no sense, and a panic is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise Damaged("the text index cannot be read") from error


def _translated(message: str) -> Exception:
    found = _SYSTEM_ERROR.search(message)
    code = int(found[1]) if found else 0
    if code in _OUT_OF_SPACE:
        return DiskFull()
    return IndexFailed(f"The search index failed: {message}") if code in _OUT_OF_MEANS else Damaged(message)


def open_text(folder: Path, *, create: bool = False) -> tantivy.Index:
    """The text index of a folder; `Damaged` if there is none that can be read."""
    with engine_errors():
        index = tantivy.Index(SCHEMA, str(folder)) if create else tantivy.Index.open(str(folder))
        index.register_tokenizer(_ANALYSER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        index.config_reader("manual")
        return index


def open_writer(index: tantivy.Index, heap: int) -> tantivy.IndexWriter:
    with engine_errors():
        writer = index.writer(heap, 1)
        # A commit that a crash cut short leaves files whose names the next one would take, and fail on.
        writer.garbage_collect_files()
        return writer


def stamp(writer: tantivy.IndexWriter) -> int:
    """A number above every earlier operation's and below the next commit's: of a removal of nothing."""
    return writer.delete_documents_by_query(tantivy.Query.empty_query())


def remove_rows(writer: tantivy.IndexWriter, keys: Sequence[int]) -> None:
    # By query, not by term: this version's removal by the term of a number finds nothing.
    if keys:
        writer.delete_documents_by_query(tantivy.Query.term_set_query(SCHEMA, KEY, keys))


def add_rows(writer: tantivy.IndexWriter, rows: Iterable[IndexRow]) -> None:
    for row in rows:
        document = tantivy.Document()
        document.add_unsigned(KEY, row.key)
        document.add_unsigned(GROUP, row.group)
        for name, tokens in ((BODY, row.tokens), (TITLE, row.title), (KEYWORDS, row.keywords)):
            if tokens:
                _add_tokens(document, name, tokens)
        writer.add_document(document)


def _add_tokens(document: tantivy.Document, name: str, tokens: Sequence[str]) -> None:
    joined = " ".join(tokens)
    try:
        document.add_text(name, joined)
    except UnicodeEncodeError:
        # Half of a surrogate pair cannot be written as UTF-8, nor can it be asked for.
        document.add_text(name, joined.encode("utf-8", "ignore").decode())


def search(
    searcher: tantivy.Searcher,
    tokens: Sequence[str],
    limit: int,
    groups: Collection[int] | None,
    keyword_weight: float = GIVEN,
) -> list[Candidate]:
    """Best first, ties by key."""
    words = _any_of(searcher, tokens, keyword_weight)
    if words is None or limit < 1:
        return []
    if groups is None:
        return _run(searcher, words, limit)
    if len(groups) > _MANY_GROUPS:
        # So many groups are slow to look up as terms, and often they are most of what there is.
        found = _run(searcher, words, limit * 4)
        is_allowed = frozenset(groups)
        allowed = [candidate for candidate in found if candidate.group in is_allowed]
        if len(allowed) >= limit or len(found) < limit * 4:
            return allowed[:limit]
    return _run(searcher, _within(words, groups), limit)


def _any_of(searcher: tantivy.Searcher, tokens: Sequence[str], keyword_weight: float) -> tantivy.Query | None:
    terms = [token for token in dict.fromkeys(tokens) if _is_term(token)][:_MOST_TERMS]
    if not terms:
        return None
    ways = [_term(name, term, weight) for term in terms for name, weight in WEIGHTS.items()]
    with engine_errors():
        # A clause that nothing meets would cost the engine its short cut through clauses of BM25 alone.
        kept = [term for term in terms if searcher.doc_freq(KEYWORDS, term)]
        ways += [_keyword(searcher, term, keyword_weight) for term in kept]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, way) for way in ways])


def _keyword(searcher: tantivy.Searcher, term: str, weight: float) -> tantivy.Query:
    holders = searcher.doc_freq(BODY, term)
    # Removed rows are among the holders until their segment is merged.
    others = max(searcher.num_docs - holders, 0)
    idf = math.log(1.0 + (others + 0.5) / (holders + 0.5))
    return tantivy.Query.const_score_query(_term(KEYWORDS, term, 1.0), weight * idf)


def _is_term(token: str) -> bool:
    try:
        return 0 < len(token.encode()) <= _LONGEST_TERM and not _SPACE.search(token)
    except UnicodeEncodeError:
        return False


def _term(name: str, term: str, weight: float) -> tantivy.Query:
    query = tantivy.Query.term_query(SCHEMA, name, term, "freq")
    return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)


def _within(words: tantivy.Query, groups: Collection[int]) -> tantivy.Query:
    allowed = tantivy.Query.term_set_query(SCHEMA, GROUP, list(groups))
    return tantivy.Query.boolean_query(
        [(tantivy.Occur.Must, words), (tantivy.Occur.Must, tantivy.Query.const_score_query(allowed, 0.0))]
    )


def _run(searcher: tantivy.Searcher, query: tantivy.Query, limit: int) -> list[Candidate]:
    with engine_errors():
        hits = searcher.search(query, limit, count=False).hits
        addresses = [address for _, address in hits]
        keys = cast(list[int], searcher.fast_field_values(KEY, addresses))
        groups = cast(list[int], searcher.fast_field_values(GROUP, addresses))
    scores = [score for score, _ in hits]
    found = list(map(Candidate._make, zip(keys, groups, scores, strict=True)))
    if len(set(scores)) < len(scores):
        found.sort(key=lambda candidate: (-candidate.score, candidate.key))
    return found
