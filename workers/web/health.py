"""Whether this process, and for staff whether the others, are well."""

import asyncio

import httpx
import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from content.authority import places
from content.businesses import rules as businesses
from infra.clock import now_ms
from infra.http import Call, Routes
from infra.settings import Settings
from infra.telemetry import METRICS_CONTENT_TYPE, render_metrics
from schemas.base import Ms
from schemas.problems import CommonRefusal, Refused
from workers.web.services import Services

routes = Routes("health")
PATIENCE_S = 2.0


class ProcessHealth(msgspec.Struct, frozen=True, kw_only=True):
    """One of our processes."""

    name: str
    ready: bool
    detail: str = ""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """All our processes."""

    processes: list[ProcessHealth]
    checked_at: Ms


@routes.get("/v1/health")
async def read_health(call: Call[None, None]) -> Health:
    """Ask every process of this copy whether it is ready. Staff only."""
    if places(call.actor, businesses.READ) == []:
        raise Refused(CommonRefusal.NOT_ALLOWED, grant="health.read")
    ports = _ports(call.settings)
    async with httpx.AsyncClient(timeout=PATIENCE_S, trust_env=False) as client:
        found = await asyncio.gather(*(_ask(client, name, port) for name, port in ports.items()))
    return Health(processes=list(found), checked_at=now_ms())


def _ports(settings: Settings) -> dict[str, int]:
    return {
        "web": settings.web_port,
        "live": settings.live_port,
        "media": settings.media_port,
        "whip": settings.whip_port,
        "jobs": settings.jobs_port,
    }


async def _ask(client: httpx.AsyncClient, name: str, port: int) -> ProcessHealth:
    try:
        answer = await client.get(f"http://127.0.0.1:{port}/readyz")
    except httpx.HTTPError as error:
        return ProcessHealth(name=name, ready=False, detail=type(error).__name__)
    ready = answer.status_code == 200
    return ProcessHealth(name=name, ready=ready, detail="" if ready else answer.text[:200])


async def alive(_request: Request) -> Response:
    """Answer that the event loop turns."""
    return PlainTextResponse("ok\n")


async def ready(request: Request) -> Response:
    """Answer whether database and object store do."""
    services: Services = request.app.state.services
    names = ("database", "objects")
    pings = (services.db.ping(), services.objects.ping())
    outcomes = await asyncio.gather(
        *(asyncio.wait_for(ping, PATIENCE_S) for ping in pings), return_exceptions=True
    )
    checks = {
        name: "ok" if outcome is None else str(outcome) or type(outcome).__name__
        for name, outcome in zip(names, outcomes, strict=True)
    }
    well = all(text == "ok" for text in checks.values())
    return JSONResponse({"ready": well, "checks": checks}, 200 if well else 503)


async def metrics(_request: Request) -> Response:
    """Give this process's metrics."""
    return Response(render_metrics(), media_type=METRICS_CONTENT_TYPE)


HEALTH_ROUTES = [
    Route("/healthz", alive),
    Route("/readyz", ready),
    Route("/metrics", metrics),
]
