"""A phone on the same network: `LAN=1`, HTTPS on this machine's address, everything under one origin."""

import asyncio
import base64
import hashlib
import re
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.async_api import async_playwright, expect

from infra.certificates import Files
from infra.network import own_addresses
from tests.conftest import CHROMIUM_FLAGS, fresh_settings
from tests.e2e.pages import Visitor
from tests.e2e.product import Product, Shop, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE_MS = 90_000
VERDICT = re.compile("good|weak")
LOADED = "() => [...document.images].filter((image) => image.complete && image.naturalWidth > 0).length"


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """The whole product, open to the network of this machine."""
    addresses = [str(address) for address in own_addresses() if address.version == 4]
    if not addresses:
        pytest.skip("this machine is on no network")
    with tempfile.TemporaryDirectory(prefix="kaibo-lan-", ignore_cleanup_errors=True) as folder:
        settings = fresh_settings(Path(folder), grace_s=20.0, secret="", lan=True, lan_host=addresses[0])
        running = Product(settings)
        try:
            running.start()
            yield running
        finally:
            running.stop()


def _certificates(product: Product) -> Files:
    return Files(product.settings.data / "lan")


def _pin(certificate: Path) -> str:
    """What Chromium is told to trust: this key and no other. Every other certificate stays an error."""
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    digest = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    return base64.b64encode(digest).decode()


async def test_a_phone_of_the_network_goes_live_and_another_watches(product: Product, shop: Shop) -> None:
    gate = product.settings.gate_url
    async with async_playwright() as playwright:
        pinned = f"--ignore-certificate-errors-spki-list={_pin(_certificates(product).server)}"
        chromium = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=[*CHROMIUM_FLAGS, pinned]
        )
        clerk, viewer = [await Visitor.arrive(chromium, product) for _ in range(2)]
        asked: set[str] = set()
        for visitor in (clerk, viewer):
            visitor.page.set_default_navigation_timeout(PATIENCE_MS)
            visitor.page.on("request", lambda request: asked.add(request.url))
            visitor.page.on("websocket", lambda socket: asked.add(socket.url))
        await clerk.open("pages/clerk/programs")
        await clerk.sign_in(shop.clerk_login)
        await clerk.at("clerk-phone").click()
        await expect(clerk.at("check-light")).to_have_attribute("data-verdict", VERDICT, timeout=PATIENCE_MS)
        assert await clerk.page.evaluate("isSecureContext")
        await clerk.at("phone-cover").click()
        await expect(clerk.at("phone-cover").locator("img")).to_be_attached(timeout=PATIENCE_MS)
        await until(lambda: clerk.page.evaluate(LOADED), lambda count: count > 0, "the cover is shown", 60)
        await clerk.at("phone-start").click()
        await expect(clerk.at("phone-desk")).to_have_attribute(
            "data-publishing", "sending", timeout=PATIENCE_MS
        )
        program = (await shop.clerk.get("/v1/programs?mine=true"))["items"][0]["id"]
        try:
            await viewer.open(f"pages/room/room?id={program}")
            await viewer.plays(PATIENCE_MS)
            await viewer.at("login-to-chat").click()
            await viewer.sign_in(shop.viewer_login)
            await viewer.say("手机上看得很清楚")
            await expect(clerk.at("chat-line").filter(has_text="手机上看得很清楚")).to_be_visible(
                timeout=PATIENCE_MS
            )
        finally:
            await shop.end(program)
        await chromium.close()
    origins = {urlsplit(url)[:2] for url in asked if not url.startswith(("data:", "blob:"))}
    place = urlsplit(gate).netloc
    assert origins == {("https", place), ("wss", place)}
    assert any("/store/" in url for url in asked)
    assert not clerk.errors + viewer.errors


async def test_what_is_open_to_the_network_and_what_is_not(product: Product) -> None:
    settings = product.settings
    trusted = ssl.create_default_context(cafile=str(_certificates(product).authority))
    async with httpx.AsyncClient(base_url=settings.gate_url, verify=trusted, trust_env=False) as phone:
        config = (await phone.get("/v1/config")).json()
        assert config["room_url"] == f"{settings.gate_url.replace('https', 'wss')}/room"
        assert config["demo_logins"] == []
        for private in ("/metrics", "/readyz", "/healthz"):
            assert (await phone.get(private)).status_code == 404
        authority = (await phone.get("/trust/kaibo.crt")).content
        assert x509.load_der_x509_certificate(authority)
        assert "Settings" in (await phone.get("/trust", headers={"accept-language": "en"})).text
        unsigned = await phone.get(f"/store/{settings.s3_bucket}/pic/x.jpg")
        assert unsigned.status_code == 403
    with pytest.raises(httpx.ConnectError, match="certificate"):
        await asyncio.to_thread(httpx.get, f"{settings.gate_url}/v1/config", trust_env=False)
    ports = ("web_port", "live_port", "media_port", "whip_port", "jobs_port", "s3_port")
    reached = [port for port in ports if await _answers(settings.lan_host, getattr(settings, port))]
    assert reached == []
    assert await _answers(settings.lan_host, settings.rtmp_port)


async def _answers(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True
