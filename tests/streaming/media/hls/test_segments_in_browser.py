"""The hand-written fragments in Chromium's demuxer, which forgives less than FFmpeg's."""

import base64
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from streaming.media.hls.segmenter import Segmenter
from tests.conftest import CHROMIUM_FLAGS
from tests.streaming.media.hls.test_segmenter import feed, packets_of

pytestmark = pytest.mark.browser

PLAY = """async parts => {
  const video = document.createElement('video');
  video.muted = true;
  document.body.append(video);
  const source = new MediaSource();
  video.src = URL.createObjectURL(source);
  await new Promise(open => source.onsourceopen = open);
  const buffer = source.addSourceBuffer('video/mp4; codecs="avc1.42c01f,mp4a.40.2"');
  for (const part of parts) {
    buffer.appendBuffer(Uint8Array.from(atob(part), c => c.charCodeAt(0)));
    await new Promise((done, failed) => {
      buffer.onupdateend = done;
      buffer.onerror = () => failed(new Error('the segment was refused'));
    });
  }
  source.endOfStream();
  video.playbackRate = 4;
  await video.play();
  await new Promise((ended, failed) => {
    video.onended = ended;
    video.onerror = () => failed(new Error(video.error.message));
  });
  const quality = video.getVideoPlaybackQuality();
  return {ranges: video.buffered.length, end: video.duration, width: video.videoWidth,
    height: video.videoHeight, corrupted: quality.corruptedVideoFrames,
    sound: video.webkitAudioDecodedByteCount};
}"""


async def test_segments_play_to_the_end_without_a_gap(demo_clip: Path) -> None:
    segmenter = Segmenter()
    closed = feed(segmenter, packets_of(demo_clip))[:4]
    parts = [closed[0].init or b"", *(segment.data for segment in closed)]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        page = await browser.new_page()
        played = await page.evaluate(PLAY, [base64.b64encode(part).decode() for part in parts])
        await browser.close()

    assert (played["width"], played["height"], played["ranges"]) == (640, 360, 1)
    assert played["end"] == pytest.approx(8.0, abs=0.05)
    assert played["corrupted"] == 0
    assert played["sound"] > 10_000
