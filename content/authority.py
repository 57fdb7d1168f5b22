"""Who may do what: each action names its grant, and the grants together are the whole of authorisation."""

import msgspec

from schemas.accounts import PLATFORM, Actor, Role
from schemas.problems import CommonRefusal, Refusal, Refused

STAFF = (Role.BUSINESS_OPERATOR, Role.REVIEWER, Role.EDITOR, Role.ANCHOR, Role.ASSISTANT)
OF_HER_OWN = frozenset({Role.ANCHOR, Role.SUPPLIER})
"""Roles that hold a grant for what is led or supplied by the actor herself."""


class Grant(msgspec.Struct, frozen=True):
    """A permission: the roles that hold it in the business the thing belongs to.

    Operators of the platform hold every grant. An anchor holds one only for what is her own, or what
    nobody leads; a supplier only for what is hers.
    """

    name: str
    roles: frozenset[Role]
    people_only: bool = False
    """No API key can hold it: it decides who may do what."""


GRANTS: dict[str, Grant] = {}
"""All grants there are, by name: the list of actions."""


def grant(name: str, *roles: Role, people_only: bool = False) -> Grant:
    """Make a grant; without roles only operators of the platform hold it."""
    if name in GRANTS:
        raise ValueError(f"expected a new grant, got {name} again")
    GRANTS[name] = Grant(name, frozenset(roles), people_only)
    return GRANTS[name]


def decide(
    actor: Actor, wanted: Grant, business: str, anchor: str = "", supplier: str = ""
) -> Refusal | None:
    """Tell why `actor` may not use `wanted` on a thing of `business`; None: may.

    `anchor` and `supplier` are the accounts whose own the thing is. Who has no part in a business, or
    only a supplier's, doesn't learn that its things exist.
    """
    if actor.system:
        return None
    if actor.guest:
        return Refusal(CommonRefusal.NOT_SIGNED_IN)
    if actor.scopes is not None:
        held, inside = wanted.name in actor.scopes.get(business, ()), business in actor.scopes
    else:
        held, inside = _holds(actor, wanted, business, anchor, supplier), belongs(actor, business)
    if held:
        return None
    if not inside and wanted.roles:
        return Refusal(CommonRefusal.NOT_FOUND)
    return Refusal(CommonRefusal.NOT_ALLOWED, {"grant": wanted.name})


def _holds(actor: Actor, wanted: Grant, business: str, anchor: str, supplier: str) -> bool:
    if actor.has(business, *(wanted.roles - OF_HER_OWN)):
        return True
    if Role.ANCHOR in wanted.roles and actor.has(business, Role.ANCHOR) and anchor in ("", actor.id):
        return True
    return Role.SUPPLIER in wanted.roles and actor.has(business, Role.SUPPLIER) and supplier == actor.id


def may(actor: Actor, wanted: Grant, business: str, anchor: str = "", supplier: str = "") -> bool:
    """Tell whether `actor` may use `wanted`; see `decide`."""
    return decide(actor, wanted, business, anchor, supplier) is None


def holds(actor: Actor, wanted: Grant, business: str) -> bool:
    """Tell whether `actor` may use `wanted` on everything of the business, not just on what is her own."""
    return may(actor, wanted, business, anchor="-", supplier="-")


def authorise(actor: Actor, wanted: Grant, business: str, anchor: str = "", supplier: str = "") -> None:
    """Raise Refused unless `actor` may use `wanted`; see `decide`."""
    if refusal := decide(actor, wanted, business, anchor, supplier):
        raise Refused(refusal)


def places(actor: Actor, wanted: Grant) -> list[str] | None:
    """Give the businesses in which the actor may use `wanted`; None: all of the platform.

    A supplier's are left out (`own_places`): there only her own things count.
    """
    if may(actor, wanted, PLATFORM):
        return None
    named = actor.roles if actor.scopes is None else actor.scopes
    return sorted(name for name in named if name != PLATFORM and may(actor, wanted, name))


def own_places(actor: Actor, wanted: Grant) -> list[str]:
    """Give the businesses in which the actor may use `wanted` for what she supplies, and for nothing else."""
    return sorted(
        name
        for name in actor.roles
        if name != PLATFORM and may(actor, wanted, name, supplier=actor.id) and not may(actor, wanted, name)
    )


def belongs(actor: Actor, business: str) -> bool:
    """Tell whether the actor is of a business's staff: not just a viewer's eyes, a supplier or a key."""
    return actor.has(business, *STAFF)
