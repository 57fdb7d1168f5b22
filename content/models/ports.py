"""What models ask of other components and the floors above; `workers` wires the answers.

Each is one batch call with a time-out, never made inside a transaction.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Protocol

from content.models.rules.values import Reference
from schemas.models import FieldType
from schemas.problems import CommonRefusal, FieldError, Refused

ASK_S = 3.0


class ReferenceKind(Protocol):
    """Answers for one type of reference."""

    async def existing(self, business: str, wanted: Sequence[Reference]) -> set[str]:
        """Give the ids of those that are there and may be named by the business."""


Kinds = Mapping[FieldType, ReferenceKind]
"""A type that nobody answers for has nothing that could be named: its values are refused."""


async def missing(kinds: Kinds, business: str, named: Sequence[Reference]) -> list[FieldError]:
    """Tell which references lead nowhere; one call for each type. Raises Refused(unavailable)."""
    types = list(dict.fromkeys(one.type for one in named))
    try:
        async with asyncio.timeout(ASK_S):
            asked = [_existing(kinds, business, [one for one in named if one.type is kind]) for kind in types]
            there = dict(zip(types, await asyncio.gather(*asked), strict=True))
    except TimeoutError:
        raise Refused(CommonRefusal.UNAVAILABLE, retry_after=1) from None
    return [
        FieldError(pointer=one.pointer, expected=f"a {one.type} of this business", got=one.id)
        for one in named
        if one.id not in there[one.type]
    ]


async def _existing(kinds: Kinds, business: str, wanted: Sequence[Reference]) -> set[str]:
    kind = kinds.get(wanted[0].type)
    return set() if kind is None else await kind.existing(business, wanted)
