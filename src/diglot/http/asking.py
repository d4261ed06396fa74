"""How every dialect asks: the answer, and a line in the log of what was asked."""

import time

from diglot.domain.search import Hits, RetrievalPlan
from diglot.http.operations import Call

NOTHING = Hits(())


def ask(call: Call, dialect: str, operation: str, plan: RetrievalPlan, *, is_empty: bool = False) -> Hits:
    """`is_empty`: there is nothing to be found, which needs no search."""
    began = time.perf_counter()
    found = NOTHING if is_empty else call.house.retriever.search(plan)
    call.house.querylog.note(call.caller, dialect, operation, plan, found, time.perf_counter() - began)
    return found
