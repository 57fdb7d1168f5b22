"""One endpoint as an ASGI handler: identify, read, act once, render."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import unquote

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response

from content import audit
from infra.addresses import FORWARDED, Addresses, is_gated
from infra.http import Call, Endpoint
from infra.problems import language
from schemas.content import H5
from schemas.problems import CommonRefusal, Refused
from workers.web import idempotency
from workers.web.identity import SAFE, Identity, identify
from workers.web.reading import check_path, convert_body, convert_query, read_body, read_revision
from workers.web.render import Answer, refusal_of, render, render_problem
from workers.web.services import Services

CHANNEL = "kaibo-channel"
"""Header in which a client says where it shows what it gets; our own page is the default."""
REASON = "kaibo-reason"
"""Header in which a caller says why, for the audit trail; percent-encoded UTF-8."""
MAX_REASON = 200
HOST = re.compile(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?")


def handler(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """Make the ASGI handler of an endpoint."""

    async def handle(request: Request) -> Response:
        try:
            answer = unless_kept(await _answer(endpoint, request), request)
        except Exception as error:  # noqa: BLE001 (every error becomes a problem; unforeseen ones are logged)
            spoken = language(request.headers.get("accept-language", ""))
            answer = render_problem(refusal_of(error), spoken, instance=request.url.path)
        return answer.response()

    return handle


def unless_kept(answer: Answer, request: Request) -> Answer:
    """Answer with 304 what the client has kept, may keep, and is the same still (RFC 9110, 15.4.5)."""
    tag = answer.headers.get("etag")
    if tag is None or answer.headers.get("cache-control") == "no-store" or request.method not in SAFE:
        return answer
    if tag not in re.split(r",\s*", request.headers.get("if-none-match", "")):
        return answer
    return Answer(304, b"", {"etag": tag, "cache-control": answer.headers["cache-control"]})


async def _answer(endpoint: Endpoint, request: Request) -> Answer:
    services: Services = request.app.state.services
    check_path(request.path_params)
    identity = await identify(services, endpoint, request)
    structlog.contextvars.bind_contextvars(actor=identity.actor.id)
    key = request.headers.get("idempotency-key", "")
    if endpoint.creates and not key:
        raise Refused(CommonRefusal.IDEMPOTENCY_KEY_REQUIRED)
    rev = read_revision(endpoint, request.headers.get("if-match"))
    raw = b"" if request.method in SAFE else await read_body(request, endpoint.body_limit)
    call = _call(services, endpoint, request, identity, raw, rev)

    async def act() -> Answer:
        why = audit.WHY.set(unquote(request.headers.get(REASON, ""))[:MAX_REASON])
        try:
            return render(endpoint, await endpoint.handler(call))
        finally:
            audit.WHY.reset(why)

    if not key or endpoint.repeatable or identity.actor.guest or request.method in SAFE:
        return await act()
    this = idempotency.attempt(
        identity.actor.id, request.method, request.url.path, key, raw + str(rev).encode()
    )
    return await idempotency.once(services.db, services.tokens, this, act)


def _call(
    services: Services, endpoint: Endpoint, request: Request, identity: Identity, raw: bytes, rev: int
) -> Call[object, object]:
    settings = services.settings
    found = HOST.fullmatch(request.headers.get("host", ""))
    gated = is_gated(settings, request.headers.get(FORWARDED, ""))
    channel = request.headers.get(CHANNEL, "")[:20] or H5
    peer = request.client.host if request.client else ""
    return Call(
        db=services.db,
        settings=settings,
        tokens=services.tokens,
        objects=services.objects,
        actor=msgspec.structs.replace(identity.actor, channel=channel),
        session=identity.session,
        path=request.path_params,
        query=convert_query(endpoint, request.query_params),
        body=convert_body(endpoint, raw, request.headers.get("content-type", "")),
        rev=rev,
        address=request.headers.get("x-forwarded-for", peer) if gated else peer,
        at=Addresses(settings, found[1] if found else settings.public_host, gated),
        language=language(request.headers.get("accept-language", "")),
        key=request.headers.get("idempotency-key", ""),
        headers=request.headers,
    )
