"""The riskiest seam: a real Chromium publishes its (fake) camera through aiortc, undecoded."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from infra.mongo import Database
from infra.settings import Settings
from tests.conftest import CHROMIUM_FLAGS
from tests.streaming.media.stage import MediaProcess, Opened, decode, read_flv, state_of, until

pytestmark = pytest.mark.browser

PUBLISH = """async ([address, key]) => {
  const camera = await navigator.mediaDevices.getUserMedia({
    video: {width: 640, height: 360, frameRate: 30}, audio: true});
  const peer = new RTCPeerConnection();
  const h264 = RTCRtpSender.getCapabilities('video').codecs.filter(c => /H264|rtx/i.test(c.mimeType));
  for (const track of camera.getTracks()) {
    const transceiver = peer.addTransceiver(track, {direction: 'sendonly', streams: [camera]});
    if (track.kind === 'video') transceiver.setCodecPreferences(h264);
  }
  await peer.setLocalDescription(await peer.createOffer());
  if (peer.iceGatheringState !== 'complete')
    await new Promise(done => peer.onicegatheringstatechange =
      () => peer.iceGatheringState === 'complete' && done());
  const response = await fetch(address, {method: 'POST', body: peer.localDescription.sdp,
    headers: {'Content-Type': 'application/sdp', Authorization: 'Bearer ' + key}});
  if (response.status !== 201) return {status: response.status, problem: await response.json()};
  await peer.setRemoteDescription({type: 'answer', sdp: await response.text()});
  window.peer = peer;
  return {status: 201, location: response.headers.get('Location')};
}"""


@pytest.fixture
async def page(media: MediaProcess) -> AsyncIterator[Page]:
    """A page of another origin than the WHIP endpoint's, as in production."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        page = await browser.new_page()
        await page.goto(media.http("/healthz"))
        yield page
        await browser.close()


async def test_a_browser_publishes_and_is_watched_and_recorded(
    media: MediaProcess, whip: str, program: Opened, page: Page, db: Database, settings: Settings
) -> None:
    published = await page.evaluate(PUBLISH, [f"{whip}/whip/{program.id}", program.key])
    assert published["status"] == 201
    assert published["location"].startswith(f"/whip/{program.id}/")

    watched = decode(await read_flv(media.play(program.id, "flv"), 250_000), "flv")

    assert watched.sizes == {(640, 360)}
    assert len(watched.pictures) > 20
    assert watched.pictures == sorted(set(watched.pictures))
    assert watched.sounds > 20
    assert watched.loudest > 0.01

    async def segments() -> bool:
        return await db.collection("segments").count({"program": program.id}) >= 2

    await until("two recorded segments", segments)
    recording = await db.collection("recordings").find_one({"program": program.id})
    assert recording is not None
    [first, *_] = await db.collection("segments").find({"program": program.id}, sort=[("seq", 1)])
    folder: Path = settings.recordings_dir / recording["folder"]
    recorded = decode((folder / first["init"]).read_bytes() + (folder / first["file"]).read_bytes(), "mp4")
    assert recorded.sizes == {(640, 360)}
    assert len(recorded.pictures) > 10
    assert recorded.sounds > 10
    assert await state_of(db, program.id) == "live"
