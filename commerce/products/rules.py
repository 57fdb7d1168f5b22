"""Pure decisions about products."""

from content.authority import STAFF, grant
from content.pictures.rules import check_picture_key
from schemas.accounts import Role
from schemas.commerce import Product
from schemas.money import Money
from schemas.problems import CommonRefusal, Refusal, RefusalCode

CREATE = grant("products.create", Role.BUSINESS_OPERATOR, Role.SUPPLIER)
EDIT = grant("products.edit", Role.BUSINESS_OPERATOR, Role.SUPPLIER)
DELETE = grant("products.delete", Role.BUSINESS_OPERATOR)
READ = grant("products.read", *STAFF, Role.SUPPLIER)
GRANTS = (CREATE, EDIT, DELETE, READ)

MAX_PICTURES = 9


class ProductRefusal(RefusalCode):
    """Why a change of a product is refused."""

    PRICE_ABOVE_LIST = "price_above_list"
    TOO_MANY_PICTURES = "too_many_pictures"
    ON_A_SHELF = "on_a_shelf"
    IN_STOCK = "in_stock"
    NOT_A_SUPPLIER = "not_a_supplier"


def check_prices(price: Money, list_price: Money | None) -> Refusal | None:
    """Refuse a struck price that isn't above the price, or in another currency."""
    if list_price is None or (list_price.currency == price.currency and list_price.amount >= price.amount):
        return None
    return Refusal(
        ProductRefusal.PRICE_ABOVE_LIST,
        {"pointer": "/list_price", "expected": f">= {price.amount} {price.currency}"},
    )


def with_picture(product: Product, key: str) -> list[str] | Refusal:
    """Give the pictures with one more at the end; one that is there already stays where it is."""
    if key in product.pictures:
        return product.pictures
    if len(product.pictures) >= MAX_PICTURES:
        return Refusal(ProductRefusal.TOO_MANY_PICTURES, {"limit": MAX_PICTURES})
    return [*product.pictures, key]


def check_pictures(business: str, pictures: list[str]) -> Refusal | None:
    """Refuse pictures that aren't the business's own, stand twice, or are too many."""
    if len(pictures) > MAX_PICTURES:
        return Refusal(ProductRefusal.TOO_MANY_PICTURES, {"limit": MAX_PICTURES})
    for place, key in enumerate(pictures):
        if not key or key in pictures[:place]:
            return Refusal(CommonRefusal.INVALID, {"pointer": f"/pictures/{place}", "got": key})
        if refusal := check_picture_key(key, business, f"/pictures/{place}"):
            return refusal
    return None
