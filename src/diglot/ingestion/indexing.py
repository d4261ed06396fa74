"""The indexer: lets the search indexes follow the catalog. One a host; the others wait until it dies."""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from diglot.catalog import changes, generations, indexable
from diglot.catalog.database import Database, Watch
from diglot.domain.dataset import Generation
from diglot.domain.errors import Cancelled, DiglotError, Overloaded
from diglot.domain.identity import DatasetId, GenerationId
from diglot.ingestion.election import Election
from diglot.ingestion.following import Follower, LogTooShort, Missing, VectorsMissing
from diglot.ingestion.slow_lane import SlowLane
from diglot.ports.embedder import Embedders
from diglot.ports.index import Index
from diglot.ports.tokenizer import Tokenizer

logger = logging.getLogger(__name__)

LOCK = "indexer.lock"
POLL_SECONDS = 1.0
ELECTION_SECONDS = 0.5
TRIM_SECONDS = 1.0
TRIMMED_TOGETHER = 5000
CHORES_SECONDS = 1.0
SURVEY_SECONDS = 600.0
SURVEYED_TOGETHER = 50
COMPACT_AFTER_SECONDS = 5.0
RETIRED_SECONDS = 10.0
LONGEST_PAUSE = 60.0
STALLED_SECONDS = 120.0
GENERATION_SECONDS = 0.5
APPLIED_SECONDS = 0.03
EMBEDDED_TOGETHER = 4
ALL = 2**62


@dataclass(frozen=True, slots=True)
class Pause:
    """A dataset whose index cannot be written is left alone for a while; the others go on."""

    failures: int
    until: float

    def longer(self) -> "Pause":
        return Pause(self.failures + 1, time.monotonic() + min(LONGEST_PAUSE, 0.5 * 2**self.failures))


