from typing import Any

import msgspec
import pytest

from commerce.products import skus
from commerce.products.skus import SkuRefusal
from commerce.products.views import SkuLine
from schemas.commerce import Option, Product, Sku
from schemas.money import MAX_AMOUNT, Money
from schemas.problems import CommonRefusal, Refusal

PLAIN = Product(id="prd_7", business="biz_1", title="Shirt", price=Money(amount=100))
SIZE = Option(name="Size", values=["M", "L"])
COLOUR = Option(name="Colour", values=["red", "blue"])
SHIRT = msgspec.structs.replace(
    PLAIN,
    options=[SIZE],
    skus=[Sku(id="sku_m", title="M", values=["M"]), Sku(id="sku_l", title="L", values=["L"], retired=True)],
)


def _line(*values: str, **rest: Any) -> SkuLine:
    return SkuLine(values=list(values), **rest)


def test_a_product_without_variants_has_one_sku_and_others_must_be_chosen() -> None:
    assert skus.sku_of(PLAIN, "") == skus.sku_of(PLAIN, "sku_7") == Sku(id="sku_7", title="")
    assert skus.sku_of(SHIRT, "sku_m") == SHIRT.skus[0]
    for product, wanted in ((PLAIN, "sku_m"), (SHIRT, ""), (SHIRT, "sku_8")):
        refused = skus.sku_of(product, wanted)
        assert isinstance(refused, Refusal)
        assert refused.code is SkuRefusal.SKU_UNKNOWN


def test_a_retired_variant_has_stock_but_is_not_sold() -> None:
    assert skus.sku_of(SHIRT, "sku_l") == SHIRT.skus[1]
    refused = skus.for_sale(SHIRT, "sku_l")
    assert isinstance(refused, Refusal)
    assert refused.code is SkuRefusal.SKU_RETIRED
    assert skus.for_sale(SHIRT, "sku_m") == SHIRT.skus[0]


def test_a_variant_costs_its_surcharge_more_whatever_the_price_is() -> None:
    large = Sku(id="sku_l", title="L", surcharge=500)
    assert skus.priced(Money(amount=1990), large) == Money(amount=2490)
    assert skus.priced(Money(amount=MAX_AMOUNT), large) == Money(amount=MAX_AMOUNT)


def test_new_variants_get_an_id_and_their_values_as_title() -> None:
    made = skus.variants(
        PLAIN, [COLOUR, SIZE], [_line("red", "M", code="R-M"), _line("blue", "L", surcharge=20)], []
    )
    assert isinstance(made, list)
    assert [sku.title for sku in made] == ["red / M", "blue / L"]
    assert [(sku.code, sku.surcharge) for sku in made] == [("R-M", 0), ("", 20)]
    assert len({sku.id for sku in made}) == 2
    assert all(sku.id.startswith("sku_") for sku in made)


def test_the_units_of_a_plain_product_go_on_as_one_of_its_variants() -> None:
    made = skus.variants(PLAIN, [SIZE], [_line("M", id="sku_7"), _line("L")], ["sku_7"])
    assert isinstance(made, list)
    assert made[0].id == "sku_7"
    lost = skus.variants(PLAIN, [SIZE], [_line("M"), _line("L")], ["sku_7"])
    assert isinstance(lost, Refusal)
    assert (lost.code, lost.data["skus"]) == (SkuRefusal.SKU_IN_USE, ["sku_7"])


@pytest.mark.parametrize("lines", [[], [_line("L", id="sku_l")]])
def test_a_variant_that_had_stock_can_be_retired_but_not_removed(lines: list[SkuLine]) -> None:
    refused = skus.variants(SHIRT, [SIZE] if lines else [], lines, ["sku_m"])
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.data["titles"]) == (SkuRefusal.SKU_IN_USE, "M")
    kept = skus.variants(SHIRT, [SIZE], [_line("M", id="sku_m", retired=True)], ["sku_m"])
    assert isinstance(kept, list)
    assert kept[0].retired


def test_variants_that_never_had_stock_may_all_go() -> None:
    assert skus.variants(SHIRT, [], [], []) == []


@pytest.mark.parametrize(
    ("options", "lines", "pointer", "code"),
    [
        ([SIZE], [_line("M", id="sku_8")], "/skus/0/id", SkuRefusal.SKU_UNKNOWN),
        ([SIZE], [], "/skus", CommonRefusal.INVALID),
        ([], [_line()], "/skus", CommonRefusal.INVALID),
        ([SIZE], [_line("M", "red")], "/skus/0/values", CommonRefusal.INVALID),
        ([SIZE], [_line("XL")], "/skus/0/values/0", CommonRefusal.INVALID),
        ([SIZE], [_line("M"), _line("M")], "/skus/1/values", SkuRefusal.SKU_TWICE),
        ([SIZE], [_line("M", code="7"), _line("L", code="7")], "/skus/1/code", SkuRefusal.SKU_TWICE),
        ([SIZE], [_line("M", id="sku_m"), _line("L", id="sku_m")], "/skus/1/id", SkuRefusal.SKU_TWICE),
        ([SIZE, SIZE], [_line("M", "M")], "/options/1/name", SkuRefusal.SKU_TWICE),
        ([Option(name="Size", values=["M", "M"])], [_line("M")], "/options/0/values/1", SkuRefusal.SKU_TWICE),
        ([SIZE], [_line("M", surcharge=MAX_AMOUNT)], "/skus/0/surcharge", CommonRefusal.INVALID),
        ([SIZE], [_line("M", picture="pic/biz_2/a.jpg")], "/skus/0/picture", CommonRefusal.INVALID),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_place(
    options: list[Option], lines: list[SkuLine], pointer: str, code: str
) -> None:
    refused = skus.variants(SHIRT, options, lines, [])
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.data["pointer"]) == (code, pointer)
