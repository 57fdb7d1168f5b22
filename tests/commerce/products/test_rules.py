import pytest

from commerce.products import rules
from commerce.products.rules import ProductRefusal
from schemas.commerce import Product
from schemas.money import Money
from schemas.problems import CommonRefusal, Refusal

YUAN = Money(amount=100)
KEY = "pic/biz_1/a.jpg"


@pytest.mark.parametrize(
    ("list_price", "fine"),
    [
        (None, True),
        (Money(amount=100), True),
        (Money(amount=101), True),
        (Money(amount=99), False),
        (Money(amount=200, currency="USD"), False),
    ],
)
def test_a_struck_price_is_not_below_the_price(list_price: Money | None, fine: bool) -> None:
    refusal = rules.check_prices(YUAN, list_price)
    assert (refusal is None) is fine
    if refusal:
        assert refusal.code is ProductRefusal.PRICE_ABOVE_LIST


def product(pictures: list[str]) -> Product:
    return Product(id="prd_1", business="biz_1", title="t", price=YUAN, pictures=pictures)


def test_a_picture_is_added_once_and_nine_are_enough() -> None:
    assert rules.with_picture(product([]), KEY) == [KEY]
    assert rules.with_picture(product([KEY, "b"]), KEY) == [KEY, "b"]
    full = product([str(number) for number in range(9)])
    assert rules.with_picture(full, "8") == full.pictures
    refusal = rules.with_picture(full, "9")
    assert isinstance(refusal, Refusal)
    assert refusal.code is ProductRefusal.TOO_MANY_PICTURES


@pytest.mark.parametrize(
    ("pictures", "code"),
    [
        ([], None),
        ([KEY, "pic/biz_1/b.jpg"], None),
        ([KEY, KEY], CommonRefusal.INVALID),
        (["pic/biz_2/a.jpg"], CommonRefusal.INVALID),
        (["clip/prg_1/secret.mp4"], CommonRefusal.INVALID),
        ([""], CommonRefusal.INVALID),
        ([f"pic/biz_1/{number}.jpg" for number in range(10)], ProductRefusal.TOO_MANY_PICTURES),
    ],
)
def test_a_product_shows_its_own_businesss_pictures(pictures: list[str], code: str | None) -> None:
    refusal = rules.check_pictures("biz_1", pictures)
    assert (refusal.code if refusal else None) == code
