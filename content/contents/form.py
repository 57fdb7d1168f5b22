"""The forms of contents, one for each kind."""

from collections.abc import Mapping

import msgspec

from content.contents.rules import MADE, PARTS
from content.contents.views import ContentEdit, NewContent
from content.forms.kinds import FormKind as F
from content.forms.shared import CHANNELS, COVER, INTRO, PICTURES, SHARE_PICTURE, TAGS, TITLE, VISIBILITY
from content.forms.telling import Fields, Form, field, form, item
from content.tags.views import Given
from schemas.content import Content, ContentKind
from schemas.models import FieldType as T

K = ContentKind
MAX_PRODUCTS = 50
FIELDS: Fields = {
    "program": field(
        F.PROGRAM,
        "节目",
        "Show",
        placeholder=("选择要预告的节目", "Choose the show it announces"),
        coming=True,
        needed=True,
        aside=True,
    ),
    "media": field(T.FILE, "视频", "Film", help=("MP4", "MP4"), needed=True, aside=True),
    "title": TITLE,
    "intro": INTRO,
    "body": field(T.RICH_TEXT, "正文", "Text"),
    "cover": COVER,
    "share_picture": SHARE_PICTURE,
    "pictures": PICTURES,
    "author": field(T.CREATOR, "作者", "Author"),
    "products": field(
        T.LIST, "商品", "Products", of=item(T.PRODUCT), uniqueItems=True, maxItems=MAX_PRODUCTS
    ),
    "visibility": VISIBILITY,
    "channels": CHANNELS,
    "tags": TAGS,
    "expires_at": field(
        F.MOMENT,
        "自动下架",
        "Taken down at",
        placeholder=("不下架", "Never"),
        help=("到时间后观众看不到", "From then on viewers no longer see it"),
    ),
}
"""Every field that some kind of content has, in the order of a form."""
_WRITTEN = frozenset(ContentKind) - MADE
ONLY: Mapping[str, frozenset[ContentKind]] = {
    **PARTS,
    "program": frozenset({K.TRAILER}),
    "products": _WRITTEN,
}
"""Fields that only some kinds have."""


def _form(kind: ContentKind) -> Form:
    fields = {name: told for name, told in FIELDS.items() if kind in ONLY.get(name, {kind})}
    beside: Mapping[str, type[msgspec.Struct]] = {"products": Content} if "products" in fields else {}
    return form(
        kind,
        fields,
        new=NewContent if kind in _WRITTEN else None,
        edit=ContentEdit,
        beside={"tags": Given, **beside},
        document=Content,
        known=("business", "kind"),
    )


FORMS: Mapping[ContentKind, Form] = {kind: _form(kind) for kind in ContentKind}
