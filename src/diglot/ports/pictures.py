"""Pictures that were made once and may be needed again."""

from typing import Protocol

from diglot.domain.picture import PageImage


class Pictures(Protocol):
    """Keeps pictures of pages by the file's sha256 and what was asked for, as long as there is room. What is kept may
    be gone at any time; losing all of it costs only the work to make it anew. Thread-safe, and several processes may
    use the same place. A picture that is there is whole."""

    def get(self, source: str, page: int, fit: tuple[int, int]) -> PageImage | None: ...

    def put(self, source: str, page: int, fit: tuple[int, int], image: PageImage) -> None:
        """A disk that takes no more is no error."""

    def forget(self, source: str) -> None:
        """All pictures of a file that is gone."""
