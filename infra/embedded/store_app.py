"""The embedded object store as an ASGI app: nanio, and CORS, which it lacks.

Players fetch segments by script, so a bucket must allow reading from pages of another origin. Who
may read is decided by the signature in the address, not by the origin.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from nanio.app import build_app

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

ALLOWED = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"range"),
    (b"access-control-expose-headers", b"content-length, content-range, etag"),
]


def make_app() -> App:
    """Build the app from the `NANIO_…` environment."""
    return with_cors(build_app())


def with_cors(app: App) -> App:
    """Let pages of any origin read what `app` answers; preflights are answered here."""

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        async def send_allowing(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *ALLOWED]
            await send(message)

        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": ALLOWED})
            await send({"type": "http.response.body"})
        else:
            await app(scope, receive, send_allowing)

    return answer
