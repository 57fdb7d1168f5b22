"""What the room tells a person, in zh-CN and English."""

from commerce.wallets.rules import WalletRefusal
from schemas.problems import CommonRefusal
from schemas.room import RoomRefusal

TEXTS: dict[str, tuple[str, str]] = {
    RoomRefusal.TEXT_EMPTY: ("请输入内容", "Write something first"),
    RoomRefusal.SIGN_IN_FIRST: ("登录后即可参与", "Sign in to take part"),
    RoomRefusal.TOO_FAST: ("发送太快，请稍后再试", "Too fast, wait a moment"),
    RoomRefusal.CROWDED: ("发言的人太多，请稍后再试", "Many people are talking, wait a moment"),
    RoomRefusal.BUSY: ("直播间繁忙，请稍后再试", "The room is busy, wait a moment"),
    RoomRefusal.HOSTS_ONLY: ("仅主播和助理可以操作", "Only the anchor and assistants may do this"),
    RoomRefusal.PROGRAM_OVER: ("直播已结束", "The show is over"),
    RoomRefusal.OFFER_UNKNOWN: ("该商品不在货架上", "This product is not on the shelf"),
    RoomRefusal.TOO_OLD: ("操作已过期，请刷新后重试", "This is too old, refresh and try again"),
    RoomRefusal.MOVED: ("正在重新连接直播间", "Reconnecting to the room"),
    RoomRefusal.INVALID: ("内容不符合要求", "This can't be accepted as it is"),
    RoomRefusal.ENVELOPE_INVALID: ("红包金额或数量不正确", "Amount and number of packets don't fit"),
    RoomRefusal.ENVELOPE_UNKNOWN: ("红包不存在", "There is no such red envelope"),
    RoomRefusal.ENVELOPE_EMPTY: ("红包已抢完", "All packets are gone"),
    RoomRefusal.ANCHOR_ONLY: ("仅主播可以发红包", "Only the anchor gives red envelopes"),
    RoomRefusal.VIEWERS_ONLY: ("红包留给观众", "The packets are for the viewers"),
    RoomRefusal.RAIN_ON: ("上一场红包雨还未结束", "A red-envelope rain is still on"),
    RoomRefusal.RAIN_NOT_BEGUN: ("红包雨还未开始", "It does not rain yet"),
    RoomRefusal.RAIN_OVER: ("红包雨已结束", "The rain is over"),
    WalletRefusal.BUDGET_SHORT: ("营销预算不足", "The marketing budget is too small"),
    CommonRefusal.INTERNAL: ("服务出错，请稍后再试", "Something went wrong on our side"),
    "moved": ("直播间正在切换，请重新连接", "The room moved, connect again"),
    "replaced": ("已在其他页面打开", "Opened in another place"),
    "bad_frame": ("客户端消息无法识别", "The message can't be understood"),
    "ticket_invalid": ("入场凭证无效或已过期", "The ticket is not valid or has expired"),
    "too_many": ("请求过于频繁", "Too many messages"),
    "not_found": ("节目不存在", "There is no such program"),
    "join_timeout": ("未及时进入直播间", "The room was not joined in time"),
}


def text(code: str, lang: str) -> str:
    """Give the text of a refusal or a farewell."""
    chinese, english = TEXTS.get(code, ("", ""))
    return english if lang.lower().startswith("en") else chinese
