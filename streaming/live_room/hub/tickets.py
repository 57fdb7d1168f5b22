"""Tickets: who may come in, signed by the web process, good for a minute and one room."""

from typing import Annotated, Literal

import msgspec

from infra.tokens import TokenInvalid, Tokens
from schemas.accounts import PublicAccount
from schemas.room import Join
from streaming.live_room.interactions.interaction import Speaker


class Claims(msgspec.Struct, frozen=True):
    """What a ticket says; `account_id` is empty for a guest."""

    program_id: Annotated[str, msgspec.Meta(min_length=1)]
    business_id: str
    account_id: str
    name: str
    role: Literal["guest", "viewer", "assistant", "anchor"]
    client: str = ""
    visitor: str = ""
    """The device, whoever is signed in on it: to count it once."""
    avatar: str = ""
    guest: bool = False
    demo: bool = False


def admit(tokens: Tokens, join: Join) -> tuple[Claims, Speaker]:
    """Check a ticket against the client that shows it. Raises TokenInvalid (or TokenExpired)."""
    try:
        claims = msgspec.convert(tokens.verify("ticket", join.ticket), Claims)
    except msgspec.ValidationError as error:
        raise TokenInvalid(f"claims: {error}") from None
    if claims.client and claims.client != join.client:
        raise TokenInvalid("made for another client")
    guest = claims.guest or not claims.account_id
    user = PublicAccount(
        id=f"guest_{join.client}" if guest else claims.account_id, name=claims.name, avatar=claims.avatar
    )
    return claims, Speaker(user, "guest" if guest else claims.role, join.client, claims.demo)
