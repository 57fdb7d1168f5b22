"""The form of a room."""

from content.forms.kinds import FormKind as F
from content.forms.shared import COVER, INTRO, SHARE_PICTURE, TAGS, TITLE
from content.forms.telling import field, form, item
from content.rooms.views import NewRoom, RoomEdit
from content.tags.views import Given
from schemas.models import FieldType as T

FORM = form(
    "room",
    {
        "anchor": field(
            F.ACCOUNT,
            "主播",
            "Anchor",
            help=("直播间固定属于一位主播", "A room belongs to one anchor for good"),
            placeholder=("选择主播", "Choose an anchor"),
            role="anchor",
            aside=True,
        ),
        "title": TITLE,
        "intro": INTRO,
        "avatar": field(T.IMAGE, "头像", "Portrait"),
        "cover": COVER,
        "share_picture": SHARE_PICTURE,
        "tags": TAGS,
        "address": field(
            T.TEXT,
            "固定地址",
            "Permanent address",
            help=(
                "字母、数字和短横线；设定后不能更改。总是打开正在直播或下一场节目",
                "Letters, digits, hyphens; set once. It always opens the live or the next show",
            ),
            placeholder=("tea-house", "tea-house"),
            wrong=(
                "请用 3–40 个小写字母、数字或短横线，以字母开头",
                "3 to 40 lower-case letters, digits or hyphens, beginning with a letter",
            ),
            prefix="/r/",
            aside=True,
        ),
        "roles": field(
            F.CAST,
            "直播间里的角色",
            "Roles in the room",
            help=("在这个直播间的每场节目里有效", "They count in every show of this room"),
            of=item(
                T.GROUP,
                fields={
                    "account": field(F.ACCOUNT, "成员", "Member", placeholder=("加一位成员", "Add a member")),
                    "role": field(
                        T.CHOICE,
                        "角色",
                        "Role",
                        choices={"assistant": ("助理", "Assistant"), "anchor": ("主播", "Anchor")},
                    ),
                },
            ),
            aside=True,
        ),
    },
    new=NewRoom,
    edit=RoomEdit,
    beside={"tags": Given},
    known=("business",),
)
