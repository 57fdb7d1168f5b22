"""Who speaks in the tests of the room."""

from schemas.accounts import PublicAccount
from schemas.content import Offer
from schemas.money import Money
from streaming.live_room.interactions.interaction import Speaker


def someone(name: str, role: str = "viewer", client: str = "client-1") -> Speaker:
    return Speaker(PublicAccount(id=f"acc_{name}", name=name), role, client)


ANN = someone("ann")
BOB = someone("bob")
GUEST = someone("guest", "guest")
CLERK = someone("clerk", "anchor")


def offer(number: int) -> Offer:
    return Offer(
        id=f"off_{number}",
        number=number,
        product=f"prd_{number}",
        title=f"Product {number}",
        picture="",
        price=Money(amount=100 * number),
    )
