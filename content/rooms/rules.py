"""Pure decisions about rooms."""

from content.authority import STAFF, grant
from schemas.accounts import Account, Role
from schemas.problems import Refusal, RefusalCode

CREATE = grant("rooms.create", Role.BUSINESS_OPERATOR, Role.EDITOR)
EDIT = grant("rooms.edit", Role.BUSINESS_OPERATOR, Role.EDITOR, Role.ANCHOR)
READ = grant("rooms.read", *STAFF)
GRANTS = (CREATE, EDIT, READ)


class RoomRefusal(RefusalCode):
    """Why a room can't be."""

    NOT_AN_ANCHOR = "not_an_anchor"


def check_anchor(account: Account | None, business: str) -> Refusal | None:
    """Refuse a room for somebody who is no anchor of its business."""
    if account is None or account.disabled or Role.ANCHOR not in account.roles.get(business, ()):
        return Refusal(RoomRefusal.NOT_AN_ANCHOR, {"pointer": "/anchor"})
    return None
