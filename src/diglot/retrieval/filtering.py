"""Which documents may answer."""

from diglot.catalog import found
from diglot.catalog.database import Database
from diglot.domain.search import RetrievalPlan


def allowed_revisions(database: Database, plan: RetrievalPlan) -> frozenset[int] | None:
    """The revisions that the plan's documents and conditions leave, None without either. What matches nothing allows
    nothing: the empty set, never None."""
    if plan.documents is None and plan.conditions is None:
        return None
    with database.read() as connection:
        left = found.revisions(connection, plan.workspace_id, plan.datasets, plan.documents, plan.conditions)
    return frozenset(left)
