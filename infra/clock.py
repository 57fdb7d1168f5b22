"""The one clock of documents and events."""

import time


def now_ms() -> int:
    """Tell the time as UTC epoch milliseconds."""
    return time.time_ns() // 1_000_000
