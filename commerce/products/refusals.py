"""What the refusals of products mean to HTTP and to people."""

from commerce.products.rules import ProductRefusal
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
    }
)
