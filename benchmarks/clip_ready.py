"""From the unpin of a product to its clip: the whole product, ffmpeg pushing RTMP, median of five.

The clock starts when the clerk's unpin is sent over the room's websocket and stops when the clip is listed
and its mp4 has been fetched and decoded from end to end.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, Self

import av
import httpx
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.harness import Goal, Report
from benchmarks.replay_ready import first_content, make_clip, on_air, running, stream_copy
from tests.e2e.product import Product, Shop

HELD_S = (10.0, 10.5, 11.1, 11.6, 12.3)
"""How long each product is explained: the unpins fall on different places in a segment."""
GOAL = Goal("<=", 5)


async def measure(report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="kaibo-bench-", ignore_cleanup_errors=True) as folder:
        async with running(Path(folder)) as product:
            shop = await Shop.open(product)
            clip = make_clip(Path(folder) / "clip.mp4")
            async with on_air(shop, clip) as program:
                took_s = await explain_all(shop, product, program)
        report.note("clips: " + ", ".join(f"{one:.2f} s" for one in took_s))
        report.absolute("clip-ready", statistics.median(took_s), "s", GOAL, stream_copy(clip))


class ClerkInRoom:
    """The clerk's socket: sends commands, waits for their acknowledgement."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._n = 0

    @classmethod
    async def enter(cls, shop: Shop, program: str) -> Self:
        client = "bench-clerk"
        ticket = await shop.clerk.post(f"/v1/programs/{program}/ticket", {"client": client})
        socket = await connect(ticket["room_url"])
        await socket.send(json.dumps({"t": "join", "ticket": ticket["ticket"], "client": client}))
        room = cls(socket)
        await room._frame("welcome")
        return room

    async def do(self, **command: Any) -> None:
        """Send a command and wait until it is durable."""
        self._n += 1
        await self._socket.send(json.dumps({"t": "cmd", "n": self._n, "c": command}))
        await self._frame("ack", n=self._n)

    async def leave(self) -> None:
        await self._socket.close()

    async def _frame(self, kind: str, **fields: Any) -> None:
        async with asyncio.timeout(20):
            async for text in self._socket:
                frame = json.loads(text)
                assert frame["t"] not in ("nak", "bye"), frame
                if frame["t"] == kind and all(frame[name] == value for name, value in fields.items()):
                    return
        raise AssertionError(f"the room closed before {kind}")


async def explain_all(shop: Shop, product: Product, program: str) -> list[float]:
    """Explain products one after the other; gives how long after its unpin each clip plays, seconds."""
    offers = (await shop.clerk.get(f"/v1/programs/{program}"))["shelf"]
    room = await ClerkInRoom.enter(shop, program)
    took_s = []
    for turn, held_s in enumerate(HELD_S):
        offer = offers[turn % len(offers)]["id"]
        await room.do(type="pin", offer=offer)
        await asyncio.sleep(held_s)
        began = time.monotonic()
        await room.do(type="unpin", offer=offer)
        clip = await first_content(shop, program, "clip", known=turn)
        async with httpx.AsyncClient(follow_redirects=True) as http:
            body = (await http.get(f"{product.url}/o/{clip['media']}")).raise_for_status().content
        shown_s = await asyncio.to_thread(decode, product.settings.data / "fetched.mp4", body)
        took_s.append(time.monotonic() - began)
        assert abs(shown_s - clip["duration_ms"] / 1000) < 0.2, f"{shown_s} s of {clip['duration_ms']} ms"
        assert shown_s >= held_s, f"a clip of {shown_s} s of an explanation of {held_s} s"
    await room.leave()
    return took_s


def decode(path: Path, body: bytes) -> float:
    """Decode a clip whole; gives how long its pictures are, seconds."""
    path.write_bytes(body)
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        rate = container.streams.video[0].average_rate or 30
        return sum(1 for _ in container.decode(video=0)) / float(rate)
