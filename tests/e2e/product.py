"""The whole product, started the way a person starts it, on ports and a folder of its own."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

from infra.secrets import operator_password
from infra.settings import Settings, to_environ
from tests.http import NO_TLS, plain_http

ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")


class Product:
    """`python -m workers up` and a way to talk to it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.url = f"http://127.0.0.1:{settings.web_port}"
        self.pages_url = settings.gate_url if settings.lan else self.url
        self._admin: Caller | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._console = settings.data / "console.log"

    def start(self, within_s: float = 600) -> None:
        """Start and wait until the web worker is ready; front ends are built when they are stale."""
        self.settings.data.mkdir(parents=True, exist_ok=True)
        environ = {**os.environ, **to_environ(self.settings), "NO_COLOR": "1"}
        with self._console.open("wb") as console:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "workers", "up"],
                cwd=ROOT,
                env=environ,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + within_s
        while not self._all_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"not ready:\n{self._console.read_text()[-4000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop as Ctrl-C does, and see that it ends."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            raise
        finally:
            self._process = None

    def kill(self, worker: str) -> None:
        """Kill one worker with -9; the supervisor starts it again."""
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
                parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, ValueError):
                continue
            if self._process and parent == self._process.pid and words[-2:-1] == [worker.encode()]:
                os.kill(int(process.name), signal.SIGKILL)
                return
        raise AssertionError(f"{worker} does not run")

    async def admin(self) -> "Caller":
        """The first operator, signed in once: checking a password is a fifth of a second of work."""
        if self._admin is None:
            self._admin = await Caller.sign_in(self.url, "admin", operator_password(self.settings))
        return self._admin

    def _all_ready(self) -> bool:
        ports = ("web_port", "live_port", "media_port", "whip_port", "jobs_port")
        try:
            with httpx.Client(verify=NO_TLS) as http:
                return all(
                    http.get(f"http://127.0.0.1:{getattr(self.settings, port)}/readyz").status_code == 200
                    for port in ports
                )
        except httpx.HTTPError:
            return False


class Caller:
    """Somebody who calls the HTTP API."""

    def __init__(self, url: str, token: str = "", account: dict[str, Any] | None = None) -> None:
        self.account = account or {}
        self.token = token
        self._url = url
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    @classmethod
    async def sign_in(cls, url: str, login: str, password: str) -> "Caller":
        """Sign in."""
        session = await cls(url).post("/v1/sessions", {"login": login, "password": password})
        return cls(url, session["token"], session["account"])

    async def get(self, path: str, status: int = 200) -> Any:
        """GET and give the JSON."""
        return await self._call("GET", path, status=status)

    async def post(self, path: str, body: Any = None, status: int | None = None) -> Any:
        """POST with a fresh idempotency key and give the JSON."""
        return await self._call("POST", path, body, {"idempotency-key": uuid.uuid4().hex}, status)

    async def put(self, path: str, body: Any, rev: int) -> Any:
        """PUT over the revision one has seen and give the JSON."""
        return await self._call("PUT", path, body, {"if-match": f'"{rev}"'})

    async def step(self, path: str, rev: int, body: Any = None) -> Any:
        """POST over the revision one has seen and give the JSON."""
        headers = {"if-match": f'"{rev}"', "idempotency-key": uuid.uuid4().hex}
        return await self._call("POST", path, body, headers)

    async def patch(self, path: str, body: Any) -> Any:
        """PATCH whatever revision is there and give the JSON."""
        return await self._call("PATCH", path, body, {"if-match": "*"})

    async def _call(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        status: int | None = None,
    ) -> Any:
        async with plain_http(base_url=self._url, headers=self._headers, timeout=60) as http:
            answer = await http.request(method, path, json=body, headers=headers)
        good = answer.status_code == status if status else answer.is_success
        assert good, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None


