"""Loops of the live picture, rendered once into the data folder: one a product, and one of music.

`python -m workers.demo.render FOLDER ANCHOR DRAWING…` renders what is missing, politely (nice), so that the
broadcaster, which runs meanwhile, keeps its pace.
"""

import asyncio
import hashlib
import math
import os
import sys
from array import array
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av

from infra.processes import die_with_parent
from infra.settings import Settings
from workers.demo.art import scene
from workers.demo.catalogue import ARTICLE, yuan

SAMPLE_RATE = 48_000
AAC_FRAME = 1024
LOOK_S = 0.2
MUSIC_FRAMES = 750
"""Sixteen seconds exactly: 750 frames of 1024 samples at 48 kHz."""


def folder(settings: Settings) -> Path:
    """Where the loops lie; another drawing style has another folder."""
    digest = hashlib.sha256()
    for source in (*sorted(Path(scene.__file__).parent.glob("*.py")), Path(__file__)):
        digest.update(source.read_bytes())
    return settings.data / "demo" / digest.hexdigest()[:12]


def loop_file(where: Path, anchor: str, drawing: str) -> Path:
    """The loop of a product."""
    return where / f"{anchor}-{drawing}.mp4"


def music_file(where: Path) -> Path:
    """Two rounds of the music; the second one is seamless."""
    return where / "music.mp4"


async def until_rendered(where: Path, anchor: str, drawings: Iterable[str]) -> None:
    """Wait for the loops of these products and the music."""
    files = [music_file(where), *(loop_file(where, anchor, drawing) for drawing in drawings)]
    while not all(file.exists() for file in files):
        await asyncio.sleep(LOOK_S)


async def render_missing(where: Path, anchor: str, drawings: Iterable[str]) -> None:
    """Render in a child process; returns when all is there. Raises RuntimeError when it fails."""
    missing = [drawing for drawing in drawings if not loop_file(where, anchor, drawing).exists()]
    if not missing and music_file(where).exists():
        return
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "workers.demo.render", str(where), anchor, *missing),
        preexec_fn=die_with_parent,
    )
    try:
        code = await child.wait()
    except asyncio.CancelledError:
        child.terminate()
        raise
    if code != 0:
        raise RuntimeError(f"expected the loops of {anchor} to be rendered, got exit code {code}")


def render_loop(path: Path, anchor: str, drawing: str) -> None:
    """One turn of a product, as an H264 file that decodes fast."""
    article = ARTICLE[drawing]
    draft = path.with_suffix(".part.mp4")
    with av.open(str(draft), "w") as out:
        video = out.add_stream("libx264", rate=scene.RATE)
        video.width, video.height = scene.SIZE
        video.pix_fmt = "yuv420p"
        video.options = {"crf": "17", "preset": "veryfast", "tune": "fastdecode", "bf": "0", "threads": "1"}
        for image in scene.frames(anchor, drawing, yuan(article.price), yuan(article.list_price)):
            out.mux(video.encode(av.VideoFrame.from_image(image)))  # type: ignore[no-untyped-call]
        out.mux(video.encode(None))
    draft.rename(path)


def render_music(path: Path) -> None:
    """Quiet bells over a soft chord, pentatonic, without a seam; AAC in MP4."""
    once = _music()
    draft = path.with_suffix(".part.mp4")
    with av.open(str(draft), "w") as out:
        audio = out.add_stream("aac", rate=SAMPLE_RATE, layout="mono")
        audio.bit_rate = 64_000
        for n in range(MUSIC_FRAMES * 2 + 2):
            start = (n % MUSIC_FRAMES) * AAC_FRAME
            frame = av.AudioFrame(format="s16", layout="mono", samples=AAC_FRAME)
            frame.planes[0].update(once[start : start + AAC_FRAME].tobytes())
            frame.sample_rate = SAMPLE_RATE
            frame.pts, frame.time_base = n * AAC_FRAME, Fraction(1, SAMPLE_RATE)
            out.mux(audio.encode(frame))
        out.mux(audio.encode(None))
    draft.rename(path)


def _music() -> "array[int]":
    """One round, mono, 16 bit; what rings over the end is heard at the beginning."""
    length = MUSIC_FRAMES * AAC_FRAME
    mixed = array("f", bytes(4 * length))
    melody = (0, 4, 2, 7, 5, 9, 7, 4, 2, 5, 4, 0, 7, 4, 9, 5)
    bells = {tone: _bell(392.0 * 2 ** (_PENTATONIC[tone % 5] / 12 + tone // 5)) for tone in set(melody)}
    for n, tone in enumerate(melody * 2):
        _add(mixed, n * length // 32, bells[tone], 0.10 if n % 4 else 0.14)
    for n, root in enumerate((98.0, 130.81, 110.0, 146.83)):
        _add(mixed, n * length // 4, _pad(root, length // 4 + SAMPLE_RATE // 2), 0.05)
    return array("h", (round(max(-1.0, min(1.0, sample)) * 32_000) for sample in mixed))


_PENTATONIC = (0, 2, 4, 7, 9)


def _bell(hertz: float) -> "array[float]":
    step = 2 * math.pi * hertz / SAMPLE_RATE
    fade = math.exp(-3.2 / SAMPLE_RATE)
    loud = 1.0
    ringing = array("f")
    for n in range(int(1.4 * SAMPLE_RATE)):
        ringing.append(min(1.0, n / 240) * loud * (math.sin(step * n) + 0.25 * math.sin(step * 2 * n)))
        loud *= fade
    return ringing


def _pad(hertz: float, samples: int) -> "array[float]":
    step = 2 * math.pi * hertz / SAMPLE_RATE
    edge = SAMPLE_RATE // 2
    return array(
        "f",
        (
            min(1.0, n / edge, (samples - n) / edge) * (math.sin(step * n) + 0.6 * math.sin(step * 1.5 * n))
            for n in range(samples)
        ),
    )


def _add(mixed: "array[float]", start: int, sound: "array[float]", gain: float) -> None:
    length = len(mixed)
    for n, sample in enumerate(sound, start=start):
        mixed[n % length] += sample * gain


def main(where: Path, anchor: str, drawings: list[str]) -> None:
    """Render what is missing, the music first."""
    os.nice(10)
    where.mkdir(parents=True, exist_ok=True)
    if not music_file(where).exists():
        render_music(music_file(where))
    for drawing in drawings:
        render_loop(loop_file(where, anchor, drawing), anchor, drawing)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
