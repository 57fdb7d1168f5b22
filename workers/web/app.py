"""The ASGI app."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from infra.problems import language
from schemas.problems import CommonRefusal, Refused
from workers.web.describe import describe_routes
from workers.web.envelope import Envelope
from workers.web.handle import handler
from workers.web.health import HEALTH_ROUTES
from workers.web.pages import Site, page_routes, sites
from workers.web.render import refusal_of, render_problem
from workers.web.routes import endpoints
from workers.web.services import Services


def create_app(services: Services, pages: list[Site] | None = None) -> ASGIApp:
    """Make the app of opened services."""
    found = endpoints(services.db)
    routes = [Route(one.path, handler(one), methods=[one.method]) for one in found]
    app = Starlette(
        routes=[
            *routes,
            *HEALTH_ROUTES,
            *page_routes(sites() if pages is None else pages),
            *describe_routes(found),
        ],
        exception_handlers={HTTPException: _http_problem, Exception: _unforeseen},
    )
    app.router.redirect_slashes = False
    app.state.services = services
    return Envelope(app, services.settings)


async def _http_problem(request: Request, error: Exception) -> Response:
    """Answer what Starlette's router refuses as a problem."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allowed = ", ".join(sorted((error.headers or {}).get("Allow", "").split(", ")))
        refused = Refused(CommonRefusal.METHOD_NOT_ALLOWED, allowed=allowed)
    else:
        refused = Refused(CommonRefusal.NOT_FOUND)
    return _problem(request, refused)


async def _unforeseen(request: Request, error: Exception) -> Response:
    return _problem(request, refusal_of(error))


def _problem(request: Request, refused: Refused) -> Response:
    spoken = language(request.headers.get("accept-language", ""))
    return render_problem(refused, spoken, instance=request.url.path).response()