class Shop:
    """A business with a clerk, a viewer, a room and a few products: what a show needs."""

    url: str
    clerk: Caller
    viewer: Caller
    admin: Caller
    business: str
    room: str
    products: list[dict[str, Any]]

    @classmethod
    async def open(cls, product: Product) -> "Shop":
        """Set it up through the API as the first operator."""
        shop = cls()
        shop.url = url = product.url
        shop.admin = await product.admin()
        name = uuid.uuid4().hex[:8]
        business = await shop.admin.post("/v1/businesses", {"name": "云店", "slug": f"shop-{name}"})
        shop.business = business["id"]
        for login, role in ((f"clerk-{name}", "anchor"), (f"viewer-{name}", "viewer")):
            await shop.admin.post(
                "/v1/accounts",
                {
                    "login": login,
                    "name": "小云" if role == "anchor" else "阿明",
                    "password": "correct horse 1",
                    "roles": {shop.business: [role]},
                },
            )
        shop.clerk = await Caller.sign_in(url, f"clerk-{name}", "correct horse 1")
        shop.viewer = await Caller.sign_in(url, f"viewer-{name}", "correct horse 1")
        shop.clerk_login, shop.viewer_login = f"clerk-{name}", f"viewer-{name}"
        room = await shop.admin.post(
            "/v1/rooms",
            {"business": shop.business, "anchor": shop.clerk.account["id"], "title": "小云的直播间"},
        )
        shop.room = room["id"]
        shop.products = [
            await shop.admin.post(
                "/v1/products",
                {
                    "business": shop.business,
                    "title": title,
                    "price": {"amount": price, "currency": "CNY"},
                    "list_price": {"amount": price * 2, "currency": "CNY"},
                },
            )
            for title, price in (("山茶花护手霜", 3990), ("手冲咖啡壶", 12900), ("亚麻围裙", 8800))
        ]
        return shop

    clerk_login: str
    viewer_login: str

    async def new_program(self, title: str = "周末好物") -> dict[str, Any]:
        """Make a program with all products on its shelf, open for its publisher."""
        program = await self.clerk.post("/v1/programs", {"room": self.room, "title": title})
        offers = [{"product": one["id"]} for one in self.products]
        await self.clerk.put(f"/v1/programs/{program['id']}/shelf", {"offers": offers}, program["rev"])
        opened: dict[str, Any] = await self.clerk.post(f"/v1/programs/{program['id']}/open")
        return opened

    async def end(self, program: str) -> None:
        """End a show once it has begun: a page sends a while before the first picture has arrived."""
        one = await until(
            lambda: self.clerk.get(f"/v1/programs/{program}"),
            lambda one: one["state"] != "ready",
            f"{program} goes live",
        )
        if one["state"] != "ended":
            await self.clerk.post(f"/v1/programs/{program}/end")

    async def push_address(self, program: str) -> dict[str, Any]:
        """Give the push address of a program."""
        address: dict[str, Any] = await self.clerk.get(f"/v1/programs/{program}/push")
        return address


async def until(
    ask: Callable[[], Coroutine[Any, Any, T]], wanted: Callable[[T], bool], what: str, within_s: float = 60
) -> T:
    """Ask again and again until the answer is wanted; fails with what was missing."""
    deadline = time.monotonic() + within_s
    while True:
        answer = await ask()
        if wanted(answer):
            return answer
        assert time.monotonic() < deadline, f"{what}: last answer {str(answer)[:800]}"
        await asyncio.sleep(0.1)


def push(ffmpeg: str, clip: Path, url: str) -> "subprocess.Popen[bytes]":
    """Push a file over RTMP in real time, as a broadcaster does."""
    return subprocess.Popen(
        [ffmpeg, "-v", "error", "-re", "-stream_loop", "-1", "-i", str(clip), "-c", "copy", "-f", "flv", url],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@asynccontextmanager
async def on_air(shop: Shop, program: str, ffmpeg: str, clip: Path) -> AsyncIterator[None]:
    """Push a file to a program; it is live inside, and ended after."""
    publisher = push(ffmpeg, clip, (await shop.push_address(program))["url"])
    try:
        await until(
            lambda: shop.clerk.get(f"/v1/programs/{program}"), lambda one: one["state"] == "live", "on air"
        )
        yield
    finally:
        publisher.kill()
        publisher.wait()
        await shop.end(program)
