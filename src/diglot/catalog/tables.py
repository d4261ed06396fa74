"""The catalog's tables. Ids are 32 hex digits, times milliseconds since 1970, JSON columns hold plain dicts and lists.

A revision is one reading of one source by one rule. A document shows the chunks of `documents.revision_key` only; a
newer one is made beside it (`pending_key`) and takes its place in one transaction.

The search index follows `index_changes`: whoever changes what should be found notes the revision or chunk there in the
same transaction, and the indexer brings the index into the state that the catalog then has. `seq` counts per dataset,
taken from `datasets.change_seq` under that row's lock, so that numbers become visible in their order.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    false,
    text,
)

from diglot.domain.job import JobKind, JobState

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = String(32)
MS = BigInteger
# SQLite numbers rows by itself only in a column declared INTEGER PRIMARY KEY.
KEY = BigInteger().with_variant(Integer, "sqlite")
# Ordered by code points everywhere, as SQLite and Python do it, whatever the server's language.
PLAIN = Text().with_variant(Text(collation="C"), "postgresql")

settings = Table(
    "settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
)

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", MS, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("id", ID, primary_key=True),
    Column("workspace_id", ID, ForeignKey("workspaces.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("created_at", MS, nullable=False),
    # Folded; those without one, or without a password, cannot log in.
    Column("login", String(128)),
    Column("password_hash", Text),
    Column("language", String(16)),
    Column("disabled_at", MS),
    Column("last_login_at", MS),
    # The name stays on what the user made; the login is free again.
    Column("deleted_at", MS),
    Index("uq_users_login", "login", unique=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("user_id", ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    # Of the cookie's secret.
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("created_at", MS, nullable=False),
    Column("last_seen_at", MS, nullable=False),
    Column("expires_at", MS, nullable=False),
    Column("ip", String(64)),
    Column("agent", String(255)),
)

# Attempts that failed, while they count against others: `library.attempts`.
attempts = Table(
    "attempts",
    metadata,
    # Hashed: what somebody sent as a login may be a password.
    Column("name", LargeBinary(32), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last", MS, nullable=False),
    Column("until", MS, nullable=False, index=True),
)

# Nothing here is ever changed, the oldest is deleted; names are those of the time.
audit = Table(
    "audit",
    metadata,
    Column("id", ID, primary_key=True),
    # NULL where nobody knows whose it is, as of a login on an empty catalog.
    Column("workspace_id", ID),
    Column("at", MS, nullable=False),
    Column("actor_id", ID),
    Column("actor_name", Text),
    Column("key_prefix", String(24)),
    Column("ip", String(64)),
    Column("verb", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("object_id", ID),
    Column("object_name", Text),
    # done or refused
    Column("result", String(16), nullable=False),
    Column("request_id", String(64)),
    Index("ix_audit_listing", "workspace_id", "at", "id"),
    # For those who forget the oldest.
    Index("ix_audit_at", "at"),
)

queries = Table(
    "queries",
    metadata,
    Column("id", ID, primary_key=True),
    Column("workspace_id", ID, nullable=False),
    Column("at", MS, nullable=False),
    Column("dialect", String(32), nullable=False),
    Column("operation", String(64), nullable=False),
    Column("key_prefix", String(24)),
    Column("user_name", Text),
    Column("dataset_ids", JSON, nullable=False),
    Column("question", Text, nullable=False),
    Column("method", String(16), nullable=False),
    Column("ms", Float, nullable=False),
    Column("hits", Integer, nullable=False),
    Column("best_score", Float),
    Index("ix_queries_listing", "workspace_id", "at", "id"),
    # For those who forget the oldest.
    Index("ix_queries_at", "at"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", ID, primary_key=True),
    Column("workspace_id", ID, ForeignKey("workspaces.id"), nullable=False, index=True),
    Column("user_id", ID, ForeignKey("users.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("prefix", String(24), nullable=False, index=True),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("datasets", JSON(none_as_null=True)),
    Column("created_at", MS, nullable=False),
    Column("expires_at", MS),
    Column("disabled_at", MS),
    Column("last_used_at", MS),
    Column("last_used_ip", String(64)),
)

datasets = Table(
    "datasets",
    metadata,
    Column("id", ID, primary_key=True),
    Column("workspace_id", ID, ForeignKey("workspaces.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("permission", String(32), nullable=False),
    Column("indexing", String(16)),
    Column("chunk_form", String(24)),
    Column("embedding_model", Text),
    Column("retrieval", JSON(none_as_null=True)),
    Column("api_enabled", Boolean, nullable=False, default=True),
    Column("generation_id", ID, nullable=False),
    Column("change_seq", BigInteger, nullable=False, default=0),
    Column("last_position", Integer, nullable=False, default=0),
    Column("document_count", Integer, nullable=False, default=0),
    Column("available_count", Integer, nullable=False, default=0),
    Column("chunk_count", Integer, nullable=False, default=0),
    Column("word_count", BigInteger, nullable=False, default=0),
    Column("created_by", ID, nullable=False),
    Column("created_at", MS, nullable=False),
    Column("updated_by", ID, nullable=False),
    Column("updated_at", MS, nullable=False),
    # Set when it is deleted; the name column then no longer counts as taken.
    Column("deleted_at", MS),
    # Of `rules`; no foreign key, since rules name their dataset.
    Column("rule_id", ID),
    Column("avatar", Text),
    Column("language", String(32)),
    Column("boost", Integer, nullable=False, server_default="0"),
    Column("attributes", JSON(none_as_null=True)),
    Column("token_count", BigInteger, nullable=False, server_default="0"),
    Column("size", BigInteger, nullable=False, server_default="0"),
    # The name in lower case, for those to whom names that differ in case alone are one.
    Column("folded_name", Text),
    Index("ix_datasets_listing", "workspace_id", "deleted_at", "created_at", "id"),
    Index("ix_datasets_folded_name", "workspace_id", "folded_name"),
)
Index(
    "uq_datasets_workspace_id_name",
    datasets.c.workspace_id,
    datasets.c.name,
    unique=True,
    sqlite_where=datasets.c.deleted_at.is_(None),
    postgresql_where=datasets.c.deleted_at.is_(None),
)

# For those who know datasets by whole numbers; none is used twice.
dataset_numbers = Table(
    "dataset_numbers",
    metadata,
    Column("number", KEY, primary_key=True, autoincrement=True),
    Column("dataset_id", ID, ForeignKey("datasets.id", ondelete="CASCADE"), nullable=False, unique=True),
    sqlite_autoincrement=True,
)

generations = Table(
    "generations",
    metadata,
    Column("id", ID, primary_key=True),
    Column("dataset_id", ID, ForeignKey("datasets.id"), nullable=False, index=True),
    Column("embedding_model", Text),
    Column("dimension", Integer),
    Column("tokenizer", String(64), nullable=False),
    Column("format", Integer, nullable=False),
    Column("created_at", MS, nullable=False),
    # building -> active -> retired; exactly one active a dataset, the one datasets.generation_id names.
    Column("state", String(16), nullable=False),
    # Why it is not complete, in plain words.
    Column("trouble", Text),
)

rules = Table(
    "rules",
    metadata,
    Column("id", ID, primary_key=True),
    Column("dataset_id", ID, ForeignKey("datasets.id"), nullable=False),
    # domain.rules.ChunkingRules.to_json()
    Column("rules", JSON, nullable=False),
    Column("created_by", ID, nullable=False),
    Column("created_at", MS, nullable=False),
    # Made for some documents alone: documents to come do not get it by themselves.
    Column("is_own", Boolean, nullable=False, server_default=false()),
    # Ids grow with time: the newest rule of a dataset is the last of its entries here.
    Index("ix_rules_latest", "dataset_id", "id"),
)

documents = Table(
    "documents",
    metadata,
    Column("id", ID, primary_key=True),
    Column("workspace_id", ID, nullable=False),
    Column("dataset_id", ID, ForeignKey("datasets.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("source", String(64), nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("media_type", String(127), nullable=False),
    Column("created_from", String(16), nullable=False),
    Column("batch", String(32), nullable=False),
    Column("rule_id", ID, ForeignKey("rules.id"), nullable=False),
    Column("chunk_form", String(24), nullable=False),
    Column("language", String(32), nullable=False),
    Column("revision_key", BigInteger),
    Column("pending_key", BigInteger),
    Column("status", String(16), nullable=False),
    Column("progress", Float, nullable=False, default=0.0),
    Column("error", Text),
    Column("enabled", Boolean, nullable=False, default=True),
    Column("disabled_at", MS),
    Column("disabled_by", ID),
    Column("archived", Boolean, nullable=False, default=False),
    Column("metadata", JSON, nullable=False),
    Column("word_count", BigInteger, nullable=False, default=0),
    Column("tokens", BigInteger, nullable=False, default=0),
    Column("chunk_count", Integer, nullable=False, default=0),
    Column("hit_count", Integer, nullable=False, default=0),
    Column("started_at", MS),
    Column("parsed_at", MS),
    Column("cleaned_at", MS),
    Column("split_at", MS),
    Column("completed_at", MS),
    Column("paused_at", MS),
    Column("stopped_at", MS),
    Column("created_by", ID, nullable=False),
    Column("created_at", MS, nullable=False),
    Column("updated_at", MS, nullable=False),
    Column("deleted_at", MS),
    Column("begun_at", MS),
    Column("ended_at", MS),
    # Plain sentences for the user: what the reader left out of the serving revision, and why.
    Column("notes", JSON(none_as_null=True)),
    Column("repeat_count", Integer, nullable=False, server_default="0"),
    Column("attributes", JSON(none_as_null=True)),
    Index("ix_documents_listing", "dataset_id", "deleted_at", "created_at", "position"),
    Index("ix_documents_batch", "dataset_id", "batch"),
    Index("ix_documents_name", "dataset_id", "name"),
    # For those who watch what changes, in all datasets at once.
    Index("ix_documents_updated_at", "updated_at"),
)

# What `documents.metadata` holds, a row for each value (a list has several), so that conditions on it are a query.
metadata_values = Table(
    "metadata_values",
    metadata,
    Column("document_id", ID, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    # The place of the value among all of the document's.
    Column("place", Integer, primary_key=True),
    Column("dataset_id", ID, nullable=False),
    Column("name", String(255), nullable=False),
    # In lower case, and as it was written where that differs; `head` is its beginning, short enough for an index.
    Column("text", PLAIN, nullable=False),
    Column("written", Text),
    Column("head", String(64), nullable=False),
    # Where the text reads as a number.
    Column("number", Float),
    # Whether it is a date, YYYY-MM-DD.
    Column("is_date", Boolean, nullable=False),
    # What stands under the name: string, number, time (YYYY-MM-DDTHH:MM:SS) or list.
    Column("kind", String(8), nullable=False),
    Index("ix_metadata_values_head", "dataset_id", "name", "head"),
    Index("ix_metadata_values_number", "dataset_id", "name", "number"),
    sqlite_with_rowid=False,
)

# The names that documents of a dataset have or may have values under: `catalog.metadata` notes those it writes.
metadata_fields = Table(
    "metadata_fields",
    metadata,
    Column("id", ID, primary_key=True),
    Column("dataset_id", ID, ForeignKey("datasets.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(255), nullable=False),
    # string, number or time
    Column("type", String(8), nullable=False),
    UniqueConstraint("dataset_id", "name"),
)

tags = Table(
    "tags",
    metadata,
    Column("id", ID, primary_key=True),
    Column("workspace_id", ID, ForeignKey("workspaces.id"), nullable=False),
    Column("name", String(50), nullable=False),
    UniqueConstraint("workspace_id", "name"),
)

tag_bindings = Table(
    "tag_bindings",
    metadata,
    Column("tag_id", ID, ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True),
    Column("dataset_id", ID, ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

revisions = Table(
    "revisions",
    metadata,
    Column("key", KEY, primary_key=True, autoincrement=True),
    Column("document_id", ID, ForeignKey("documents.id"), nullable=False, index=True),
    Column("dataset_id", ID, nullable=False),
    Column("source", String(64), nullable=False, index=True),
    Column("rule_id", ID, ForeignKey("rules.id"), nullable=False),
    # pending -> current -> dropped; pending -> dropped when it fails or is overtaken. The purge removes dropped ones.
    Column("state", String(16), nullable=False),
    Column("created_at", MS, nullable=False),
    # A key that was given away once would let old index rows speak for new chunks.
    sqlite_autoincrement=True,
)

chunks = Table(
    "chunks",
    metadata,
    Column("key", KEY, primary_key=True, autoincrement=True),
    Column("id", ID, nullable=False, unique=True),
    Column("dataset_id", ID, nullable=False),
    Column("document_id", ID, nullable=False),
    Column("revision_key", BigInteger, ForeignKey("revisions.key"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("answer", Text),
    Column("keywords", JSON, nullable=False),
    Column("questions", JSON, nullable=False),
    # [domain.parsed.Anchor.to_json(), ...]
    Column("anchors", JSON, nullable=False),
    Column("tokens", Integer, nullable=False),
    Column("word_count", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("text_hash", LargeBinary(32), nullable=False),
    Column("enabled", Boolean, nullable=False, default=True),
    Column("disabled_at", MS),
    Column("disabled_by", ID),
    Column("status", String(16), nullable=False),
    Column("error", Text),
    Column("hit_count", Integer, nullable=False, default=0),
    Column("created_by", ID, nullable=False),
    Column("created_at", MS, nullable=False),
    Column("updated_by", ID, nullable=False),
    Column("updated_at", MS, nullable=False),
    Column("indexed_at", MS),
    Column("completed_at", MS),
    Column("kind", String(8), nullable=False, server_default="text"),
    Column("tags", JSON(none_as_null=True)),
    Column("tag_weights", JSON(none_as_null=True)),
    Column("repeats", Integer, nullable=False, server_default="0"),
    Column("has_image", Boolean, nullable=False, server_default=false()),
    # Of the chunk that it is a part of, empty where it is none: NULL could not be walked in the order of an index.
    Column("parent_id", ID, nullable=False, server_default=text("''")),
    Column("is_parent", Boolean, nullable=False, server_default=false()),
    Column("is_custom", Boolean, nullable=False, server_default=false()),
    Index("ix_chunks_revision", "revision_key", "parent_id", "position"),
    Index("ix_chunks_text_hash", "text_hash"),
    sqlite_autoincrement=True,
)

chunk_images = Table(
    "chunk_images",
    metadata,
    Column("chunk_key", BigInteger, ForeignKey("chunks.key", ondelete="CASCADE"), primary_key=True),
    Column("media_type", String(32), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

recognised_pages = Table(
    "recognised_pages",
    metadata,
    # The file's sha256, as `documents.source`.
    Column("source", String(64), primary_key=True),
    Column("workspace_id", ID, primary_key=True),
    # From 1; of a file inside the file: domain.parsed.scan_of.
    Column("page", Integer, primary_key=True),
    # What it was recognised by, and of a file inside the file its sha256.
    Column("edition", Text, nullable=False),
    # [side of a pixel in points, [domain.recognised.TextLine, ...]] as JSON, compressed by zlib
    Column("content", LargeBinary, nullable=False),
)

vectors = Table(
    "vectors",
    metadata,
    Column("model", String(255), primary_key=True),
    Column("text_hash", LargeBinary(32), primary_key=True),
    # float16, little-endian, L2-normalised
    Column("vector", LargeBinary, nullable=False),
    # The sweep leaves those alone that somebody took lately: their chunk may not be stored yet.
    Column("used_at", MS, nullable=False),
    sqlite_with_rowid=False,
)

index_changes = Table(
    "index_changes",
    metadata,
    Column("dataset_id", ID, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    # "revision" or "chunk"; key names a row of that table, which may be gone by the time it is applied.
    Column("kind", String(8), nullable=False),
    Column("key", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", ID, primary_key=True),
    # ingest (a revision), purge (a deleted document or dataset, dropped revisions), rebuild (a dataset's index)
    Column("kind", String(16), nullable=False),
    Column("workspace_id", ID, nullable=False),
    Column("dataset_id", ID, nullable=False),
    Column("document_id", ID),
    Column("revision_key", BigInteger),
    Column("priority", Integer, nullable=False, default=0),
    # Start-time fair queueing: virtual start time of this job in its dataset's line, and how far it moves that line.
    Column("tag", Float, nullable=False),
    Column("cost", Float, nullable=False, default=1.0),
    # queued -> running -> done | failed | cancelled | dead
    Column("state", String(16), nullable=False),
    # 0: at once, whatever the clock does.
    Column("run_at", MS, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    # Attempts that ended by the death of a process, not by an error that the worker saw.
    Column("crashes", Integer, nullable=False, default=0),
    Column("owner", String(64)),
    Column("lease_until", MS),
    Column("cancel", Boolean, nullable=False, default=False),
    Column("error", Text),
    Column("payload", JSON, nullable=False),
    Column("created_at", MS, nullable=False),
    Column("finished_at", MS),
    CheckConstraint("state in ('queued','running','done','failed','cancelled','dead')", name="state"),
    Index("ix_jobs_document", "document_id", "state"),
    Index("ix_jobs_state", "state", "finished_at"),
)


def _partial(name: str, *columns: Column[Any], where: ColumnElement[bool], unique: bool = False) -> None:
    Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


_IS_QUEUED = jobs.c.state == JobState.QUEUED.value
# The clause about run_at is always true. It keeps planners from walking all that waits in search of one dataset's line:
# who says it gets this index, who does not gets the next.
_partial(
    "ix_jobs_claim",
    jobs.c.state,
    jobs.c.priority,
    jobs.c.tag,
    jobs.c.id,
    where=and_(_IS_QUEUED, jobs.c.run_at >= 0),
)
_partial("ix_jobs_line", jobs.c.state, jobs.c.dataset_id, jobs.c.priority, jobs.c.tag, jobs.c.id, where=_IS_QUEUED)
# Purges and rebuilds, which would else be searched for among all the documents that wait.
_partial(
    "ix_jobs_chores",
    jobs.c.state,
    jobs.c.priority,
    jobs.c.tag,
    jobs.c.id,
    where=and_(_IS_QUEUED, jobs.c.kind != JobKind.INGEST.value),
)
_partial("ix_jobs_waiting", jobs.c.state, jobs.c.created_at, where=_IS_QUEUED)
_partial(
    "uq_jobs_open",
    jobs.c.revision_key,
    jobs.c.kind,
    where=jobs.c.state.in_([JobState.QUEUED.value, JobState.RUNNING.value]),
    unique=True,
)
