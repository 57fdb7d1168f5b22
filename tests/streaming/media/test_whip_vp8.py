"""A browser without H.264: its VP8 picture is made anew, in a process of its own, a few at once."""

import os
import signal
from pathlib import Path

import msgspec
import pytest
from playwright.async_api import Page

from infra.mongo import Database
from infra.settings import Settings
from tests.streaming.media.stage import MediaProcess, Opened, decode, open_program, reaches, read_flv, until
from tests.streaming.media.test_whip_browser import PUBLISH, page

__all__ = ["page"]
pytestmark = pytest.mark.browser

PUBLISH_VP8 = PUBLISH.replace("/H264|rtx/i", "/VP8|rtx/i")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """One at a time."""
    return msgspec.structs.replace(settings, transcodes=1)


def _recoders(whip_port: int) -> list[int]:
    """The processes that make pictures anew for the WHIP process on this port."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            environment = (process / "environ").read_bytes()
        except OSError:
            continue
        ours = f"KAIBO_WHIP_PORT={whip_port}\0".encode() in environment
        if ours and b"streaming.media.whip.recoding" in command:
            found.append(int(process.name))
    return found


async def test_its_picture_reaches_viewers_and_a_second_one_is_told_why_not(
    media: MediaProcess, whip: str, program: Opened, page: Page, db: Database, settings: Settings
) -> None:
    address = f"{whip}/whip/{program.id}"
    published = await page.evaluate(PUBLISH_VP8, [address, program.key])
    assert published["status"] == 201
    watched = decode(await read_flv(media.play(program.id, "flv"), 250_000), "flv")
    assert watched.sizes == {(640, 360)}
    assert len(watched.pictures) > 10
    assert watched.pictures == sorted(set(watched.pictures))
    assert watched.sounds > 10

    other = await open_program(db)
    refused = await page.evaluate(PUBLISH_VP8, [f"{whip}/whip/{other.id}", other.key])
    assert (refused["status"], refused["problem"]["code"]) == (503, "transcodes_busy")
    assert (await page.evaluate(PUBLISH, [f"{whip}/whip/{other.id}", other.key]))["status"] == 201

    # Its process dies: this publish alone ends, and its place is free.
    [recoder] = _recoders(settings.whip_port)
    os.kill(recoder, signal.SIGKILL)
    await reaches(db, program.id, "interrupted")
    await reaches(db, other.id, "live")

    async def publishes_again() -> bool:
        again = await page.evaluate(PUBLISH_VP8, [address, program.key])
        return bool(again["status"] == 201)

    await until("the place is free", publishes_again, timeout_s=15, every_s=0.5)
    await reaches(db, program.id, "live")
    assert len(_recoders(settings.whip_port)) == 1
