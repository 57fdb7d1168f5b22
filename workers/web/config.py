"""GET /v1/config: where everything is, as the client reaches it."""

from infra.clock import now_ms
from infra.http import Access, Call, Routes, Upload
from infra.settings import Settings
from infra.version import VERSION
from schemas.config import DemoLogin, PublicConfig, UplinkHeard

routes = Routes("config")

DEMO_LOGINS = (
    DemoLogin(login="clerk", password="clerk", role="anchor"),
    DemoLogin(login="operator", password="operator", role="business_operator"),
    DemoLogin(login="viewer", password="viewer", role="viewer"),
)


def shows_logins(settings: Settings) -> bool:
    """Tell whether demo logins may be shown: only with the demo on and nobody else able to reach us."""
    return settings.demo and settings.only_here


@routes.get("/v1/config", access=Access.PUBLIC)
async def read_config(call: Call[None, None]) -> PublicConfig:
    """Tell the addresses of all servers, the clock, and the demo's logins."""
    settings = call.settings
    return PublicConfig(
        version=VERSION,
        room_url=call.at.room,
        media_url=call.at.media,
        whip_url=call.at.whip,
        rtmp_url=call.at.rtmp,
        server_at=now_ms(),
        grace_ms=int(settings.grace_s * 1000),
        wechat=bool(settings.wechat_appid),
        demo=settings.demo,
        demo_logins=list(DEMO_LOGINS) if shows_logins(settings) else [],
    )


@routes.post("/v1/uplink", access=Access.PERSON, repeatable=True)
async def hear_uplink(call: Call[None, Upload]) -> UplinkHeard:
    """Take a body of at most 1 MiB and forget it.

    A phone times it before a show, to know whether its uplink carries the picture.
    """
    return UplinkHeard(bytes=len(call.body.body))
