"""The form of an API key."""

from content.forms.kinds import FormKind as F
from content.forms.telling import field, form
from content.keys.views import NewKey
from schemas.models import FieldType as T

FORM = form(
    "key",
    {
        "name": field(
            T.TEXT,
            "用途",
            "What it is for",
            placeholder=("如：收银系统", "Such as: till system"),
            help=("审计记录里显示这个名字", "The audit trail shows this name"),
        ),
        "days": field(T.INTEGER, "有效期", "Good for", unit=("天", "days"), suggests=[30, 90, 180, 365]),
        "scopes": field(F.SCOPES, "权限", "Scopes", wrong=("至少选一项权限", "Choose at least one scope")),
    },
    new=NewKey,
)
