"""Which server behind the gate answers what."""

from pathlib import Path

import pytest

from infra.settings import Settings
from tests.conftest import fresh_settings
from workers.gate.routes import Routes


@pytest.fixture
def open_settings(tmp_path: Path) -> Settings:
    return fresh_settings(tmp_path, lan=True, lan_host="192.168.1.5", demo=True)


@pytest.mark.parametrize(
    ("target", "port"),
    [
        ("/", "web_port"),
        ("/v1/config", "web_port"),
        ("/live.html", "web_port"),
        ("/room", "live_port"),
        ("/live/prg_1.flv?token=t", "media_port"),
        ("/whip/prg_1", "whip_port"),
        ("/p/pay_1", "pay_port"),
    ],
)
def test_a_path_has_its_server(open_settings: Settings, target: str, port: str) -> None:
    way = Routes(open_settings).way("GET", target)
    assert way is not None
    assert (way.port, way.target, way.host) == (getattr(open_settings, port), target, "")


@pytest.mark.parametrize("target", ["/metrics", "/readyz?x=1", "/healthz"])
def test_our_own_affairs_are_not_shown(open_settings: Settings, target: str) -> None:
    assert Routes(open_settings).way("GET", target) is None


def test_stored_objects_are_read_under_the_host_they_were_signed_for(open_settings: Settings) -> None:
    routes = Routes(open_settings)
    way = routes.way("GET", "/store/kaibo/pic/a.jpg?X-Amz-Signature=1")
    assert way is not None
    assert way.target == "/kaibo/pic/a.jpg?X-Amz-Signature=1"
    assert way.host == f"127.0.0.1:{open_settings.s3_port}"
    assert routes.way("PUT", "/store/kaibo/pic/a.jpg") is None
