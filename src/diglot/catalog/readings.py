"""What it takes to make a revision: a revision is one reading of one source by one rule."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from diglot.catalog import generations
from diglot.catalog.tables import chunks, datasets, documents, revisions, rules
from diglot.domain.errors import Cancelled
from diglot.domain.identity import RevisionKey
from diglot.domain.rules import ChunkForm, ChunkingRules


@dataclass(frozen=True, slots=True)
class Reading:
    """`media_type` is what the source was taken for when it came. `embedding_models`: see `generations`. `is_by_words`:
    its dataset is indexed by words alone. `was_begun`: an earlier attempt left chunks behind."""

    name: str
    media_type: str
    source: str
    rules: ChunkingRules
    form: ChunkForm
    embedding_models: list[str]
    is_by_words: bool
    was_begun: bool


def get(connection: Connection, revision: RevisionKey) -> Reading:
    """`Cancelled` if the revision, its document or its dataset is gone."""
    begun = select(chunks.c.key).where(chunks.c.revision_key == revision).exists()
    row = connection.execute(
        select(
            documents.c.name,
            documents.c.media_type,
            revisions.c.source,
            rules.c.rules,
            documents.c.chunk_form,
            datasets.c.embedding_model,
            datasets.c.id,
            begun,
        )
        .select_from(revisions)
        .join(documents, documents.c.id == revisions.c.document_id)
        .join(datasets, datasets.c.id == documents.c.dataset_id)
        .join(rules, rules.c.id == revisions.c.rule_id)
        .where(revisions.c.key == revision, documents.c.deleted_at.is_(None), datasets.c.deleted_at.is_(None))
    ).one_or_none()
    if row is None:
        raise Cancelled
    name, media_type, source, stored, form, chosen, dataset_id, was_begun = row
    return Reading(
        name=name,
        media_type=media_type,
        source=source,
        rules=ChunkingRules.from_json(stored),
        form=ChunkForm(form),
        embedding_models=generations.embedding_models(connection, dataset_id),
        is_by_words=chosen is None,
        was_begun=bool(was_begun),
    )
