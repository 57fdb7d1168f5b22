"""Events of older vocabularies, read in today's words: a replay may be read in three years.

When the shape of an event changes, `EVENTS_VERSION` goes up and `UPCASTERS` gets the function that
brings one event (as a dict) from the version before to the next. Stored batches never change.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

EVENTS_VERSION = 1
"""Version of the event vocabulary written today."""

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: dict[int, Upcaster] = {}
"""From version n to n + 1."""


def upcast(
    event: bytes | msgspec.Raw,
    version: int,
    upcasters: Mapping[int, Upcaster] = UPCASTERS,
    target: int = EVENTS_VERSION,
) -> bytes | msgspec.Raw:
    """Bring the JSON of an event from the version it was written in to the target version."""
    if version == target:
        return event
    if version > target:
        raise ValueError(
            f"expected events of version <= {target}, got {version}: this build is too old for the log"
        )
    fields = msgspec.json.decode(event)
    for step in range(version, target):
        fields = upcasters[step](fields)
    return msgspec.json.encode(fields)
