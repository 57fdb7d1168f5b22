"""The riskiest seam: a real Chromium publishes its (fake) camera through aiortc, undecoded."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from infra.mongo import Database
from infra.settings import Settings
from schemas.content import ProgramState
from tests.conftest import CHROMIUM_FLAGS
from tests.http import plain_http
from tests.streaming.media.stage import (
    MediaProcess,
    Opened,
    decode,
    open_program,
    reaches,
    read_flv,
    state_of,
    until,
)

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

    # The program ends elsewhere: the browser's publish ends with it.
    await db.collection("programs").update_one({"_id": program.id}, {"$set": {"state": "ended"}})

    async def closed() -> bool:
        return bool(await page.evaluate("peer.connectionState !== 'connected'"))

    await until("the browser's connection is closed", closed, timeout_s=10)


async def test_deleting_the_session_interrupts_the_program_and_the_browser_may_return(
    media: MediaProcess, whip: str, program: Opened, page: Page, db: Database
) -> None:
    address = f"{whip}/whip/{program.id}"
    published = await page.evaluate(PUBLISH, [address, program.key])
    await reaches(db, program.id, "live")
    second = await page.evaluate(PUBLISH, [address, program.key])
    assert (second["status"], second["problem"]["code"]) == (409, "publisher_active")

    ended = await page.evaluate(
        "async address => (await fetch(address, {method: 'DELETE'})).status", whip + published["location"]
    )

    assert ended == 200
    await reaches(db, program.id, "interrupted")
    again = await page.evaluate(PUBLISH, [address, program.key])
    assert again["status"] == 201
    await reaches(db, program.id, "live")


OFFER = """async codec => {
  const peer = new RTCPeerConnection();
  const transceiver = peer.addTransceiver('video', {direction: 'sendonly'});
  transceiver.setCodecPreferences(
    RTCRtpSender.getCapabilities('video').codecs.filter(c => c.mimeType === 'video/' + codec));
  await peer.setLocalDescription(await peer.createOffer());
  return peer.localDescription.sdp;
}"""


async def test_bad_offers_and_strangers_get_a_problem_and_no_stream(
    media: MediaProcess, whip: str, program: Opened, page: Page, db: Database
) -> None:
    expired = await open_program(db, key_expires_at=1)
    ended = await open_program(db, state=ProgramState.ENDED)
    other = await open_program(db)
    vp9 = await page.evaluate(OFFER, "VP9")
    good = await page.evaluate(OFFER, "H264")
    sdp, key = "application/sdp", f"Bearer {program.key}"
    cases = [
        (program.id, "application/json", key, "{}", 415, "unsupported_type"),
        (program.id, sdp, "", "v=0", 401, "key_missing"),
        (program.id, sdp, "Basic abc", "v=0", 401, "key_missing"),
        (program.id, sdp, "Bearer wrong", good, 403, "key_unknown"),
        (expired.id, sdp, f"Bearer {expired.key}", good, 403, "key_expired"),
        (ended.id, sdp, f"Bearer {ended.key}", good, 409, "program_ended"),
        (other.id, sdp, key, good, 403, "key_of_another_program"),
        (program.id, sdp, key, "not an offer", 400, "offer_unreadable"),
        (program.id, sdp, key, good.replace("m=video", "m=video what", 1), 400, "offer_unreadable"),
        (program.id, sdp, key, "v=0\r\n", 400, "offer_unreadable"),
        (program.id, sdp, key, vp9, 422, "no_h264_offered"),
        (program.id, sdp, key, "v=0" + "x" * 300_000, 413, "too_large"),
    ]
    async with plain_http() as client:
        for name, content_type, authorization, body, status, code in cases:
            headers = {"Content-Type": content_type, "Authorization": authorization}
            answer = await client.post(f"{whip}/whip/{name}", content=body, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["access-control-allow-origin"] == "*"
        assert (await client.delete(f"{whip}/whip/{program.id}/nobody")).status_code == 404
        assert (await client.get(f"{whip}/whip/{program.id}")).status_code == 405
        options = await client.options(f"{whip}/whip/{program.id}")
        assert options.headers["access-control-allow-methods"] == "POST, OPTIONS"
        assert "Authorization" in options.headers["access-control-allow-headers"]
        assert (await client.get(f"{whip}/metrics")).status_code == 200
    assert await db.collection("streams").count({}) == 0
    assert await state_of(db, program.id) == "ready"
