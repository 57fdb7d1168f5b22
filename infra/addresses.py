"""Where our servers are, as the client that asks reaches them."""

import msgspec

from infra.settings import Settings

FORWARDED = "x-forwarded-proto"
"""The gate says by it that a client came over HTTPS; it takes away what a client sends under this name."""


class Addresses(msgspec.Struct, frozen=True):
    """On this machine each server has its port; through the gate all are one HTTPS origin."""

    settings: Settings
    host: str
    """The name or address under which the client reaches us."""
    gated: bool = False
    """Whether it came through the gate."""

    @property
    def room(self) -> str:
        """The rooms' websocket."""
        return f"{self._origin('ws', self.settings.live_port)}/room"

    @property
    def media(self) -> str:
        """The live pictures."""
        return self._origin("http", self.settings.media_port)

    @property
    def whip(self) -> str:
        """Where browsers publish."""
        return f"{self._origin('http', self.settings.whip_port)}/whip"

    @property
    def web(self) -> str:
        """Pages and recorded segments."""
        return self._origin("http", self.settings.web_port)

    @property
    def rtmp(self) -> str:
        """Where broadcasting programs publish; never encrypted."""
        return f"rtmp://{self.host}:{self.settings.rtmp_port}/live"

    def stored(self, text: str) -> str:
        """A text with addresses in our own object store, which listens on this machine only."""
        if self.gated and not self.settings.s3_endpoint:
            return text.replace(f"{self.settings.s3_url}/", f"{self.web}/store/")
        return text

    def _origin(self, scheme: str, port: int) -> str:
        if self.gated:
            return f"{scheme}s://{self.host}:{self.settings.https_port}"
        return f"{scheme}://{self.host}:{port}"


def is_gated(settings: Settings, forwarded: str) -> bool:
    """Whether a request came through the gate; without one the header means nothing."""
    return settings.lan and forwarded == "https"
