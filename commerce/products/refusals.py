"""What the refusals of products mean to HTTP and to people."""

from commerce.products.rules import ProductRefusal
from commerce.products.skus import SkuRefusal
from infra.problems import Explained, register

register(
    {
        ProductRefusal.PRICE_ABOVE_LIST: Explained(
            422, "划线价不能低于售价。", "The list price can't be below the price."
        ),
        ProductRefusal.TOO_MANY_PICTURES: Explained(
            409, "商品图片最多 {limit} 张。", "A product has at most {limit} pictures."
        ),
        ProductRefusal.ON_A_SHELF: Explained(
            409,
            "商品仍在未结束的节目货架上。",
            "The product stands on the shelf of a program that is not over.",
        ),
        ProductRefusal.IN_STOCK: Explained(
            409,
            "还有 {units} 件在库，清点为零后才能删除。",
            "There are {units} units of it; it can be removed when none is left.",
        ),
        ProductRefusal.NOT_A_SUPPLIER: Explained(
            422, "该账号不是本业务的供应商。", "This account is no supplier of the business."
        ),
        SkuRefusal.SKU_UNKNOWN: Explained(422, "请选择商品规格。", "Choose one of the product's variants."),
        SkuRefusal.SKU_RETIRED: Explained(
            409, "该规格已停售，请另选一个。", "This variant is no longer sold; choose another one."
        ),
        SkuRefusal.SKU_IN_USE: Explained(
            409,
            "规格“{titles}”有过库存，不能删除，只能停售。",
            "The variant {titles} has had stock: it can be retired, not removed.",
        ),
        SkuRefusal.SKU_TWICE: Explained(422, "“{got}”重复了。", "{got} is there twice."),
    }
)
