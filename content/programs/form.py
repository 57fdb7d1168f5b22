"""The form of a program."""

from content.forms.kinds import FormKind as F
from content.forms.shared import (
    AMOUNT_WRONG,
    CHANNELS,
    COVER,
    INTRO,
    SHARE_PICTURE,
    TAGS,
    TITLE,
    VISIBILITY,
)
from content.forms.telling import field, form, item
from content.programs.views import NewProgram, PlannedStart, ProgramEdit, ShelfLine
from content.tags.views import Given
from schemas.models import FieldType as T

FORM = form(
    "program",
    {
        "title": TITLE,
        "room": field(
            F.ROOM, "直播间", "Room", placeholder=("选择直播间", "Choose a room"), half=True, aside=True
        ),
        "starts_at": field(
            F.MOMENT,
            "计划开播",
            "Planned start",
            placeholder=("选择时间", "Choose a time"),
            help=("按你所在的时区", "In your time zone"),
            half=True,
            aside=True,
        ),
        "intro": INTRO,
        "cover": COVER,
        "share_picture": SHARE_PICTURE,
        "creator": field(
            T.CREATOR, "创作者", "Creator", help=("不填就是主播本人", "Empty: the anchor alone")
        ),
        "tags": TAGS,
        "visibility": VISIBILITY,
        "channels": CHANNELS,
        "recording": field(
            T.CHOICE,
            "结束后留下什么",
            "What stays of it",
            choices={
                "keep": ("回放和片段", "Replay and clips"),
                "no_clips": ("只留回放", "Replay only"),
                "off": ("不录制", "Nothing"),
            },
            help=("货架上有商品的节目必须录制", "A show that sells has to be recorded"),
            group="keep",
        ),
        "rehearsal": field(
            T.BOOLEAN,
            "彩排",
            "Rehearsal",
            help=("仅成员可进，不出现在列表里，不留录像", "Members only, in no list, nothing is recorded"),
            group="keep",
        ),
        "guests": field(T.LIST, "嘉宾", "Guests", of=item(T.CREATOR), uniqueItems=True, group="cast"),
        "assistants": field(
            T.LIST,
            "助理",
            "Assistants",
            of=item(F.ACCOUNT),
            placeholder=("选择成员", "Choose members"),
            help=(
                "只在这场节目里帮忙：上架商品、管理互动",
                "They help in this show only: its shelf and its room",
            ),
            uniqueItems=True,
            group="cast",
            aside=True,
        ),
    },
    new=NewProgram,
    edit=ProgramEdit,
    beside={"tags": Given, "starts_at": PlannedStart},
    groups={
        "reach": ("谁能看到，去哪些渠道", "Who sees it, and where"),
        "keep": ("录制", "Recording"),
        "cast": ("嘉宾和助理", "Guests and assistants"),
    },
)

OFFER = form(
    "offer",
    {
        "price": field(
            F.MONEY,
            "直播价",
            "Live price",
            wrong=AMOUNT_WRONG,
        ),
        "limit": field(
            T.INTEGER, "限购", "Limit", help=("每人件数，0 不限", "Units one buyer may have; 0: any")
        ),
    },
    new=ShelfLine,
    known=("product",),
)
"""A line of the shelf."""
