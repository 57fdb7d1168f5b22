"""The demo as a newcomer meets it: a room on air with sound and chat; a replay with clips soon after."""

import json
import os
import signal
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import av
import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.workers.up.conftest import Copy

pytestmark = pytest.mark.slow


def ask(copy: Copy, path: str, body: dict[str, Any] | None = None) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{copy.ports['web']}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": os.urandom(8).hex()},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def until(look: Callable[[], Any], what: str, within_s: float) -> Any:
    deadline = time.monotonic() + within_s
    while not (found := look()):
        assert time.monotonic() < deadline, f"expected {what} within {within_s} s"
        time.sleep(0.25)
    return found


def picture(copy: Copy, program: str, frames: int) -> int:
    """Plays the live picture until so many frames are decoded; their number, and sound came too."""
    url = ask(copy, f"/v1/programs/{program}/play")["flv_url"].replace("localhost", "127.0.0.1")
    seen = heard = 0
    with av.open(url, timeout=(10, 10)) as live:
        for frame in live.decode():
            seen += isinstance(frame, av.VideoFrame)
            heard += isinstance(frame, av.AudioFrame)
            if seen >= frames and heard:
                break
    return seen


def lines_of_chat(copy: Copy, program: str, wanted: int, within_s: float) -> list[dict[str, Any]]:
    """What a guest sees in the room."""
    ticket = ask(copy, f"/v1/programs/{program}/ticket", {"client": "a-guest-of-the-test"})["ticket"]
    url = f"ws://127.0.0.1:{copy.ports['live']}/room"
    chat: list[dict[str, Any]] = []
    deadline = time.monotonic() + within_s
    with connect(url, origin=Origin(f"http://localhost:{copy.ports['web']}")) as room:
        room.send(json.dumps({"t": "join", "ticket": ticket, "client": "a-guest-of-the-test"}))
        while len(chat) < wanted:
            frame = json.loads(room.recv(timeout=max(0.1, deadline - time.monotonic())))
            chat += [event for event in frame.get("events", []) if event["type"] == "chat"]
    return chat


def test_a_room_is_on_air_and_a_replay_with_clips_follows(copies: Callable[..., Copy]) -> None:
    copy = copies(DEMO="1").start()

    assert "clerk/clerk" in copy.until("Sign in")
    copy.until("on air")
    (card,) = ask(copy, "/v1/feed?tab=live")["items"]
    program = card["program"]
    assert len(ask(copy, f"/v1/programs/{program}")["shelf"]) == 8
    assert picture(copy, program, frames=50) >= 50

    chat = lines_of_chat(copy, program, wanted=3, within_s=90)
    assert {line["badge"] for line in chat} == {"demo"}
    assert len(ask(copy, "/v1/feed?tab=coming")["items"]) == 3

    os.kill(copy.pid_of("workers.up.child media"), signal.SIGKILL)
    copy.until("✓ media")
    until(
        lambda: ask(copy, f"/v1/programs/{program}")["state"] == "live", "the same program on air again", 60
    )
    assert picture(copy, program, frames=25) >= 25

    replays = until(lambda: ask(copy, "/v1/feed?tab=replays")["items"], "a replay", 240)
    contents = until(
        lambda: [
            content
            for content in ask(copy, f"/v1/programs/{replays[0]['program']}/contents")["items"]
            if content["kind"] == "clip"
        ],
        "a clip of a product",
        60,
    )
    assert all(clip["title"] and clip["cover"] and clip["duration_ms"] >= 8_000 for clip in contents)
    assert copy.end() == 0
    assert copy.pids() == {}
