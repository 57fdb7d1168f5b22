"""A server that stands for WeChat: it gives codes to people and tells a mini-program's server who they are.

It checks what the real one checks, in code2Session's words: the app and its secret, the kind of grant,
and that a code is this app's, at most five minutes old and used once.
"""

import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

CODE_LIVES_S = 300
PER_MINUTE = 100
"""Questions one person's codes may cause in a minute."""
TEXTS = {
    -1: "system error",
    40002: "invalid grant_type",
    40013: "invalid appid",
    40029: "invalid code",
    40125: "invalid appsecret, view more at http://t.cn/RAEkdVq",
    40163: "code been used",
    40226: "code blocked",
    41002: "appid missing",
    41004: "appsecret missing",
    41008: "missing code",
    45011: "api minute-quota reach limit  mustslower  retry next minute",
}


class Failure(Exception):
    """An answer with an `errcode`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class WeChat:
    """What the server knows. `appid` and `secret` are of one mini-program; `owner` ties a person's apps."""

    def __init__(self, appid: str = "wx8f3a2c91b7d04e56", secret: str = "") -> None:
        self.appid = appid
        self.secret = secret or secrets.token_hex(16)
        self.url = ""
        self.failing = 0
        """Answer everything with this code."""
        self.silent = threading.Event()
        """Take questions and never answer."""
        self.garbled = False
        self.united = False
        """Whether the mini-program belongs to an account that unites several apps."""
        self.blocked: set[str] = set()
        self.session_keys: list[str] = []
        """Every session key that was told, to look for it where it must not be."""
        self._codes: dict[str, tuple[str, str, float]] = {}
        self._used: set[str] = set()
        self._asked: dict[str, list[float]] = {}
        self._ahead_s = 0.0
        self._lock = threading.Lock()

    def give_code(self, user: str, appid: str = "") -> str:
        """What `wx.login` gives a mini-program in the hand of `user`."""
        code = f"0{secrets.token_urlsafe(23)}"
        with self._lock:
            self._codes[code] = (appid or self.appid, user, self._now())
        return code

    def openid(self, user: str) -> str:
        """Who a person is to the mini-program."""
        return "o" + hashlib.sha256(f"{self.appid} {user}".encode()).hexdigest()[:27]

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead_s += seconds

    def exchange(self, asked: dict[str, str]) -> dict[str, object]:
        """code2Session."""
        if self.failing:
            raise Failure(self.failing)
        for name, missing in (("appid", 41002), ("secret", 41004), ("js_code", 41008)):
            if not asked.get(name):
                raise Failure(missing)
        if asked["appid"] != self.appid:
            raise Failure(40013)
        if not secrets.compare_digest(asked["secret"], self.secret):
            raise Failure(40125)
        if asked.get("grant_type") != "authorization_code":
            raise Failure(40002)
        with self._lock:
            user = self._take(asked["js_code"])
            key = secrets.token_urlsafe(16) + "=="
            self.session_keys.append(key)
        told: dict[str, object] = {"session_key": key, "openid": self.openid(user)}
        return {**told, "unionid": f"u{user}"} if self.united else told

    def _take(self, code: str) -> str:
        appid, user, at = self._codes.get(code, ("", "", 0.0))
        if appid != self.appid or self._now() - at > CODE_LIVES_S:
            raise Failure(40029)
        if code in self._used:
            raise Failure(40163)
        recent = [then for then in self._asked.get(user, []) if self._now() - then < 60]
        if len(recent) >= PER_MINUTE:
            raise Failure(45011)
        self._asked[user] = [*recent, self._now()]
        if user in self.blocked:
            raise Failure(40226)
        self._used.add(code)
        return user

    def _now(self) -> float:
        return time.monotonic() + self._ahead_s


class _Handler(BaseHTTPRequestHandler):
    wechat: WeChat

    def do_GET(self) -> None:
        """Answer a mini-program's server."""
        url = urlsplit(self.path)
        if url.path != "/sns/jscode2session":
            return self._tell({"errcode": 43101, "errmsg": "no such api"}, 404)
        if self.wechat.silent.is_set():
            return self._nothing()
        try:
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            self._tell(self.wechat.exchange(asked))
        except Failure as failure:
            code = failure.code
            self._tell(
                {"errcode": code, "errmsg": f"{TEXTS.get(code, 'error')}, rid: {secrets.token_hex(4)}"}
            )

    def do_POST(self) -> None:
        """Answer the app of WeChat on a phone, which asks for a code when a mini-program says `wx.login`."""
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._tell({"code": self.wechat.give_code(asked["user"], asked["appid"])})

    def _tell(self, answer: dict[str, object], status: int = 200) -> None:
        body = b"<html>502</html>" if self.wechat.garbled else json.dumps(answer).encode()
        self.send_response(status)
        # The real one says so too.
        self.send_header("content-type", "text/plain")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _nothing(self) -> None:
        """Hang until somebody gives up."""
        self.connection.settimeout(30)
        self.connection.recv(1)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Be quiet: addresses hold secrets."""


@contextmanager
def serving(wechat: WeChat) -> Iterator[WeChat]:
    """Serve on a free port of this machine."""
    handler = type("Handler", (_Handler,), {"wechat": wechat})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    wechat.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield wechat
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
