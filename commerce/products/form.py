"""The forms of a product, of what it comes in, and of counting that."""

from commerce.products.rules import MAX_PICTURES
from commerce.products.views import NewProduct, ProductEdit, SkuMatrix
from content.forms.kinds import FormKind as F
from content.forms.shared import AMOUNT_WRONG
from content.forms.telling import field, form, item
from schemas.models import FieldType as T
from schemas.stock import CountStock

FORM = form(
    "product",
    {
        "pictures": field(
            T.LIST,
            "图片",
            "Pictures",
            of=item(T.IMAGE),
            maxItems=MAX_PICTURES,
            help=(
                f"最多 {MAX_PICTURES} 张，第一张是主图；可以直接拖进来",
                f"Up to {MAX_PICTURES}; the first is the main one. Drop files here.",
            ),
        ),
        "title": field(T.TEXT, "商品名称", "Name"),
        "subtitle": field(T.TEXT, "卖点", "Selling points"),
        "price": field(
            F.MONEY,
            "售价",
            "Price",
            help=("上架时的默认直播价", "Where a live price starts"),
            wrong=AMOUNT_WRONG,
            half=True,
        ),
        "list_price": field(
            F.MONEY, "划线价", "List price", help=("可不填", "Optional"), wrong=AMOUNT_WRONG, half=True
        ),
        "supplier": field(F.ACCOUNT, "供应商", "Supplier", placeholder=("自营", "Our own"), role="supplier"),
    },
    new=NewProduct,
    edit=ProductEdit,
    known=("business",),
)

VALUES = field(
    T.LIST,
    "规格值",
    "Values",
    of=item(T.TEXT),
    placeholder=(
        "输入后回车，一次可贴多个（用逗号隔开）",
        "Type and press Enter; paste several, separated by commas",
    ),
)
VARIANTS = form(
    "variants",
    {
        "options": field(
            T.LIST,
            "规格项",
            "Options",
            of=item(
                T.GROUP,
                fields={
                    "name": field(T.TEXT, "规格名", "Option", placeholder=("如：颜色", "Such as: colour")),
                    "values": VALUES,
                },
            ),
        ),
        "skus": field(
            T.LIST,
            "规格",
            "Variant",
            of=item(
                T.GROUP,
                fields={
                    "values": VALUES,
                    "picture": field(T.IMAGE, "图片", "Picture"),
                    "code": field(T.TEXT, "商家编码", "Code"),
                    "surcharge": field(F.AMOUNT, "加价", "Surcharge", wrong=AMOUNT_WRONG),
                    "retired": field(T.BOOLEAN, "停售", "Off sale"),
                },
            ),
        ),
    },
    edit=SkuMatrix,
)

COUNT = form(
    "stock",
    {"on_hand": field(T.INTEGER, "在库", "In store", wrong=("请填 0 以上的整数", "A whole number from 0"))},
    edit=CountStock,
)

FORMS = (FORM, VARIANTS, COUNT)
