"""One try at a job: whether it may go on, and how far it is."""

import threading
import time
from functools import partial

from diglot.catalog import revisions
from diglot.catalog.database import Database
from diglot.domain.document import DocumentStatus
from diglot.domain.errors import Cancelled, LeaseLost
from diglot.domain.job import RECOGNITION, Job, Lease

NOTE_SECONDS = 0.25


class Stopping(Exception):
    """The worker stops; the job goes back to the queue."""


class AnotherLine(Exception):
    """The job goes to the line of that priority."""

    def __init__(self, priority: int) -> None:
        super().__init__(priority)
        self.priority = priority


class NeedsRecognition(AnotherLine):
    """The job goes to the line of those whose text is recognised from pictures."""

    def __init__(self) -> None:
        super().__init__(RECOGNITION)


class Attempt:
    """Told from outside what has become of the lease; asked from inside before each step.

    Notes reach the document's row a few times a second at most: what is quick is not slowed by telling of it.
    """

    def __init__(self, database: Database, job: Job) -> None:
        self.job = job
        self.began = time.monotonic()
        self._database = database
        self._lease = Lease.HELD
        self._is_stopping = threading.Event()
        self._other_line: int | None = None
        self._stage = DocumentStatus.WAITING
        self._noted = self.began
        self._untold: tuple[DocumentStatus, float] | None = None

    def told(self, lease: Lease) -> None:
        if self._lease is not Lease.LOST:
            self._lease = lease

    def stop(self) -> None:
        self._is_stopping.set()

    def move(self, priority: int | None) -> None:
        """To the line of that priority, where it begins anew; None: it stays after all."""
        self._other_line = priority

    def look(self) -> None:
        """`LeaseLost`, `Cancelled`, `Stopping` or `AnotherLine` if it must not go on."""
        if self._lease is Lease.LOST:
            raise LeaseLost
        if self._lease is Lease.CANCELLED:
            raise Cancelled
        if self._is_stopping.is_set():
            raise Stopping
        if self._other_line is not None:
            raise AnotherLine(self._other_line)
        self._tell_if_due()

    def is_over(self) -> bool:
        """For those who ask rather than catch."""
        try:
            self.look()
        except (LeaseLost, Cancelled, Stopping, AnotherLine):
            return True
        return False

    def reason(self, error: Exception) -> Exception:
        """Why it ended: whoever was told that it is over says `Cancelled`, whatever the reason was."""
        if isinstance(error, Cancelled):
            self._untold = None
            try:
                self.look()
            except (LeaseLost, Stopping, AnotherLine) as why:
                return why
            except Cancelled:
                return error
        return error

    def note(self, status: DocumentStatus, fraction: float) -> None:
        """The stage and how far the whole is, 0..1; raises as `look` does."""
        self._stage = status
        self._untold = status, fraction
        self.look()

    @property
    def is_read(self) -> bool:
        """The file is not needed any more: what is still to do comes to an end."""
        return self._stage not in (DocumentStatus.WAITING, DocumentStatus.PARSING)

    def _tell_if_due(self) -> None:
        if self._untold is None or time.monotonic() - self._noted < NOTE_SECONDS:
            return
        (status, fraction), self._untold = self._untold, None
        self._database.write(partial(revisions.progress, job=self.job, status=status, fraction=fraction))
        self._noted = time.monotonic()
