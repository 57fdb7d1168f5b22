"""WeChat's account server: who stands behind a code that `wx.login` gave the mini-program.

`GET /sns/jscode2session` of the documentation of mini-programs (code2Session). A code is good for
five minutes and once. The session key that comes with the answer decrypts what WeChat gives the
mini-program in secret; nothing of ours needs it, so it is dropped here and goes no further.
"""

from functools import lru_cache

import httpx
import msgspec

from content.accounts.rules import AccountRefusal
from infra.settings import Settings
from infra.telemetry import get_logger
from schemas.problems import Refusal, Refused

log = get_logger("accounts.wechat")
TIMEOUT_S = 5.0

CODE_MISSING = 41008
CODE_INVALID = 40029
CODE_USED = 40163
CODE_BLOCKED = 40226
TOO_OFTEN = 45011

_REFUSALS = {
    CODE_MISSING: AccountRefusal.WECHAT_CODE_REFUSED,
    CODE_INVALID: AccountRefusal.WECHAT_CODE_REFUSED,
    CODE_USED: AccountRefusal.WECHAT_CODE_REFUSED,
    CODE_BLOCKED: AccountRefusal.WECHAT_BLOCKED,
    TOO_OFTEN: AccountRefusal.WECHAT_TOO_OFTEN,
}
"""What a person can do something about; the rest is ours or WeChat's to repair."""


class Identity(msgspec.Struct, frozen=True):
    """Who somebody is to one mini-program, and to all apps of its owner where WeChat tells that."""

    openid: str
    unionid: str = ""


class Answer(msgspec.Struct, frozen=True):
    """The answer of code2Session; it comes with status 200 whatever it says."""

    openid: str = ""
    unionid: str = ""
    errcode: int = 0
    errmsg: str = ""


def judge(answer: Answer) -> Identity | Refusal:
    """Read an answer: who it is, or why not."""
    if not answer.errcode and answer.openid:
        return Identity(answer.openid, answer.unionid)
    code = _REFUSALS.get(answer.errcode, AccountRefusal.WECHAT_AWAY)
    data: dict[str, object] = {"errcode": answer.errcode}
    if code is AccountRefusal.WECHAT_TOO_OFTEN:
        data["retry_after"] = 60
    return Refusal(code, data)


class WeChat:
    """A client of WeChat's account server, for one mini-program."""

    def __init__(self, settings: Settings) -> None:
        self.appid = settings.wechat_appid
        self._secret = settings.wechat_secret
        self._client = httpx.AsyncClient(base_url=settings.wechat_url, timeout=TIMEOUT_S)

    async def identify(self, code: str) -> Identity:
        """Ask who stands behind a code.

        Raises Refused(wechat_code_refused, wechat_too_often, wechat_blocked, wechat_away). A code is
        never sent twice: when the answer is lost, the mini-program asks for a new one.
        """
        question = {
            "appid": self.appid,
            "secret": self._secret,
            "js_code": code,
            "grant_type": "authorization_code",
        }
        try:
            reply = await self._client.get("/sns/jscode2session", params=question)
            reply.raise_for_status()
            answer = msgspec.json.decode(reply.content, type=Answer)
        except (httpx.HTTPError, msgspec.MsgspecError) as error:
            # The text of the error may hold the address, and that the secret.
            log.warning("wechat_away", kind=type(error).__name__)
            raise Refused(AccountRefusal.WECHAT_AWAY) from None
        judged = judge(answer)
        if isinstance(judged, Refusal):
            if judged.code is AccountRefusal.WECHAT_AWAY:
                log.error("wechat_refused", errcode=answer.errcode, errmsg=answer.errmsg)
            raise Refused(judged)
        return judged


@lru_cache(maxsize=8)
def wechat_of(settings: Settings) -> WeChat:
    """Give the client; raises Refused(wechat_off) where none is set up."""
    if not settings.wechat_appid:
        raise Refused(AccountRefusal.WECHAT_OFF)
    return WeChat(settings)
