"""Fields, and words of fields, that several forms have alike."""

from content.forms.telling import field, item
from schemas.models import FieldType as T
from schemas.tags import MAX_TAGS

AMOUNT_WRONG = ("请填金额，如 129 或 129.9", "An amount such as 129 or 129.90")
TITLE = field(T.TEXT, "标题", "Title")
INTRO = field(T.TEXT, "简介", "Introduction")
COVER = field(T.IMAGE, "封面", "Cover", help=("竖图，3:4", "Upright, 3:4"))
SHARE_PICTURE = field(
    T.IMAGE, "分享图", "Share picture", help=("横图，5:4；不填用封面", "Wide, 5:4; empty: the cover")
)
VISIBILITY = field(
    T.CHOICE,
    "谁能看到",
    "Who may see it",
    choices={
        "public": ("所有人", "Everybody"),
        "unlisted": ("有链接的人", "With the link"),
        "private": ("仅成员", "Members"),
    },
    help=("只有对所有人公开的才出现在列表里", "Only what everybody may see is in lists"),
    group="reach",
)
CHANNELS = field(
    T.LIST,
    "渠道",
    "Channels",
    help=("不填则所有渠道；可以输入自己的渠道名", "Empty: all channels. Type the name of one of your own"),
    of=item(T.TEXT, choices={"h5": ("网页", "Web page"), "mini": ("小程序", "Mini-program")}, maxLength=20),
    uniqueItems=True,
    group="reach",
)
"""Suggested are the channels of our own viewer app; a business may name others."""
TAGS = field(T.LIST, "标签", "Tags", of=item(T.TAG_CATEGORY), uniqueItems=True, maxItems=MAX_TAGS)

PICTURES = field(
    T.LIST,
    "图集",
    "Pictures",
    of=item(
        T.GROUP,
        fields={
            "key": field(T.IMAGE, "图片", "Picture"),
            "caption": field(T.TEXT, "说明", "Caption"),
        },
    ),
)
