"""What a client must know before anything else."""

from schemas.base import Ms, Value


class DemoLogin(Value, frozen=True, kw_only=True):
    """A demo account that may be shown; only with the demo on and listening on loopback."""

    login: str
    password: str
    role: str


class PublicConfig(Value, frozen=True, kw_only=True):
    """Answer of GET /v1/config. Addresses are as the client reaches them."""

    name: str = "Kaibo"
    version: str
    room_url: str
    """Websocket of the room hub."""
    media_url: str
    """Origin of HTTP-FLV and live HLS."""
    whip_url: str
    rtmp_url: str
    """RTMP application; a stream key is appended."""
    server_at: Ms
    grace_ms: Ms
    wechat: bool = False
    """Whether people may sign in with WeChat."""
    demo: bool = False
    demo_logins: list[DemoLogin] = []


class UplinkHeard(Value, frozen=True, kw_only=True):
    """What arrived of a trial of the uplink."""

    bytes: int
