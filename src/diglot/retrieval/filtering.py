"""Which documents may answer."""

from diglot.catalog import found
from diglot.catalog.database import Database
from diglot.domain.search import RetrievalPlan


def allowed_revisions(database: Database, plan: RetrievalPlan) -> frozenset[int] | None:
    """The revisions that the plan's document filter leaves, None without a filter. A filter that matches nothing allows
    nothing: the empty set, never None."""
    if plan.documents is None:
        return None
    with database.read() as connection:
        return frozenset(found.revisions(connection, plan.workspace_id, plan.datasets, plan.documents))
