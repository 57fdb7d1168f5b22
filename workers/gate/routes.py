"""Which server answers a path. Pure."""

from typing import NamedTuple

from infra.settings import Settings

STORE = "/store"
_READING = frozenset({"GET", "HEAD"})
_OWN_AFFAIRS = frozenset({"/metrics", "/healthz", "/readyz"})


class Way(NamedTuple):
    """Where a request goes."""

    port: int
    target: str
    host: str = ""
    """The Host to send instead of the client's: what a presigned address was signed for."""


class Routes:
    """The servers behind the gate. They are reached on `settings.host`, which is this machine only."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.host = settings.host

    def way(self, method: str, target: str) -> Way | None:
        """The way of a request; None where there is nothing for phones."""
        settings = self._settings
        path = target.partition("?")[0]
        if path in _OWN_AFFAIRS:
            return None
        if path == "/room":
            return Way(settings.live_port, target)
        if path.startswith("/live/"):
            return Way(settings.media_port, target)
        if path.startswith("/whip/"):
            return Way(settings.whip_port, target)
        if path.startswith(f"{STORE}/"):
            return self._stored(method, target)
        if path.startswith("/p/") and settings.sandbox:
            return Way(settings.pay_port, target)
        return Way(settings.web_port, target)

    def _stored(self, method: str, target: str) -> Way | None:
        """Objects are read only; the address itself is signed."""
        settings = self._settings
        if settings.s3_endpoint or method not in _READING:
            return None
        host = settings.s3_url.partition("//")[2]
        return Way(settings.s3_port, target.removeprefix(STORE), host)
