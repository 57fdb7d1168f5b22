"""HTTP of stores."""

from commerce.stores import actions
from commerce.stores.views import NewStore, StoreEdit, StorePlaces
from infra.http import Access, Call, Page, PageQuery, Routes, Words
from schemas.stores import Store

routes = Routes("stores")


class StoresQuery(PageQuery, frozen=True, kw_only=True):
    """Whose stores are wanted."""

    business: str = ""
    q: Words = ""


@routes.get("/v1/stores")
async def list_stores(call: Call[StoresQuery, None]) -> Page[Store]:
    """List the stores of my businesses, retired ones too."""
    query = call.query
    return await actions.list_stores(
        call.db, call.actor, business=query.business, words=query.q, cursor=query.cursor, limit=query.limit
    )


@routes.post("/v1/stores", creates=True)
async def create_store(call: Call[None, NewStore]) -> Store:
    """Open a store."""
    return await actions.create_store(call.db, call.actor, call.body)


@routes.get("/v1/stores/{store}")
async def read_store(call: Call[None, None]) -> Store:
    """Read a store."""
    return await actions.read_store(call.db, call.actor, call.path["store"])


@routes.patch("/v1/stores/{store}")
async def edit_store(call: Call[None, StoreEdit]) -> Store:
    """Change a store; with `active` false it is retired and takes no new orders."""
    return await actions.edit_store(call.db, call.actor, call.path["store"], call.body, rev=call.rev)


@routes.get("/v1/programs/{program}/stores", access=Access.PUBLIC)
async def list_program_stores(call: Call[None, None]) -> StorePlaces:
    """List the stores where orders of a show can be collected."""
    return StorePlaces(items=await actions.places_of_program(call.db, call.actor, call.path["program"]))
