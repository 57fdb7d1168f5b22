"""Money as an integer of minor units and its ISO 4217 currency."""

from typing import Annotated

import msgspec

from schemas.base import Value

MAX_AMOUNT = 10_000_000_000
"""The largest single amount, in minor units: 100 million yuan."""


class Money(Value, frozen=True, kw_only=True):
    """An amount in minor units (fen for CNY)."""

    amount: Annotated[int, msgspec.Meta(ge=0, le=MAX_AMOUNT)]
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] = "CNY"
