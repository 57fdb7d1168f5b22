"""A source that flashes and beeps at the same moment every second, and how far apart the two come out."""

import array
import io
import math
import statistics
import subprocess
from pathlib import Path

import av

EVERY_S = 1.0
LASTS_S = 0.1
BRIGHT = 128
LOUD = 0.05
STEP_S = 0.002
QUIET_S = 0.3
FEWEST = 4

PAGE = """async ([address, key]) => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 640, height: 360})
  document.body.replaceChildren(canvas)
  const context = canvas.getContext('2d')
  const audio = new AudioContext({sampleRate: 48000})
  const tone = new OscillatorNode(audio, {frequency: 1000})
  const gate = new GainNode(audio, {gain: 0})
  const sink = audio.createMediaStreamDestination()
  tone.connect(gate).connect(sink)
  tone.start()
  // A tone begins at a whole second of the sound's clock; the picture is drawn by the same clock.
  const start = Math.ceil(audio.currentTime) + 1
  for (let at = start; at < start + 120; at++) {
    gate.gain.setValueAtTime(0.8, at)
    gate.gain.setValueAtTime(0, at + 0.1)
  }
  let count = 0
  const draw = () => {
    const now = audio.currentTime
    const lit = now >= start && now % 1 < 0.1
    context.fillStyle = lit ? '#ffffff' : '#101010'
    context.fillRect(0, 0, 640, 360)
    context.fillStyle = '#808080'
    context.fillRect((count++ * 8) % 640, 340, 20, 20)
  }
  setInterval(draw, 16)
  const stream = new MediaStream([...canvas.captureStream(30).getTracks(), ...sink.stream.getTracks()])
  const peer = window.peer = new RTCPeerConnection()
  const h264 = RTCRtpSender.getCapabilities('video').codecs.filter(one => /H264|rtx/i.test(one.mimeType))
  for (const track of stream.getTracks()) {
    const transceiver = peer.addTransceiver(track, {direction: 'sendonly', streams: [stream]})
    if (track.kind === 'video') transceiver.setCodecPreferences(h264)
  }
  await peer.setLocalDescription(await peer.createOffer())
  if (peer.iceGatheringState !== 'complete')
    await new Promise(done => peer.onicegatheringstatechange =
      () => peer.iceGatheringState === 'complete' && done())
  const response = await fetch(address, {method: 'POST', body: peer.localDescription.sdp,
    headers: {'Content-Type': 'application/sdp', Authorization: 'Bearer ' + key}})
  if (response.status !== 201) throw new Error(`expected 201, got ${response.status}`)
  await peer.setRemoteDescription({type: 'answer', sdp: await response.text()})
}"""
"""Publishes the source over WHIP from a page."""


def render(ffmpeg: str, path: Path, seconds: int = 12) -> Path:
    """The source as a file: H.264 without B frames and AAC, a key frame every second."""
    on = f"lt(mod(t,{EVERY_S}),{LASTS_S})"
    subprocess.run(
        [
            *(ffmpeg, "-v", "error", "-y", "-f", "lavfi", "-i", "color=c=0x101010:s=640x360:r=30"),
            *("-f", "lavfi", "-i", f"aevalsrc='0.8*sin(2*PI*1000*t)*{on}':s=44100"),
            *("-vf", f"drawbox=color=white:t=fill:enable='{on}'", "-t", str(seconds)),
            *("-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", "30", "-pix_fmt", "yuv420p"),
            *("-c:a", "aac", str(path)),
        ],
        check=True,
        timeout=60,
    )
    return path


def apart_ms(data: bytes, form: str) -> float:
    """The median of how much later the beep comes than the flash (negative: earlier)."""
    flashes, beeps = _onsets(data, form)
    gaps = []
    for flash in flashes:
        beep = min(beeps, key=lambda at: abs(at - flash), default=math.inf)
        if abs(beep - flash) < EVERY_S / 2:
            gaps.append((beep - flash) * 1000)
    assert len(gaps) >= FEWEST, f"expected {FEWEST} pairs, got {len(flashes)} flashes and {len(beeps)} beeps"
    return statistics.median(gaps)


def _onsets(data: bytes, form: str) -> tuple[list[float], list[float]]:
    flashes: list[float] = []
    bright = True  # one that was lit from the start has no beginning
    beeps: list[float] = []
    loud_at = 0.0
    container = av.open(io.BytesIO(data), "r", format=form)
    try:
        for frame in (frame for packet in container.demux() for frame in packet.decode()):
            if isinstance(frame, av.VideoFrame):
                lit = _brightness(frame) > BRIGHT
                if lit and not bright:
                    flashes.append(float(frame.time or 0))
                bright = lit
            elif isinstance(frame, av.AudioFrame):
                for at in _loud(frame):
                    if at - loud_at > QUIET_S and loud_at:
                        beeps.append(at)
                    loud_at = at
    except av.InvalidDataError:
        pass  # cut off in the middle of a packet
    finally:
        container.close()
    return flashes, beeps


def _brightness(frame: av.VideoFrame) -> float:
    """Mean of some rows of the luma plane."""
    plane = frame.planes[0]
    rows = bytes(plane)[:: max(plane.height // 8, 1)]
    return sum(rows) / len(rows)


def _loud(frame: av.AudioFrame) -> list[float]:
    """Moments of a frame at which there is a tone."""
    samples = array.array("f", bytes(frame.planes[0]))[: frame.samples]
    step = max(int(frame.sample_rate * STEP_S), 1)
    began = float(frame.time or 0)
    return [
        began + at / frame.sample_rate
        for at in range(0, len(samples), step)
        if max(map(abs, samples[at : at + step])) > LOUD
    ]
