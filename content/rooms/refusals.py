"""What the refusals of rooms mean to HTTP and to people."""

from content.rooms.rules import RoomRefusal
from infra.problems import Explained, register

register(
    {
        RoomRefusal.NOT_AN_ANCHOR: Explained(
            422, "该账号不是本业务方的主播。", "This account is not an anchor of the business."
        )
    }
)
