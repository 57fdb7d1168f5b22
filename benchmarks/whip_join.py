"""A phone goes live over WHIP: from the POST to 201, and from the POST to a viewer's first picture.

The whole product, Chromium's fake camera at 720p, median of three. The first clock stops at the answer; the
second goes on until a viewer, who asked for the FLV stream when the answer came, has decoded a picture.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import av
from playwright.async_api import Page, async_playwright

from benchmarks.harness import Goal, Report
from benchmarks.references import x264
from benchmarks.replay_ready import running
from tests.conftest import CHROMIUM_FLAGS
from tests.e2e.product import Product, Shop

JOINS = 3
ANSWERED = Goal("<=", 300)
FIRST_PICTURE = Goal("<=", 2)

OFFER = """async () => {
  const camera = await navigator.mediaDevices.getUserMedia({
    video: {width: 1280, height: 720, frameRate: 30}, audio: true})
  window.peer = new RTCPeerConnection()
  const h264 = RTCRtpSender.getCapabilities('video').codecs.filter((one) => /H264|rtx/i.test(one.mimeType))
  for (const track of camera.getTracks()) {
    const transceiver = peer.addTransceiver(track, {direction: 'sendonly', streams: [camera]})
    if (track.kind === 'video') transceiver.setCodecPreferences(h264)
  }
  await peer.setLocalDescription(await peer.createOffer())
  if (peer.iceGatheringState !== 'complete')
    await new Promise((done) => peer.onicegatheringstatechange =
      () => peer.iceGatheringState === 'complete' && done())
}"""
POST = """async ([address, key]) => {
  const began = performance.now()
  const response = await fetch(address, {method: 'POST', body: peer.localDescription.sdp,
    headers: {'Content-Type': 'application/sdp', Authorization: 'Bearer ' + key}})
  const answer = await response.text()
  const tookMs = performance.now() - began
  if (response.status !== 201) throw new Error(`expected 201, got ${response.status}: ${answer}`)
  await peer.setRemoteDescription({type: 'answer', sdp: answer})
  return tookMs
}"""


async def measure(report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="kaibo-bench-", ignore_cleanup_errors=True) as folder:
        async with running(Path(folder)) as product, async_playwright() as playwright:
            chromium = await playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS
            )
            shop = await Shop.open(product)
            joins = []
            for _ in range(JOINS):
                page = await chromium.new_page()
                joins.append(await join(product, shop, page))
                await page.close()
            await chromium.close()
    reference = await asyncio.to_thread(x264)
    report.note("joins: " + ", ".join(f"{answered:.0f} ms and {seen:.2f} s" for answered, seen in joins))
    report.absolute("whip-answered", statistics.median(one for one, _ in joins), "ms", ANSWERED, reference)
    report.absolute(
        "whip-first-picture", statistics.median(one for _, one in joins), "s", FIRST_PICTURE, reference
    )


async def join(product: Product, shop: Shop, page: Page) -> tuple[float, float]:
    """One show: ms to the answer, s to a viewer's first picture."""
    program = (await shop.new_program())["id"]
    address = await shop.push_address(program)
    play = await shop.viewer.get(f"/v1/programs/{program}/play")
    await page.goto(f"{product.url}/v1/config")  # a page of the product's origin that loads nothing
    await page.evaluate(OFFER)
    began = time.monotonic()
    answered_ms: float = await page.evaluate(POST, [address["whip_url"], address["key"]])
    await asyncio.to_thread(_decode_first, play["flv_url"])
    seen_s = time.monotonic() - began
    await shop.clerk.post(f"/v1/programs/{program}/end")
    return answered_ms, seen_s


def _decode_first(address: str) -> None:
    # The sizes stand in the stream's configuration: a player shows the first picture without probing on.
    quick = {"probesize": "32768", "analyzeduration": "1", "fflags": "nobuffer"}
    with av.open(address, format="flv", options=quick, timeout=20) as container:
        next(container.decode(video=0))
