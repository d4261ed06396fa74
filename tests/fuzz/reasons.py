"""What a person can be told of a file that was not read."""

import re

_MACHINE_WORDS = re.compile(r"Error|Traceback|Exception|Internal|/tmp|signal|line \d+|0x[0-9a-f]|\bNone\b|<class")


def is_plain(reason: str) -> bool:
    """A short whole sentence without a word of programs."""
    return 10 < len(reason) < 200 and reason.endswith(".") and not _MACHINE_WORDS.search(reason)
