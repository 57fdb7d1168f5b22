"""HTTP of wallets and marketing budgets."""

from commerce.wallets import actions
from infra.http import Access, Call, PageQuery, Routes
from schemas.wallets import Budget, GrantBudget, Wallet

routes = Routes("wallets")


@routes.get("/v1/wallet", access=Access.PERSON)
async def read_wallet(call: Call[PageQuery, None]) -> Wallet:
    """Show my marketing credit, by business, and how I came by it, newest first."""
    return await actions.read_wallet(call.db, call.actor, cursor=call.query.cursor, limit=call.query.limit)


@routes.get("/v1/budgets/{business}")
async def read_budget(call: Call[None, None]) -> Budget:
    """Tell what my business can still give away."""
    return await actions.read_budget(call.db, call.actor, call.path["business"])


@routes.post("/v1/budgets/{business}/grant", creates=True)
async def grant_budget(call: Call[None, GrantBudget]) -> Budget:
    """Grant a business marketing credit to give away. Operators of the platform only."""
    return await actions.grant_budget(call.db, call.actor, call.path["business"], call.body.credit, call.key)
