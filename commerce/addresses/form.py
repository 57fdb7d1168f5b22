"""The forms of where a parcel goes, and of who collects an order."""

from content.forms.kinds import FormKind as F
from content.forms.telling import field, form
from schemas.addresses import Address
from schemas.models import FieldType as T
from schemas.orders import PickUp

NAME_WRONG = ("请填写姓名", "Please enter a name")
PHONE = field(F.PHONE, "手机号", "Phone", wrong=("请填写正确的手机号", "Please enter a valid phone number"))

ADDRESS = form(
    "address",
    {
        "name": field(T.TEXT, "收件人", "Recipient", wrong=NAME_WRONG),
        "phone": PHONE,
        "region": field(
            T.TEXT, "省、市、区", "Region", placeholder=("省、市、区（选填）", "Region (optional)")
        ),
        "street": field(
            T.TEXT, "详细地址", "Street address", wrong=("请填写详细地址", "Please enter a street address")
        ),
    },
    new=Address,
)

PICK_UP = form(
    "pick_up",
    {"name": field(T.TEXT, "取货人", "Collected by", wrong=NAME_WRONG), "phone": PHONE},
    new=PickUp,
    known=("store", "type"),
)

FORMS = (ADDRESS, PICK_UP)
