"""A simulated phone with the mini-program in it, and what a person does with it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.mini.build import ORIGIN
from workers.up.frontend import node_environment

PATIENCE_S = 90.0
"""How long a condition may take on a machine that is busy with other tests."""
LOOK_EVERY_S = 0.05
MAX_LINE = 16 * 1024 * 1024


class PhoneTrouble(AssertionError):
    """The phone could not do what it was told, or shows something else."""


class Phone:
    """One phone. Things on its screen go by their test ids, native components by `<tag>`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._turn = asyncio.Lock()

    async def do(self, command: str, /, **more: Any) -> Any:
        """Send one command of `frontend/mp-tests/phone.cjs`."""
        assert self._process.stdin and self._process.stdout
        async with self._turn:
            self._process.stdin.write(json.dumps({"do": command, **more}).encode() + b"\n")
            line = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE_S)
        if not line:
            raise PhoneTrouble("the simulated phone has died")
        answer = json.loads(line)
        if "error" in answer:
            raise PhoneTrouble(answer["error"])
        return answer["ok"]

    async def look(self) -> dict[str, Any]:
        """Everything there is to know: route, text, toasts, troubles."""
        seen: dict[str, Any] = await self.do("look")
        return seen

    async def find(self, what: str) -> list[dict[str, Any]]:
        """All things of that name on the screen."""
        found: list[dict[str, Any]] = await self.do("find", what=what)
        return found

    async def shows(self, what: str, text: str = "") -> dict[str, Any]:
        """Wait until a thing of that name is there whose text holds `text`; give it."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            found = await self.find(what)
            fitting = [one for one in found if text in one["text"]]
            if fitting:
                return fitting[0]
            if asyncio.get_running_loop().time() > deadline:
                seen = await self.look()
                raise PhoneTrouble(f"no {what} with {text!r}: {[one['text'] for one in found]}; {seen}")
            await asyncio.sleep(LOOK_EVERY_S)

    async def lacks(self, what: str) -> None:
        """Wait until nothing of that name is there."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while await self.find(what):
            if asyncio.get_running_loop().time() > deadline:
                raise PhoneTrouble(f"{what} stays: {await self.look()}")
            await asyncio.sleep(LOOK_EVERY_S)

    async def at(self, route: str) -> dict[str, Any]:
        """Wait until that page is on top."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while (seen := await self.look())["route"] != route:
            if asyncio.get_running_loop().time() > deadline:
                raise PhoneTrouble(f"expected the page {route}, got {seen}")
            await asyncio.sleep(LOOK_EVERY_S)
        return seen

    async def tap(self, what: str, at: int = 0) -> None:
        """Tap on a thing once it is there."""
        await self.shows(what)
        await self.do("tap", what=what, at=at)

    async def type(self, what: str, value: str) -> None:
        """Fill a field, and see that it holds what was typed."""
        await self.shows(what)
        await self.do("type", what=what, value=value)
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while (field := await self.find(what)) and field[0]["attrs"].get("value") != value:
            if asyncio.get_running_loop().time() > deadline:
                raise PhoneTrouble(f"{what} holds {field[0]['attrs'].get('value')!r}, typed {value!r}")
            await asyncio.sleep(LOOK_EVERY_S)

    async def fire(self, what: str, event: str, **detail: Any) -> None:
        """Let a native component tell something."""
        await self.shows(what)
        await self.do("fire", what=what, event=event, detail=detail)

    async def go(self, url: str) -> None:
        """Open a page, as by a link that was shared."""
        await self.do("go", url=url)


@asynccontextmanager
async def hold(
    folder: Path,
    root: Path,
    *,
    server: str,
    wechat: str = "",
    appid: str = "",
    user: str = "",
    still: Path = Path(),
) -> AsyncIterator[Phone]:
    """Give `user` a phone and start the mini-program in it; nothing may have gone wrong at the end."""
    world = {
        "root": str(root),
        "origin": ORIGIN,
        "server": server,
        "wechat": wechat,
        "appid": appid,
        "user": user,
        "still": str(still),
    }
    process = await asyncio.create_subprocess_exec(
        "node",
        str(folder / "phone.cjs"),
        json.dumps(world),
        cwd=folder,
        env=node_environment(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=MAX_LINE,
    )
    phone = Phone(process)
    try:
        await phone.do("launch")
        yield phone
        seen = await phone.look()
        assert seen["troubles"] == [], seen["troubles"][:3]
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
