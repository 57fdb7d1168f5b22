"""Pure decisions about API keys."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from content.authority import GRANTS, grant, holds
from schemas.accounts import Actor, ApiKey, Role
from schemas.problems import CommonRefusal, Refusal, RefusalCode

READ = grant("keys.read", Role.BUSINESS_OPERATOR, people_only=True)
CREATE = grant("keys.create", Role.BUSINESS_OPERATOR, people_only=True)
REVOKE = grant("keys.revoke", Role.BUSINESS_OPERATOR, people_only=True)

PREFIX = "kb_"
MOST_LIVE = 100
"""Keys of a business that are good at a time."""

Scopes = Mapping[str, Sequence[str]]


class KeyRefusal(RefusalCode):
    """Why a key is not made."""

    SCOPE_UNKNOWN = "scope_unknown"
    SCOPE_NOT_YOURS = "scope_not_yours"
    TOO_MANY_KEYS = "too_many_keys"


class KeyState(StrEnum):
    """What has become of a key."""

    GOOD = "good"
    WEAKENED = "weakened"
    """Good, but for less than its scopes: who made it may less than then."""
    EXPIRED = "expired"
    REVOKED = "revoked"


def check_scopes(actor: Actor, scopes: Scopes) -> Refusal | None:
    """Refuse scopes that are no grants, that only people hold, or that the actor does not hold herself."""
    for business, names in scopes.items():
        for place, name in enumerate(names):
            at = {"pointer": f"/scopes/{business}/{place}", "got": name}
            if name not in GRANTS or GRANTS[name].people_only:
                return Refusal(KeyRefusal.SCOPE_UNKNOWN, at)
            if not holds(actor, GRANTS[name], business):
                return Refusal(KeyRefusal.SCOPE_NOT_YOURS, at)
    return None


def check_reach(scopes: Scopes, most: int) -> Refusal | None:
    """Refuse a key without any scope, or with too many."""
    named = sum(len(names) for names in scopes.values())
    if not named or not all(scopes.values()):
        return Refusal(CommonRefusal.INVALID, {"pointer": "/scopes", "expected": "a scope in each business"})
    if named > most:
        expected = f"at most {most} scopes"
        return Refusal(CommonRefusal.INVALID, {"pointer": "/scopes", "expected": expected, "got": str(named)})
    return None


def on_offer(actor: Actor, business: str) -> list[str]:
    """List the scopes the actor can give a key in a business."""
    return sorted(name for name, one in GRANTS.items() if not one.people_only and holds(actor, one, business))


def effective(maker: Actor | None, scopes: Scopes) -> dict[str, frozenset[str]]:
    """Give what a key may at this moment: of its scopes those that who made it still holds."""
    return {
        business: frozenset(
            name
            for name in names
            if maker is not None and name in GRANTS and holds(maker, GRANTS[name], business)
        )
        for business, names in scopes.items()
    }


def is_good(key: ApiKey, now: int) -> bool:
    """Tell whether one can act with a key."""
    return not key.revoked_at and now < key.expires_at


def state_of(key: ApiKey, maker: Actor | None, now: int) -> KeyState:
    """Tell what has become of a key."""
    if key.revoked_at:
        return KeyState.REVOKED
    if now >= key.expires_at:
        return KeyState.EXPIRED
    held = effective(maker, key.scopes)
    whole = all(set(names) <= held[business] for business, names in key.scopes.items())
    return KeyState.GOOD if whole else KeyState.WEAKENED
