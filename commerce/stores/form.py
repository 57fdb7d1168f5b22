"""The form of a store."""

from commerce.stores.views import NewStore, StoreEdit
from content.forms.kinds import FormKind as F
from content.forms.telling import field, form
from schemas.models import FieldType as T

FORM = form(
    "store",
    {
        "name": field(T.TEXT, "名称", "Name"),
        "address": field(T.TEXT, "地址", "Address"),
        "hours": field(
            T.TEXT,
            "营业时间",
            "Opening hours",
            placeholder=("如：每天 10:00–22:00", "Such as: daily 10:00–22:00"),
            half=True,
        ),
        "phone": field(
            F.PHONE, "电话", "Telephone", wrong=("请填写电话号码", "A telephone number"), half=True
        ),
        "point": field(
            T.GEO_POINT,
            "坐标",
            "Position",
            help=(
                "选填。纬度, 经度，如 30.2592, 120.1634",
                "Optional. Latitude, longitude: 30.2592, 120.1634",
            ),
            wrong=("请按“纬度, 经度”填写", "Latitude and longitude, with a comma"),
        ),
    },
    new=NewStore,
    edit=StoreEdit,
    known=("business",),
)
