"""HTTP of contributions: everybody's own, for whoever is signed in."""

from typing import Annotated, Any, TypeVar

import msgspec

from content.contributions.actions import handing_in, reading
from content.contributions.rules import ContributionRefusal as No
from content.contributions.views import (
    Contribution,
    ContributionCard,
    ContributionForm,
    ContributionView,
    Kind,
    Taker,
    Written,
)
from infra.http import Access, Call, Page, PageQuery, Routes
from schemas.base import Value
from schemas.content import ContentKind
from schemas.problems import CommonRefusal

routes = Routes("contributions")
ADDRESS_S = 3600
NOT_TAKEN = (No.NOT_TAKEN, No.SUSPENDED)
TOO_MANY = (No.TOO_MANY_WAITING, No.TOO_MANY_TODAY)
C = TypeVar("C", bound=ContributionCard)


class FormQuery(Value, frozen=True, kw_only=True):
    """Whose form is wanted, and of what."""

    business: Annotated[str, msgspec.Meta(max_length=40)]
    kind: Kind


@routes.get("/v1/contributions/takers", access=Access.PERSON)
async def list_takers(call: Call[PageQuery, None]) -> Page[Taker]:
    """List the businesses that take contributions, and of which kinds."""
    return await reading.list_takers(call.db, cursor=call.query.cursor, limit=call.query.limit)


@routes.get("/v1/contributions/form", access=Access.PERSON, refusals=NOT_TAKEN)
async def read_contribution_form(call: Call[FormQuery, None]) -> ContributionForm:
    """Read what the form of a contribution is made from, as whom I hand it in, and how much I may."""
    query = call.query
    return await reading.read_form(call.db, call.actor, query.business, ContentKind(query.kind))


@routes.get("/v1/contributions", access=Access.PERSON)
async def list_contributions(call: Call[PageQuery, None]) -> Page[ContributionCard]:
    """List what I handed in, newest first, and where it is."""
    page = await reading.list_mine(call.db, call.actor, cursor=call.query.cursor, limit=call.query.limit)
    return Page(items=[_shown(call, one) for one in page.items], next_cursor=page.next_cursor)


@routes.post("/v1/contributions", access=Access.PERSON, creates=True, refusals=(*NOT_TAKEN, *TOO_MANY))
async def contribute(call: Call[None, Contribution]) -> ContributionView:
    """Hand in an article or a picture set; the business reviews it before anybody sees it."""
    return _shown(call, await handing_in.contribute(call.db, call.actor, call.body))


@routes.get("/v1/contributions/{content}", access=Access.PERSON)
async def read_contribution(call: Call[None, None]) -> ContributionView:
    """Read a contribution of mine as it stands now, whoever wrote on it last."""
    return _shown(call, await reading.read_mine(call.db, call.actor, call.path["content"]))


@routes.put(
    "/v1/contributions/{content}",
    access=Access.PERSON,
    refusals=(CommonRefusal.WRONG_STATE, *NOT_TAKEN, *TOO_MANY),
)
async def hand_in_again(call: Call[None, Written]) -> ContributionView:
    """Rewrite a contribution of mine that is not shown, and hand it in again."""
    identifier = call.path["content"]
    again = await handing_in.hand_in_again(call.db, call.actor, identifier, call.body, rev=call.rev)
    return _shown(call, again)


@routes.post(
    "/v1/contributions/{content}/take-back",
    access=Access.PERSON,
    refusals=(CommonRefusal.WRONG_STATE,),
)
async def take_back_contribution(call: Call[None, None]) -> ContributionView:
    """Take a contribution of mine back: it is out of sight, and only I can hand it in again."""
    return _shown(call, await handing_in.take_back(call.db, call.actor, call.path["content"]))


def _shown(call: Call[Any, Any], card: C) -> C:
    """Tell where the contributor sees her pictures, which nobody else may ask for by their keys."""
    keys = reading.pictures_of(call.actor, card)
    addresses = {key: call.at.stored(call.objects.presign(key, ADDRESS_S)) for key in keys}
    return msgspec.structs.replace(card, addresses=addresses)
