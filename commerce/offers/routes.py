"""HTTP of choosing what to order."""

from commerce.offers import actions
from commerce.offers.views import ProductChoice
from commerce.orders.rules import OrderRefusal
from infra.http import Access, Call, Routes

routes = Routes("programs")


@routes.get(
    "/v1/programs/{program}/products/{product}",
    access=Access.PUBLIC,
    refusals=(OrderRefusal.NOT_ON_SALE,),
)
async def read_choice(call: Call[None, None]) -> ProductChoice:
    """Read what can be chosen of a product on the shelf: its variants, their prices, what is left."""
    return await actions.read_choice(call.db, call.actor, call.path["program"], call.path["product"])
