"""The base fields of each layer, told in the vocabulary of models, so that forms are made from them too.

Only what people write is here: states, keys, logs and shelves have screens of their own.
"""

from typing import Any

from content.models.rules.fields import KINDS, Schema
from content.models.rules.metaschema import META_ID
from schemas.content import MAX_PICTURES, Content, Program, RecordingPolicy, Room, Visibility
from schemas.models import FieldType as T
from schemas.models import Layer
from schemas.tags import MAX_TAGS

MAX_PRODUCTS = 50
_STRUCTS: dict[Layer, type[Room | Program | Content]] = {Layer.ROOM: Room, Layer.PROGRAM: Program}


def _field(kind: T, zh: str, en: str, *, note: Schema | None = None, **limits: Any) -> Schema:
    said = {"type": kind, "label": {"zh": zh, "en": en}, **(note or {})}
    return {**KINDS[kind].fixed, **limits, "kaibo": said}


def _help(zh: str, en: str) -> Schema:
    return {"help": {"zh": zh, "en": en}}


def _listed(kind: T, most: int, **limits: Any) -> Schema:
    return {"items": _item(kind, **limits), "maxItems": most}


def _item(kind: T, *, note: Schema | None = None, **limits: Any) -> Schema:
    return {**KINDS[kind].fixed, **limits, "kaibo": {"type": kind, **(note or {})}}


def _choice(**said: tuple[str, str]) -> tuple[list[str], Schema]:
    return list(said), {"choices": {one: {"zh": zh, "en": en} for one, (zh, en) in said.items()}}


_SEEN, _SEEN_NOTE = _choice(
    public=("所有人", "Everybody"),
    unlisted=("有链接的人", "With the link"),
    private=("仅成员", "Members"),
)
_KEPT, _KEPT_NOTE = _choice(
    keep=("回放和片段", "Replay and clips"),
    no_clips=("只留回放", "Replay only"),
    off=("不录制", "Nothing"),
)
_, _CHANNEL_NOTE = _choice(h5=("网页", "Web page"), mini=("小程序", "Mini-program"))
"""Channels of our own viewer app; a business may name others."""
_CAPTIONED = {
    "key": _field(T.IMAGE, "图片", "Picture"),
    "caption": _field(T.TEXT, "说明", "Caption", maxLength=200),
}

FIELDS: dict[str, Schema] = {
    "title": _field(T.TEXT, "标题", "Title", minLength=1, maxLength=60),
    "intro": _field(T.TEXT, "简介", "Introduction", maxLength=500),
    "body": _field(T.RICH_TEXT, "正文", "Text", maxLength=50_000),
    "avatar": _field(T.IMAGE, "头像", "Portrait"),
    "cover": _field(T.IMAGE, "封面", "Cover", note=_help("竖图，3:4", "Upright, 3:4")),
    "share_picture": _field(
        T.IMAGE, "分享图", "Share picture", note=_help("横图，5:4；不填用封面", "Wide, 5:4; empty: the cover")
    ),
    "creator": _field(
        T.CREATOR, "创作者", "Creator", note=_help("不填就是主播本人", "Empty: the anchor alone")
    ),
    "pictures": _field(
        T.LIST,
        "图集",
        "Pictures",
        maxItems=MAX_PICTURES,
        items={
            **KINDS[T.GROUP].fixed,
            "properties": _CAPTIONED,
            "required": ["key"],
            "kaibo": {"type": T.GROUP},
        },
    ),
    "author": _field(T.CREATOR, "作者", "Author"),
    "guests": _field(T.LIST, "嘉宾", "Guests", uniqueItems=True, **_listed(T.CREATOR, 12)),
    "products": _field(T.LIST, "商品", "Products", uniqueItems=True, **_listed(T.PRODUCT, MAX_PRODUCTS)),
    "visibility": _field(
        T.CHOICE,
        "谁能看到",
        "Who may see it",
        note={
            **_SEEN_NOTE,
            **_help("只有对所有人公开的才出现在列表里", "Only what everybody may see is in lists"),
        },
        enum=_SEEN,
        default=Visibility.PUBLIC,
    ),
    "channels": _field(
        T.LIST,
        "渠道",
        "Channels",
        uniqueItems=True,
        note=_help(
            "不填则所有渠道；可以输入自己的渠道名", "Empty: all channels. Type the name of one of your own"
        ),
        **_listed(T.TEXT, 16, note=_CHANNEL_NOTE, maxLength=20, pattern="^[a-z][a-z0-9_-]{0,19}$"),
    ),
    "recording": _field(
        T.CHOICE,
        "结束后留下什么",
        "What stays of it",
        note={**_KEPT_NOTE, **_help("货架上有商品的节目必须录制", "A show that sells has to be recorded")},
        enum=_KEPT,
        default=RecordingPolicy.KEEP,
    ),
    "rehearsal": _field(
        T.BOOLEAN,
        "彩排",
        "Rehearsal",
        note=_help("仅成员可进，不出现在列表里，不留录像", "Members only, in no list, nothing is recorded"),
    ),
    "tags": _field(T.LIST, "标签", "Tags", uniqueItems=True, **_listed(T.TAG_CATEGORY, MAX_TAGS)),
}
"""Every base field, under the name the documents have it by, in the order of a form."""

_WRITTEN = frozenset({Layer.TRAILER, Layer.ARTICLE, Layer.PICTURE_SET})
_ONLY: dict[str, frozenset[Layer]] = {
    "body": frozenset({Layer.ARTICLE}),
    "pictures": frozenset({Layer.ARTICLE, Layer.PICTURE_SET}),
    "author": frozenset({Layer.ARTICLE, Layer.PICTURE_SET}),
    "products": _WRITTEN,
}
"""Fields that only some kinds of content have."""


def base_of(layer: Layer) -> Schema:
    """Give the base fields of a layer: a model as those of businesses are, sound in itself."""
    held = _STRUCTS.get(layer, Content).__struct_fields__
    names = [name for name in FIELDS if name in held and layer in _ONLY.get(name, {layer})]
    return {
        "$schema": META_ID,
        "type": "object",
        "properties": {name: _named(name, FIELDS[name]) for name in names},
        "required": ["title"],
        "additionalProperties": False,
    }


def _named(name: str, schema: Schema) -> Schema:
    made = {**schema, "kaibo": {"id": name, **schema["kaibo"]}}
    if "items" in schema and "properties" in schema["items"]:
        inner = {key: _named(key, one) for key, one in schema["items"]["properties"].items()}
        made["items"] = {**schema["items"], "properties": inner}
    return made
