"""HTTP of address books."""

from commerce.addresses import actions
from commerce.addresses.rules import AddressRefusal
from commerce.addresses.views import AddressBook, AddressEdit, NewAddress
from infra.http import Access, Call, Routes
from schemas.addresses import SavedAddress

routes = Routes("addresses")


@routes.get("/v1/addresses", access=Access.PERSON)
async def list_addresses(call: Call[None, None]) -> AddressBook:
    """List my addresses: the usual one first, then the newest."""
    return AddressBook(items=await actions.list_addresses(call.db, call.actor))


@routes.post(
    "/v1/addresses", access=Access.PERSON, creates=True, refusals=(AddressRefusal.TOO_MANY_ADDRESSES,)
)
async def add_address(call: Call[None, NewAddress]) -> SavedAddress:
    """Keep an address of mine."""
    return await actions.add_address(call.db, call.actor, call.body)


@routes.patch("/v1/addresses/{address}", access=Access.PERSON)
async def edit_address(call: Call[None, AddressEdit]) -> SavedAddress:
    """Change an address of mine, or make it the usual one."""
    return await actions.edit_address(call.db, call.actor, call.path["address"], call.body, rev=call.rev)


@routes.delete("/v1/addresses/{address}", access=Access.PERSON)
async def delete_address(call: Call[None, None]) -> None:
    """Forget an address of mine."""
    await actions.delete_address(call.db, call.actor, call.path["address"])
