"""Who is calling: API key, bearer token or session cookie, and whether a browser's page may."""

from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request

from content.accounts.actions import who_acts
from content.accounts.routes import COOKIE
from content.keys.actions import who_uses
from content.keys.pace import pace
from content.keys.rules import PREFIX
from infra.http import Access, Endpoint
from infra.settings import Settings
from infra.tokens import TokenInvalid
from schemas.accounts import Actor
from schemas.problems import CommonRefusal, Refused
from workers.web.services import Services

GUEST = Actor(id="guest", name="", guest=True)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Identity(msgspec.Struct, frozen=True):
    """Who acts, in which session."""

    actor: Actor
    session: str = ""


async def identify(services: Services, endpoint: Endpoint, request: Request) -> Identity:
    """Tell who calls; raises Refused(not_signed_in, not_allowed, too_many).

    A bearer token (a session's or an API key) must be good. A cookie that is no longer good makes a
    guest, who may still use public routes; a cookie counts for writes only from our own pages
    (SameSite is the first fence, the origin the second).
    """
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    cookie = request.cookies.get(COOKIE, "")
    if not bearer and request.method not in SAFE:
        check_origin(services.settings, request, needed=bool(cookie))
    found = Identity(GUEST)
    try:
        if bearer:
            if scheme.lower() != "bearer":
                raise Refused(CommonRefusal.NOT_SIGNED_IN)
            found = await _bearer(services, bearer.strip())
        elif cookie:
            found = await _session(services, cookie)
    except Refused:
        if bearer or endpoint.access is not Access.PUBLIC:
            raise
    if endpoint.access is not Access.PUBLIC and found.actor.guest:
        raise Refused(CommonRefusal.NOT_SIGNED_IN)
    if found.actor.scopes is not None:
        pace.step(found.actor.id)
        if endpoint.access is Access.PERSON:
            raise Refused(CommonRefusal.NOT_ALLOWED, grant=endpoint.name)
    return found


async def _bearer(services: Services, token: str) -> Identity:
    if token.startswith(PREFIX):
        return Identity(await who_uses(services.db, token))
    return await _session(services, token)


async def _session(services: Services, token: str) -> Identity:
    try:
        claims = services.tokens.verify("session", token.strip())
    except TokenInvalid:
        raise Refused(CommonRefusal.NOT_SIGNED_IN) from None
    return Identity(await who_acts(services.db, claims), str(claims.get("sid", "")))


def check_origin(settings: Settings, request: Request, *, needed: bool) -> None:
    """Refuse a write that another site's page sends."""
    origin = request.headers.get("origin")
    if origin is None:
        if needed and request.headers.get("sec-fetch-site") != "same-origin":
            raise Refused(CommonRefusal.NOT_ALLOWED, detail="a cookie needs the page's Origin")
        return
    own = urlsplit(origin).netloc == request.headers.get("host")
    if not own and origin not in settings.origins:
        raise Refused(CommonRefusal.NOT_ALLOWED, detail="this origin is not one of ours")
