"""Pure decisions about the variants of a product.

A product without variants is its own and only SKU, named after it (`prd_x`: `sku_x`); that SKU may
later become one of its variants, and keeps its stock. A variant that ever had stock never vanishes:
it is retired.
"""

from collections.abc import Collection, Mapping, Sequence

from commerce.products.views import SkuLine
from content.pictures.rules import check_picture_key
from schemas.commerce import Option, Product, Sku
from schemas.ids import new_id
from schemas.money import MAX_AMOUNT, Money
from schemas.problems import CommonRefusal, Refusal, RefusalCode

BETWEEN = " / "


class SkuRefusal(RefusalCode):
    """Why a variant can't be what was asked for."""

    SKU_UNKNOWN = "sku_unknown"
    SKU_RETIRED = "sku_retired"
    SKU_IN_USE = "sku_in_use"
    SKU_TWICE = "sku_twice"


def default_sku(product: str) -> str:
    """Name the one SKU of a product without variants."""
    return f"sku_{product.rpartition('_')[2]}"


def skus_of(product: Product) -> Mapping[str, Sku]:
    """Give the SKUs of a product by id; without variants its own, whose title is empty."""
    if product.skus:
        return {sku.id: sku for sku in product.skus}
    own = default_sku(product.id)
    return {own: Sku(id=own, title="")}


def sku_of(product: Product, wanted: str) -> Sku | Refusal:
    """Give the SKU that `wanted` means on a product; empty: the only one of a product without variants."""
    found = skus_of(product)
    chosen = wanted or ("" if product.skus else next(iter(found)))
    if chosen in found:
        return found[chosen]
    return Refusal(SkuRefusal.SKU_UNKNOWN, {"product": product.id, "got": wanted, "expected": list(found)})


def for_sale(product: Product, wanted: str) -> Sku | Refusal:
    """Give the SKU that is wanted if it is sold still."""
    sku = sku_of(product, wanted)
    if isinstance(sku, Sku) and sku.retired:
        return Refusal(SkuRefusal.SKU_RETIRED, {"product": product.id, "sku": sku.id})
    return sku


def priced(base: Money, sku: Sku) -> Money:
    """Give what a SKU costs when its product costs `base`."""
    return Money(amount=min(base.amount + sku.surcharge, MAX_AMOUNT), currency=base.currency)


def variants(
    product: Product, options: Sequence[Option], lines: Sequence[SkuLine], stocked: Collection[str]
) -> list[Sku] | Refusal:
    """Give a product's variants as they are to be; `stocked` are those of its SKUs that ever had stock.

    A line without an id is a new variant.
    """
    refusal = _check_options(options, lines) or _check_vanishing(product, lines, stocked)
    if refusal:
        return refusal
    known = skus_of(product)
    made: list[Sku] = []
    for place, line in enumerate(lines):
        pointer = f"/skus/{place}"
        if line.id and line.id not in known:
            return Refusal(
                SkuRefusal.SKU_UNKNOWN, {"pointer": f"{pointer}/id", "got": line.id, "expected": list(known)}
            )
        if refusal := _check_line(pointer, line, options, product) or _check_twice(pointer, line, made):
            return refusal
        made.append(
            Sku(
                id=line.id or new_id("sku"),
                title=BETWEEN.join(line.values),
                values=line.values,
                code=line.code,
                surcharge=line.surcharge,
                picture=line.picture,
                retired=line.retired,
            )
        )
    return made


def _check_options(options: Sequence[Option], lines: Sequence[SkuLine]) -> Refusal | None:
    if bool(options) is not bool(lines):
        return Refusal(
            CommonRefusal.INVALID, {"pointer": "/skus", "expected": "options and SKUs, or neither"}
        )
    if again := _first_twice([option.name for option in options]):
        return Refusal(SkuRefusal.SKU_TWICE, {"pointer": f"/options/{again[0]}/name", "got": again[1]})
    for place, option in enumerate(options):
        if again := _first_twice(option.values):
            pointer = f"/options/{place}/values/{again[0]}"
            return Refusal(SkuRefusal.SKU_TWICE, {"pointer": pointer, "got": again[1]})
    return None


def _check_vanishing(product: Product, lines: Sequence[SkuLine], stocked: Collection[str]) -> Refusal | None:
    kept = {line.id for line in lines} if lines else {default_sku(product.id)}
    if lost := sorted(set(stocked) - kept):
        titles = [sku.title or product.title for name, sku in skus_of(product).items() if name in lost]
        return Refusal(SkuRefusal.SKU_IN_USE, {"skus": lost, "titles": ", ".join(titles) or product.title})
    return None


def _check_line(pointer: str, line: SkuLine, options: Sequence[Option], product: Product) -> Refusal | None:
    expected = [option.values for option in options]
    if len(line.values) != len(expected):
        return Refusal(
            CommonRefusal.INVALID,
            {"pointer": f"{pointer}/values", "expected": f"{len(expected)} values", "got": line.values},
        )
    for place, (value, among) in enumerate(zip(line.values, expected, strict=True)):
        if value not in among:
            return Refusal(
                CommonRefusal.INVALID,
                {"pointer": f"{pointer}/values/{place}", "expected": " | ".join(among), "got": value},
            )
    if product.price.amount + line.surcharge > MAX_AMOUNT:
        return Refusal(
            CommonRefusal.INVALID,
            {"pointer": f"{pointer}/surcharge", "expected": f"a price of at most {MAX_AMOUNT}"},
        )
    return check_picture_key(line.picture, product.business, f"{pointer}/picture")


def _check_twice(pointer: str, line: SkuLine, before: Sequence[Sku]) -> Refusal | None:
    for other in before:
        if line.id and line.id == other.id:
            return Refusal(SkuRefusal.SKU_TWICE, {"pointer": f"{pointer}/id", "got": line.id})
        if line.values == other.values:
            return Refusal(
                SkuRefusal.SKU_TWICE, {"pointer": f"{pointer}/values", "got": BETWEEN.join(line.values)}
            )
        if line.code and line.code == other.code:
            return Refusal(SkuRefusal.SKU_TWICE, {"pointer": f"{pointer}/code", "got": line.code})
    return None


def _first_twice(words: Sequence[str]) -> tuple[int, str] | None:
    for place, word in enumerate(words):
        if word in words[:place]:
            return place, word
    return None
