"""What the refusals of rooms mean to HTTP and to people."""

from content.rooms.rules import RoomRefusal
from infra.problems import Explained, register

register(
    {
        RoomRefusal.NOT_AN_ANCHOR: Explained(
            422, "该账号不是本业务方的主播。", "This account is not an anchor of the business."
        ),
        RoomRefusal.ADDRESS_TAKEN: Explained(
            409, "地址 {got} 已被其他直播间使用。", "Another room has the address {got} already."
        ),
        RoomRefusal.ADDRESS_FIXED: Explained(
            409,
            "直播间地址一经设定不能更改：{expected}。",
            "A room keeps its address for ever: {expected}.",
        ),
        RoomRefusal.NOT_A_MEMBER: Explained(
            422,
            "请选择本业务方的成员，且不要重复。",
            "Name members of the business, each of them once.",
        ),
    }
)
