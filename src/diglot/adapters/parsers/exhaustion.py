"""What is said of a file that takes too much."""

from diglot.domain.errors import LimitExceeded
from diglot.ports.parser import ParseLimits


def out_of_memory(limits: ParseLimits) -> LimitExceeded:
    return LimitExceeded(f"Reading the file needs more than {limits.memory_bytes // 1_000_000:,} MB of memory.")


def out_of_time(seconds: float) -> LimitExceeded:
    return LimitExceeded(f"Reading the file takes more than {seconds:,.0f} seconds.")