class Indexer:
    """`run` belongs in a thread of every worker; whoever wins the election follows, for all processes of the host.

    What takes long (making a generation anew, compaction) happens in threads of its own, and what waits for models in
    others still, so that no dataset waits for another. `wait_until_applied` works in any process.
    """

    def __init__(
        self, database: Database, index: Index, tokenizer: Tokenizer, embedders: Embedders, folder: Path
    ) -> None:
        self._database = database
        self._index = index
        self._tokenizer = tokenizer
        self._election = Election(folder / LOCK)
        self._embedders = embedders
        self._follower = Follower(database, index, tokenizer, embedders, missing=Missing.REFUSE)
        self._slow = SlowLane()
        self._compacting = SlowLane()
        self._embedding = SlowLane(EMBEDDED_TOGETHER)
        self._applied = threading.Condition()
        self._ended = threading.Event()
        self._watch: Watch | None = None
        self._watching = threading.Lock()
        self._caught_up: dict[DatasetId, int] = {}
        self._pauses: dict[DatasetId, Pause] = {}
        self._to_trim: dict[DatasetId, int] = {}
        self._to_compact: dict[GenerationId, tuple[Generation, float]] = {}
        self._retired_since: dict[GenerationId, float] = {}
        self._due: dict[str, float] = {}

    def run(self) -> None:
        """Until `end`; errors that are not a dataset's own end it too, and its term."""
        try:
            while not self._ended.is_set():
                if self._election.win():
                    self._serve()
                else:
                    self._ended.wait(ELECTION_SECONDS)
        finally:
            self._resign()

    def end(self) -> None:
        """From any thread, for good."""
        self._ended.set()
        with self._watching:
            if self._watch is not None:
                self._watch.close()

    def apply_pending(self) -> int:
        """Everything that is noted by now, also the slow things, in this thread's time; how many changes. 0 if another
        process is the indexer: it does the same."""
        if not self._election.win():
            return 0
        try:
            return self._drain()
        finally:
            self._resign()

    def wait_until_applied(self, dataset_id: DatasetId, seq: int, look: Callable[[], None]) -> None:
        """Until the dataset's active index has applied the change `seq`. `look` is called a few times a second and may
        raise. `Overloaded` if the index has not moved for two minutes."""
        generation, looked = self._active(dataset_id), time.monotonic()
        moved, reached = looked, -1
        while (applied := self._index.applied(generation)) < seq:
            look()
            now = time.monotonic()
            if applied != reached:
                moved, reached = now, applied
            if now - moved > STALLED_SECONDS:
                raise Overloaded("The search index does not get any further.")
            if now - looked > GENERATION_SECONDS:
                generation, looked = self._active(dataset_id), now
            with self._applied:
                if self._index.applied(generation) < seq:
                    # Our own indexer tells; another process's does not.
                    self._applied.wait(GENERATION_SECONDS if self._election.is_won else APPLIED_SECONDS)

    def _serve(self) -> None:
        logger.info("this process writes the search indexes now")
        watch = self._database.watch()
        with self._watching:
            self._watch = watch
        try:
            self._survey()
            while not self._ended.is_set():
                done = self._round()
                self._chores()
                if not done:
                    watch.wait(POLL_SECONDS)
        finally:
            with self._watching:
                self._watch = None
            watch.close()

    def _drain(self) -> int:
        done = self._survey()
        while (applied := self._round()) or self._slow.is_busy or self._embedding.is_busy:
            done += applied
            if not applied:
                self._slow.wait()
                self._embedding.wait()
        self._trim()
        return done

    def _resign(self) -> None:
        for lane in (self._slow, self._compacting, self._embedding):
            lane.stop()
        self._election.resign()

    def _round(self) -> int:
        """Once through the datasets that have something; how many changes were applied."""
        with self._database.read() as connection:
            noted = set(changes.datasets_noted(connection))
            noted.update(indexable.being_built(connection))
        return sum(self._guarded(dataset_id) for dataset_id in sorted(noted) if self._is_due(dataset_id))

    def _is_due(self, dataset_id: DatasetId) -> bool:
        pause = self._pauses.get(dataset_id)
        return pause is None or time.monotonic() >= pause.until

    def _guarded(self, dataset_id: DatasetId) -> int:
        try:
            done = self._bring_up(dataset_id)
        except Exception:  # the worker loop's own net: one dataset's trouble must not stop the others
            self._pauses[dataset_id] = self._pauses.get(dataset_id, Pause(0, 0.0)).longer()
            logger.exception("the index of dataset %s cannot be brought up to date", dataset_id)
            return 0
        self._pauses.pop(dataset_id, None)
        return done

    def _bring_up(self, dataset_id: DatasetId) -> int:
        with self._database.read() as connection:
            span = changes.span(connection, dataset_id)
            active = indexable.active_generation(connection, dataset_id)
            building = generations.building(connection, dataset_id)
        if span is None or (active is None and not building):
            self._to_trim[dataset_id] = ALL
            self._caught_up.pop(dataset_id, None)
            return 0
        if not building and self._caught_up.get(dataset_id) == span.last:
            return 0
        done = 0
        if active is not None:
            # What is about to be replaced must not wait for its model, which may be why it is replaced.
            done += self._bring_up_generation(active, span, Missing.LEAVE if building else Missing.EMBED)
        for one in building:
            done += self._bring_up_generation(one, span, Missing.EMBED, is_built=True)
            self._switch_to(one)
        self._note_progress(dataset_id, [one for one in (active, *building) if one is not None])
        return done

    def _bring_up_generation(
        self, generation: Generation, span: changes.Span, missing: Missing, *, is_built: bool = False
    ) -> int:
        if self._has(generation.id):
            return 0
        lane, is_anew = self._embedding if is_built else self._slow, True
        # One that is built must for a moment have seen everything, or it would never be switched to.
        until = math.inf if is_built else span.last
        try:
            if self._follower.can_catch_up(generation, span):
                done = self._follower.catch_up(generation, until)
                self._touched(generation, done)
                return done
        except LogTooShort:
            pass
        except VectorsMissing:
            lane, is_anew = self._embedding, False
        if self._compacting.has(generation.id):
            return 0
        act = self._build if is_built else self._follow_patiently
        lane.do(generation.id, partial(act, generation, lane, missing, is_anew=is_anew))
        return 0

    def _has(self, generation_id: GenerationId) -> bool:
        return self._slow.has(generation_id) or self._embedding.has(generation_id)

    def _follow_patiently(self, generation: Generation, lane: SlowLane, missing: Missing, *, is_anew: bool) -> None:
        parts = self._database, self._index, self._tokenizer, self._embedders
        follower = Follower(*parts, self._looking(generation, lane), missing)
        if is_anew:
            logger.info("the index %s of dataset %s is made anew", generation.id, generation.dataset_id)
            follower.make_anew(generation)
        follower.catch_up(generation)
        self._touched(generation, 1)
        if follower.left_by is not None:
            self._note_trouble(generation, f"Some chunks are found by their words alone: {follower.left_by.message}")

    def _build(self, generation: Generation, lane: SlowLane, missing: Missing, *, is_anew: bool) -> None:
        try:
            self._follow_patiently(generation, lane, missing, is_anew=is_anew)
        except Cancelled:
            raise
        except DiglotError as error:
            self._note_trouble(generation, error.message)
            raise
        # At once: where documents come all the time, there is always something new a moment later.
        self._switch_to(generation)

    def _looking(self, generation: Generation, lane: SlowLane) -> Callable[[], None]:
        """Work on a generation that was given up meanwhile ends by `Cancelled`."""
        looked = time.monotonic()

        def look() -> None:
            nonlocal looked
            lane.look()
            if time.monotonic() - looked < GENERATION_SECONDS:
                return
            looked = time.monotonic()
            with self._database.read() as connection:
                if not generations.is_living(connection, generation.id):
                    raise Cancelled

        return look

    def _note_trouble(self, generation: Generation, reason: str) -> None:
        self._database.write(partial(generations.note_trouble, generation_id=generation.id, reason=reason))

    def _touched(self, generation: Generation, done: int) -> None:
        if not done:
            return
        # Being touched again puts nothing off: what is filled without a pause would never be compacted.
        self._to_compact.setdefault(generation.id, (generation, time.monotonic() + COMPACT_AFTER_SECONDS))
        with self._applied:
            self._applied.notify_all()

    def _note_progress(self, dataset_id: DatasetId, living: list[Generation]) -> None:
        least = min(self._index.applied(one) for one in living)
        self._to_trim[dataset_id] = least
        if not any(self._has(one.id) for one in living):
            self._caught_up[dataset_id] = least

    def _switch_to(self, generation: Generation) -> None:
        """When it has seen all that the catalog has, which is checked in the transaction that switches."""
        applied = self._index.applied(generation)
        with self._database.read() as connection:
            span = changes.span(connection, generation.dataset_id)
        if span is None or applied != span.last:
            return

        def work(connection: Connection) -> bool:
            # Noting nothing locks the dataset's row: no change can come between.
            if changes.note(connection, generation.dataset_id) != applied:
                return False
            generations.activate(connection, generation.id)
            return True

        if self._database.write(work):
            logger.info("dataset %s is searched by index %s now", generation.dataset_id, generation.id)

    def _chores(self) -> None:
        """Between two rounds, also when there is always something to apply: the log of changes must not grow on."""
        for seconds, chore in (
            (TRIM_SECONDS, self._trim),
            (CHORES_SECONDS, self._compact_due),
            (CHORES_SECONDS, self._drop_retired),
            (SURVEY_SECONDS, self._survey),
        ):
            if self._is_time(chore.__name__, seconds):
                self._safely(chore)

    def _safely(self, chore: Callable[[], object]) -> None:
        try:
            chore()
        except Exception:  # the worker loop's own net: a chore that failed is due again
            logger.exception("a chore of the indexer failed: %s", chore.__name__)

    def _is_time(self, chore: str, seconds: float) -> bool:
        now = time.monotonic()
        if now < self._due.get(chore, 0.0):
            return False
        self._due[chore] = now + seconds
        return True

    def _trim(self) -> None:
        for dataset_id, seq in list(self._to_trim.items()):
            trim = partial(changes.trim, dataset_id=dataset_id, seq=seq, limit=TRIMMED_TOGETHER)
            while self._database.write(trim) == TRIMMED_TOGETHER:
                pass
            self._to_trim.pop(dataset_id, None)

    def _compact_due(self) -> None:
        """All of them: most find in no time that nothing is worth doing. What is being made anew stays due."""
        now = time.monotonic()
        due = [generation for generation, since in list(self._to_compact.values()) if since <= now]
        for generation in due:
            if not self._has(generation.id) and not self._compacting.has(generation.id):
                del self._to_compact[generation.id]
                self._compacting.do(generation.id, partial(self._index.compact, generation))

    def _drop_retired(self) -> None:
        """A while after the switch: a search that began before it may still look there."""
        with self._database.read() as connection:
            gone = generations.retired(connection)
        now = time.monotonic()
        self._retired_since = {one.id: self._retired_since.get(one.id, now) for one in gone}
        for one in gone:
            is_at_work = self._has(one.id) or self._compacting.has(one.id)
            if now - self._retired_since[one.id] >= RETIRED_SECONDS and not is_at_work:
                self._drop(one)

    def _drop(self, generation: Generation) -> None:
        self._index.drop(generation)
        self._to_compact.pop(generation.id, None)
        # Where the dataset lives on, its next round notes these anew.
        self._caught_up.pop(generation.dataset_id, None)
        self._pauses.pop(generation.dataset_id, None)
        for lane in (self._slow, self._compacting, self._embedding):
            lane.forget(generation.id)
        self._database.write(lambda connection: generations.forget(connection, generation.id))

    def _survey(self) -> int:
        """Every dataset once, also those without news: an index may have been lost, or be of an older form. How many
        changes were applied."""
        done = 0
        self._due[self._survey.__name__] = time.monotonic() + SURVEY_SECONDS
        for number, dataset_id in enumerate(self._every_dataset(), 1):
            if number % SURVEYED_TOGETHER == 0:
                # With ten thousand datasets this takes seconds: what is new does not wait for it.
                done += self._round()
            self._caught_up.pop(dataset_id, None)
            self._renew_if_outdated(dataset_id)
            if self._is_due(dataset_id):
                done += self._guarded(dataset_id)
        self._drop_unknown()
        return done

    def _every_dataset(self) -> Iterator[DatasetId]:
        after = ""
        while True:
            with self._database.read() as connection:
                page = indexable.datasets_after(connection, after)
            if not page:
                return
            yield from page
            after = page[-1]

    def _renew_if_outdated(self, dataset_id: DatasetId) -> None:
        """A generation by another tokenizer or of another form answers, but badly: build one of today's beside it."""
        with self._database.read() as connection:
            active = indexable.active_generation(connection, dataset_id)
            building = generations.building(connection, dataset_id)
        if active is None or building:
            return
        if (active.tokenizer, active.format) != (self._tokenizer.name, generations.FORMAT):
            self._database.write(lambda connection: begin_anew(connection, active, self._tokenizer))

    def _drop_unknown(self) -> None:
        """Folders of generations that the catalog does not know: of datasets that are gone, or of a lost drop."""
        there = self._index.generations()
        with self._database.read() as connection:
            known = indexable.known_generations(connection, there)
        for generation_id in set(there) - known:
            self._index.drop(Generation(generation_id, DatasetId(""), None, None, "", 0, 0))

    def _active(self, dataset_id: DatasetId) -> Generation:
        with self._database.read() as connection:
            return generations.active(connection, dataset_id)


def begin_anew(connection: Connection, like: Generation, tokenizer: Tokenizer) -> Generation:
    """A generation of today's form for the same model, to be built and switched to by the indexer."""
    return generations.create(
        connection,
        like.dataset_id,
        embedding_model=like.embedding_model,
        dimension=like.dimension,
        tokenizer=tokenizer.name,
    )


@contextmanager
def indexing(indexer: Indexer) -> Iterator[None]:
    """The indexer at work in a thread, for the time of the block."""
    thread = threading.Thread(target=indexer.run, name="indexer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        indexer.end()
        thread.join()
