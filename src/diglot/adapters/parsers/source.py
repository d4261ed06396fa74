"""A file on its way through a reader."""

from dataclasses import dataclass, field

from diglot.domain.errors import LimitExceeded
from diglot.ports.parser import ParseLimits


@dataclass(slots=True)
class Tree:
    """Counts the files that one document is made of, however deep, and their bytes. With `wanted` the number of one is
    looked for, and no other is read: it becomes `found`."""

    files: int = 0
    size: int = 0
    wanted: int = 0
    found: "Source | None" = None

    def enter(self, size: int, limits: ParseLimits) -> None:
        """Before a file of `size` bytes is unpacked."""
        self.files += 1
        self.size += size
        if self.files > limits.archive_entries:
            raise LimitExceeded(f"There are more than {limits.archive_entries:,} files in it.")
        if self.size > limits.unpacked_bytes:
            raise LimitExceeded(f"The files in it have more than {limits.unpacked_bytes // 1_000_000:,} MB.")


@dataclass(frozen=True, slots=True)
class Source:
    """`extension` is the detected one (see `formats`), whatever the name says. `notes` collects what was skipped.
    `depth` is the number of files that this one is inside of, `tree` is that of the outermost. `unpacks`: whether
    archives of documents are read."""

    name: str
    extension: str
    content: bytes
    limits: ParseLimits = field(default_factory=ParseLimits)
    notes: list[str] = field(default_factory=list)
    depth: int = 0
    tree: Tree = field(default_factory=Tree)
    unpacks: bool = False

    def note(self, sentence: str) -> None:
        """Once each, and not without end."""
        if sentence not in self.notes and len(self.notes) < 100:
            self.notes.append(sentence)


@dataclass(slots=True)
class Allowance:
    """Counts output characters, so that a small file cannot become endless text."""

    limit: int
    used: int = 0

    def spend(self, characters: int) -> None:
        self.used += characters
        if self.used > self.limit:
            raise LimitExceeded(f"The file holds more than {self.limit:,} characters of text.")
