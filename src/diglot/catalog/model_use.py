"""Which datasets use which model."""

from collections import Counter

from sqlalchemy import ColumnElement, Connection, func, select, true

from diglot.catalog.tables import datasets, generations
from diglot.domain.identity import WorkspaceId

LIVING_GENERATIONS = ("building", "active")


def counts(connection: Connection, workspace_id: WorkspaceId | None = None) -> Counter[str]:
    """How many datasets each embedding model and each reranker has, of one workspace or of all. A dataset that changes
    its model counts for both."""
    of_workspace = true() if workspace_id is None else datasets.c.workspace_id == workspace_id
    living = of_workspace, datasets.c.deleted_at.is_(None)
    chosen = select(datasets.c.id, datasets.c.embedding_model).where(*living, datasets.c.embedding_model.is_not(None))
    indexed = (
        select(datasets.c.id, generations.c.embedding_model)
        .join_from(datasets, generations, generations.c.dataset_id == datasets.c.id)
        .where(*living, generations.c.embedding_model.is_not(None), generations.c.state.in_(LIVING_GENERATIONS))
    )
    pairs = chosen.union(indexed).subquery()
    counted = select(pairs.c.embedding_model, func.count()).group_by(pairs.c.embedding_model)
    found = Counter({str(name): int(count) for name, count in connection.execute(counted)})
    reranker: ColumnElement[str] = datasets.c.retrieval["reranker"].as_string()
    reranked = select(reranker, func.count()).where(*living, reranker.is_not(None)).group_by(reranker)
    return found + Counter({str(name): int(count) for name, count in connection.execute(reranked)})
