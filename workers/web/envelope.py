"""Around every request: its id, one log line, metrics, security headers, CORS for configured origins."""

import re
import time

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra.settings import Settings
from infra.telemetry import get_logger
from schemas.ids import new_id

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
DURATION = Histogram(
    "kaibo_http_request_seconds",
    "Time to answer, by route.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
ANSWERS = Counter("kaibo_http_answers_total", "Answers by route and status.", ["method", "route", "status"])
SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
}
METHOD = "x-http-method-override"
"""A WeChat mini-program can't send PATCH: its POST with this header is one."""
CORS_METHODS = "GET, POST, PUT, PATCH, DELETE"
CORS_HEADERS = "authorization, content-type, idempotency-key, if-match, accept-language, kaibo-reason"
CORS_EXPOSED = "etag, retry-after, x-request-id, idempotent-replay"
log = get_logger("web")


class Envelope:
    """The ASGI app around ours."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._origins = settings.origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["method"] == "POST" and headers.get(METHOD) == "PATCH":
            scope = {**scope, "method": "PATCH"}
        given = headers.get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else new_id("req")
        structlog.contextvars.bind_contextvars(request_id=request_id)
        cors = self._cors(headers.get("origin"))
        began = time.perf_counter()
        status = 500

        async def send_wrapped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                out = MutableHeaders(scope=message)
                for name, value in {**SECURITY, **cors, "x-request-id": request_id}.items():
                    out.setdefault(name, value)
                if cors:
                    out.add_vary_header("origin")
            await send(message)

        try:
            if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
                await Response(status_code=204)(scope, receive, send_wrapped)
            else:
                await self._app(scope, receive, send_wrapped)
        finally:
            self._note(scope, status, time.perf_counter() - began)
            structlog.contextvars.unbind_contextvars("request_id", "actor")

    def _cors(self, origin: str | None) -> dict[str, str]:
        if origin is None or origin not in self._origins:
            return {}
        return {
            "access-control-allow-origin": origin,
            "access-control-allow-credentials": "true",
            "access-control-allow-methods": CORS_METHODS,
            "access-control-allow-headers": CORS_HEADERS,
            "access-control-expose-headers": CORS_EXPOSED,
            "access-control-max-age": "600",
        }

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if route != "none" else "any"
        DURATION.labels(method, route).observe(seconds)
        ANSWERS.labels(method, route, str(status)).inc()
        if scope["path"] not in QUIET:
            log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                ms=round(seconds * 1000, 1),
            )
