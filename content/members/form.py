"""The forms that make somebody a member: by a link, by a login, with a new account."""

from content.accounts.rules import MIN_PASSWORD
from content.accounts.views import NewAccount, NewRoles
from content.forms.kinds import FormKind as F
from content.forms.telling import field, form
from content.members.views import NewInvitation, NewMember, NewPerson
from schemas.models import FieldType as T

ROLES = field(
    F.ROLES,
    "角色",
    "Roles",
    choices={
        "business_operator": ("业务运营", "Business operator"),
        "reviewer": ("审核员", "Reviewer"),
        "editor": ("编辑", "Editor"),
        "anchor": ("主播", "Anchor"),
        "assistant": ("助理", "Assistant"),
        "supplier": ("供应商", "Supplier"),
    },
    means={
        "business_operator": (
            "业务内的一切：排期、商品、订单、模型、成员和密钥",
            "Everything here: schedule, products, orders, models, members and keys",
        ),
        "reviewer": ("查看全部内容，审核、退回、发布", "Sees everything; approves, sends back, publishes"),
        "editor": (
            "编辑直播间、节目和内容，提交审核",
            "Writes rooms, shows and contents, and hands them in for review",
        ),
        "anchor": (
            "在自己的直播间里开播，管理自己的节目",
            "Goes live in a room of their own and keeps its shows",
        ),
        "assistant": ("在直播间里帮主播，管货架", "Helps the anchor in the room and keeps the shelf"),
        "supplier": (
            "只看自己的商品和带货节目",
            "Sees only their own products and the shows they are in",
        ),
    },
    wrong=("至少选一个角色", "Choose at least one role"),
    needed=True,
)
"""Those that a business gives, the widest first."""

SHORT = (f"至少 {MIN_PASSWORD} 位", f"At least {MIN_PASSWORD} characters")

INVITATION = form(
    "invitation",
    {
        "note": field(
            T.TEXT,
            "给谁",
            "For whom",
            help=("只有运营看得到，方便辨认", "Only operators see this, to tell invitations apart"),
        ),
        "roles": ROLES,
    },
    new=NewInvitation,
    known=("business",),
)
MEMBER = form(
    "member",
    {
        "login": field(
            T.TEXT,
            "账号",
            "Login",
            help=("对方的登录名，加入后立即生效", "What they sign in with; they are a member at once"),
        ),
        "roles": ROLES,
    },
    new=NewMember,
    edit=NewRoles,
    known=("business",),
)
PERSON = form(
    "person",
    {
        "name": field(T.TEXT, "姓名", "Name"),
        "login": field(T.TEXT, "账号", "Login", help=("对方用它登录", "What they sign in with")),
        "password": field(
            F.PASSWORD,
            "初始密码",
            "First password",
            help=(
                f"至少 {MIN_PASSWORD} 位，请当面告诉对方",
                f"At least {MIN_PASSWORD} characters; tell it in person",
            ),
            wrong=SHORT,
            minLength=MIN_PASSWORD,
        ),
        "roles": ROLES,
    },
    new=NewAccount,
)
NEWCOMER = form(
    "newcomer",
    {
        "name": field(T.TEXT, "姓名", "Your name", autofill="name"),
        "login": field(T.TEXT, "账号", "Login", autofill="username"),
        "password": field(
            F.PASSWORD,
            "密码",
            "Password",
            help=SHORT,
            wrong=SHORT,
            minLength=MIN_PASSWORD,
        ),
    },
    new=NewPerson,
)
"""Whoever accepts an invitation with a new account."""
FORMS = (INVITATION, MEMBER, PERSON, NEWCOMER)
