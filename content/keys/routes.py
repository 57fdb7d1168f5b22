"""HTTP of API keys."""

from content.keys import actions
from content.keys.rules import KeyRefusal
from content.keys.views import AccountId, KeyMade, KeyView, NewKey, ScopesOnOffer
from content.members.views import BusinessId
from infra.http import Call, Page, PageQuery, Routes
from schemas.base import Value
from schemas.problems import CommonRefusal

routes = Routes("keys")
OF_SCOPES = (KeyRefusal.SCOPE_UNKNOWN, KeyRefusal.SCOPE_NOT_YOURS)


class KeysQuery(PageQuery, frozen=True, kw_only=True):
    """Whose keys are wanted."""

    business: BusinessId
    account: AccountId = ""


class ScopesQuery(Value, frozen=True, kw_only=True):
    """Where a key is to act."""

    business: BusinessId


@routes.get("/v1/keys")
async def list_keys(call: Call[KeysQuery, None]) -> Page[KeyView]:
    """List the API keys that reach into a business, newest first: all, or those of a service account."""
    query = call.query
    return await actions.list_keys(
        call.db, call.actor, query.business, query.account, cursor=query.cursor, limit=query.limit
    )


@routes.post("/v1/keys", creates=True, refusals=(*OF_SCOPES, KeyRefusal.TOO_MANY_KEYS))
async def create_key(call: Call[None, NewKey]) -> KeyMade:
    """Make an API key. Its secret is told this once, and goes into `Authorization: Bearer`.

    A scope is the name of a grant; a key can have those that I hold in the business, and is good for
    them as long as I do. What decides who may do what (members, roles, keys) no key can have.
    """
    return await actions.create_key(call.db, call.actor, call.body)


@routes.get("/v1/scopes")
async def list_scopes(call: Call[ScopesQuery, None]) -> ScopesOnOffer:
    """List the scopes I can give a key in a business."""
    return ScopesOnOffer(scopes=actions.scopes_on_offer(call.actor, call.query.business))


@routes.post("/v1/keys/{key}/renew", refusals=(*OF_SCOPES, CommonRefusal.WRONG_STATE))
async def renew_key(call: Call[None, None]) -> KeyMade:
    """Give a key another secret, and its time anew; the old secret ends at once."""
    return await actions.renew_key(call.db, call.actor, call.path["key"])


@routes.post("/v1/keys/{key}/revoke")
async def revoke_key(call: Call[None, None]) -> KeyView:
    """End a key for good, at once."""
    return await actions.revoke_key(call.db, call.actor, call.path["key"])
