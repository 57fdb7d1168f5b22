"""The forms of a creator, and of who wants to be one."""

from content.creators.views import Application, CreatorEdit, NewCreator
from content.forms.kinds import FormKind as F
from content.forms.telling import field, form, item
from schemas.models import FieldType as T

NAME = field(T.TEXT, "名称", "Name", half=True)
KINDS = {
    "anchor": ("主播", "Anchor"),
    "clerk": ("门店导购", "Store clerk"),
    "author": ("作者", "Author"),
    "agency": ("机构", "Agency"),
    "supplier": ("供应商", "Supplier"),
}
PRESENCE = item(
    T.GROUP,
    fields={
        "platform": field(T.TEXT, "平台", "Platform"),
        "handle": field(T.TEXT, "账号", "Account there"),
        "followers": field(T.INTEGER, "粉丝数", "Followers"),
    },
)
"""Where else somebody is followed: a line each."""

FORM = form(
    "creator",
    {
        "avatar": field(T.IMAGE, "头像", "Picture", half=True),
        "level": field(F.STARS, "等级", "Level", half=True),
        "name": NAME,
        "kind": field(T.CHOICE, "类型", "Kind", choices=KINDS, half=True),
        "bio": field(T.TEXT, "介绍", "About"),
        "presences": field(T.LIST, "所在平台", "Elsewhere", of=PRESENCE, rows=True),
        "account": field(
            F.ACCOUNT,
            "关联账号",
            "Account",
            placeholder=("选择成员", "Choose a member"),
            help=(
                "关联后，这个账号成为本业务方的主播；可以不填",
                "The account becomes an anchor of this business; may be left empty",
            ),
        ),
    },
    new=NewCreator,
    edit=CreatorEdit,
    known=("business",),
)

APPLICATION = form(
    "application",
    {
        "business": field(F.BUSINESS, "业务方", "Business"),
        "name": NAME,
        "kind": field(T.CHOICE, "你是", "You are", choices=KINDS, half=True),
        "bio": field(
            T.TEXT,
            "自我介绍",
            "About yourself",
            placeholder=(
                "例如：五年家居导购，擅长讲收纳和布艺。",
                "For example: five years of selling homeware; at my best with storage and fabrics.",
            ),
        ),
        "presences": field(
            T.LIST,
            "所在平台",
            "Elsewhere",
            of=PRESENCE,
            rows=True,
            help=(
                "在别的平台有账号可以写上，没有就留空",
                "Accounts on other platforms, if you have any",
            ),
        ),
    },
    new=Application,
)
