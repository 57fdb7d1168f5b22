"""What Kaibo asks of a payment provider."""

from collections.abc import Mapping
from typing import Protocol

from schemas.payments import Payment, PaymentEvent


class ProviderAway(Exception):
    """The provider did not answer, or not as expected: nothing is known, ask again later."""


class PaymentProvider(Protocol):
    """A service that takes money. Every call may be made again with the same effect."""

    @property
    def name(self) -> str:
        """Name in the address of its callbacks and in our payments."""

    async def create(self, payment: Payment, return_url: str) -> str:
        """Announce a payment, give the address of the page on which the buyer pays; raises ProviderAway.

        The page leads the buyer back to `return_url` of the first time.
        """

    def verify(self, path: str, headers: Mapping[str, str], body: bytes) -> PaymentEvent:
        """Read a callback; raises Refused(callback_forged, callback_late, malformed)."""

    async def query(self, payment: Payment) -> PaymentEvent | None:
        """Ask what became of a payment; None: nothing yet. Raises ProviderAway."""

    async def refund(self, payment: Payment) -> bool:
        """Ask for the whole amount back; True: done, False: still on its way. Raises ProviderAway."""

    async def close(self) -> None:
        """Let go of connections."""
