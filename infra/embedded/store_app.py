"""The embedded object store as an ASGI app: nanio, and CORS, which it lacks.

Players fetch segments by script, so a bucket must allow reading from pages of another origin. Who
may read is decided by the signature in the address, not by the origin.
"""

from nanio.app import build_app
from starlette.middleware.cors import CORSMiddleware


def make_app() -> CORSMiddleware:
    """Build the app from the `NANIO_…` environment."""
    return CORSMiddleware(
        build_app(),
        allow_origins=["*"],
        allow_methods=["GET", "HEAD"],
        allow_headers=["Range"],
        expose_headers=["Content-Length", "Content-Range", "ETag"],
    )
