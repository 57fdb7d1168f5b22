"""Who may do what: each action names its grant, and the grants together are the whole of authorisation."""

import msgspec

from schemas.accounts import Actor, Role
from schemas.problems import CommonRefusal, Refusal, Refused


class Grant(msgspec.Struct, frozen=True):
    """A permission: the roles that hold it in the business the thing belongs to.

    Operators of the platform hold every grant. An anchor holds one only for what is her own.
    """

    name: str
    roles: frozenset[Role]


def grant(name: str, *roles: Role) -> Grant:
    """Make a grant; without roles only operators of the platform hold it."""
    return Grant(name, frozenset(roles))


def decide(actor: Actor, wanted: Grant, business: str, anchor: str = "") -> Refusal | None:
    """Tell why `actor` may not use `wanted` on a thing of `business` led by `anchor`; None: may.

    Who has no part in a business doesn't learn that its things exist.
    """
    if actor.system:
        return None
    if actor.guest:
        return Refusal(CommonRefusal.NOT_SIGNED_IN)
    if actor.has(business, *(wanted.roles - {Role.ANCHOR})):
        return None
    if Role.ANCHOR in wanted.roles and actor.has(business, Role.ANCHOR) and anchor in ("", actor.id):
        return None
    if not belongs(actor, business) and wanted.roles:
        return Refusal(CommonRefusal.NOT_FOUND)
    return Refusal(CommonRefusal.NOT_ALLOWED, {"grant": wanted.name})


def authorise(actor: Actor, wanted: Grant, business: str, anchor: str = "") -> None:
    """Raise Refused unless `actor` may use `wanted`; see `decide`."""
    if refusal := decide(actor, wanted, business, anchor):
        raise Refused(refusal)


def belongs(actor: Actor, business: str) -> bool:
    """Tell whether the actor has any part in a business: staff, not just a viewer's eyes."""
    return actor.has(business, Role.BUSINESS_OPERATOR, Role.ANCHOR, Role.ASSISTANT)
