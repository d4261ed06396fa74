"""A tag: a word of a workspace's own, for finding datasets by."""

from dataclasses import dataclass

from diglot.domain.identity import TagId

TAG_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Tag:
    """`bindings`: how many datasets have it, as far as whoever asks may see."""

    id: TagId
    name: str
    bindings: int = 0
