"""Who watches documents change: one thread a process looks for all of them, while there are any."""

import logging
import threading
from collections.abc import Callable, Iterable

from diglot.catalog import watched
from diglot.catalog.database import Database
from diglot.catalog.queue import Sight
from diglot.catalog.watched import DocumentState
from diglot.domain.api_key import Caller, Scope
from diglot.domain.errors import Overloaded
from diglot.domain.identity import DatasetId, DocumentId, now_ms
from diglot.library.access import require
from diglot.library.jobs import require_open, sight_of

log = logging.getLogger(__name__)

MOST_LISTENERS = 100
RETRY_SECONDS = 30
UNDER_WAY = 1000
MOST_UNTOLD = 10_000
WAIT_SECONDS = 1.0
PAUSE_SECONDS = 0.25
"""Between two looks: a worker commits a few hundred times a second."""
OVERLAP_MS = 5000
"""A change is seen once it is committed, which may be a while after the time that it bears."""


class Listener:
    """What one caller has not been told yet: of each document the newest state alone. Thread-safe."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self._untold: dict[DocumentId, DocumentState] = {}
        self._lock = threading.Lock()
        self._wake: Callable[[], None] = lambda: None
        self.is_over = False

    def take(self) -> list[DocumentState]:
        with self._lock:
            taken, self._untold = self._untold, {}
        return list(taken.values())

    def on_change(self, wake: Callable[[], None]) -> None:
        """Called from another thread whenever there is something to take, or the end has come."""
        self._wake = wake
        wake()

    def tell(self, states: Iterable[DocumentState]) -> None:
        with self._lock:
            self._untold |= {one.id: one for one in states if self._sees(one)}
            has_news = bool(self._untold)
            # It does not read: when it comes again, it is told how things stand.
            is_lost = len(self._untold) > MOST_UNTOLD
        if is_lost:
            self.end()
        elif has_news:
            self._wake()

    def end(self) -> None:
        self.is_over = True
        self._wake()

    def _sees(self, state: DocumentState) -> bool:
        sight = self._sight
        return (
            state.workspace_id == sight.workspace_id
            and (sight.among is None or state.dataset_id in sight.among)
            and (state.is_open or sight.sees_closed)
        )


class Watching:
    """`end` at any time ends all listening; `close` also waits for the thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._seen: dict[DocumentId, DocumentState] = {}

    def listen(self, caller: Caller, dataset_id: DatasetId | None = None) -> Listener:
        """Told of every change from now on, and first how what is under way stands; to be handed to `leave`.
        `DatasetNotFound`, `ApiDisabled`, `Overloaded` where too many listen already."""
        require(caller, Scope.READ)
        sight = sight_of(caller)
        if dataset_id is not None:
            with self._database.read() as connection:
                require_open(connection, caller, dataset_id)
            sight = Sight(caller.workspace_id, (dataset_id,), sight.sees_closed)
        listener = Listener(sight)
        self._admit(listener)
        try:
            # Read only now: whatever is committed later is told by the thread.
            with self._database.read() as connection:
                listener.tell(watched.under_way(connection, sight, UNDER_WAY))
        except BaseException:
            self.leave(listener)
            raise
        return listener

    def leave(self, listener: Listener) -> None:
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)

    def end(self) -> None:
        self._ended.set()
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener.end()

    def close(self) -> None:
        self.end()
        thread = self._thread
        if thread is not None:
            thread.join()

    def _admit(self, listener: Listener) -> None:
        with self._lock:
            if len(self._listeners) >= MOST_LISTENERS or self._ended.is_set():
                raise Overloaded("Too many are listening already.", retry_after=RETRY_SECONDS)
            self._listeners.append(listener)
            if self._thread is None:
                self._seen = {}
                since = now_ms() - OVERLAP_MS
                self._thread = threading.Thread(target=self._run, args=(since,), name="watching", daemon=True)
                self._thread.start()

    def _run(self, since: int) -> None:
        while self._is_wanted():
            try:
                since = self._watch_on(since)
            except Exception:  # as the worker's loop: the catalog may come back
                log.exception("documents cannot be watched")
                self._ended.wait(WAIT_SECONDS)

    def _is_wanted(self) -> bool:
        with self._lock:
            if self._listeners and not self._ended.is_set():
                return True
            self._thread = None
            return False

    def _watch_on(self, since: int) -> int:
        watch = self._database.watch()
        try:
            since = self._look(since)
            while self._listeners and not self._ended.is_set():
                if watch.wait(WAIT_SECONDS):
                    since = self._look(since)
                    self._ended.wait(PAUSE_SECONDS)
        finally:
            watch.close()
        return since

    def _look(self, since: int) -> int:
        """Tells what has changed; the time from which the next look must begin."""
        now = now_ms()
        with self._database.read() as connection:
            found = {one.id: one for one in watched.changed(connection, since)}
        fresh = [one for one in found.values() if self._seen.get(one.id) != one]
        self._seen = found
        if fresh:
            with self._lock:
                listeners = list(self._listeners)
            for listener in listeners:
                listener.tell(fresh)
        return now - OVERLAP_MS
