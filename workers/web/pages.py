"""The built web pages.

Folders of a build (hashed names) are mounted on granian's native static path, see `server`; its
expiry is one for all and its root mount answers `/` only, so the few files at the root of a build
(index.html, icons) are kept in memory here and revalidated by their entity tag. Below a page's
root every unknown path answers its index.html: the page routes for itself.
"""

import base64
import hashlib
import mimetypes
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

APPS = Path(__file__).resolve().parents[2] / "frontend" / "apps"
VERIFIER = APPS.parents[1] / "docs" / "verify_rain.py"
"""The program of the docs that computes a rain again: nobody needs to trust a page."""
MAX_FILE = 2 << 20
INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.+?)</script>", re.DOTALL)
MISSING = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>Kaibo</title>
<p>页面尚未构建，请先运行 <code>make run</code>。</p>
<p>This page is not built yet: run <code>make run</code>.</p>
"""


class Site(msgspec.Struct, frozen=True):
    """A built page: where it is shown and where its files are."""

    path: str
    build: Path


def sites(apps: Path = APPS) -> list[Site]:
    """List our pages."""
    return [
        Site("/portal", apps / "portal" / "dist"),
        Site("/docs", apps / "docs" / "dist"),
        Site("", viewer_build(apps)),
    ]


def viewer_build(apps: Path) -> Path:
    """Find the viewer's H5 build (uni-app puts it deeper than Vite does)."""
    for place in ("dist/build/h5", "dist"):
        if (apps / "viewer" / place / "index.html").is_file():
            return apps / "viewer" / place
    return apps / "viewer" / "dist"


def mounts(site: Site) -> Iterator[tuple[str, Path]]:
    """Give the folders of a build for the native static path."""
    if site.build.is_dir():
        for folder in sorted(site.build.iterdir()):
            if folder.is_dir():
                yield f"{site.path}/{folder.name}", folder


def page_routes(found: list[Site]) -> list[Route]:
    """Make the routes of the files at the builds' roots, and of their index pages."""
    routes = [Route(f"/{VERIFIER.name}", _file(VERIFIER))] if VERIFIER.is_file() else []
    for site in found:
        files = (one for one in sorted(site.build.glob("*")) if one.is_file())
        routes += [
            Route(f"{site.path}/{one.name}", _file(one)) for one in files if one.stat().st_size <= MAX_FILE
        ]
        index = site.build / "index.html"
        if not index.is_file() and site.path == "/docs":
            continue  # the API describes itself without a build, see `describe`
        show = _file(index) if index.is_file() else _missing
        routes.append(Route(site.path or "/", show))
        if site.path:
            routes.append(Route(f"{site.path}/{{rest:path}}", show))
    return routes


def _file(path: Path) -> Callable[[Request], Awaitable[Response]]:
    body = path.read_bytes()
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    headers = {"etag": tag, "cache-control": "no-cache"}
    if kind == "text/html":
        headers["content-security-policy"] = content_security_policy(body)

    async def show(request: Request) -> Response:
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=kind, headers=headers)

    return show


async def _missing(_request: Request) -> Response:
    return HTMLResponse(MISSING, 503, headers={"retry-after": "30"})


def content_security_policy(page: bytes) -> str:
    """Allow a page its own scripts (inline ones by hash) and our other servers, on ports of their own."""
    hashes = [base64.b64encode(hashlib.sha256(text).digest()) for text in INLINE_SCRIPT.findall(page)]
    scripts = " ".join(["'self'", *(f"'sha256-{one.decode()}'" for one in hashes)])
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "worker-src 'self' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob: http: https:",
            "media-src 'self' blob: http: https:",
            "connect-src 'self' http: https: ws: wss:",
            "font-src 'self' data:",
            "object-src 'none'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
        )
    )
