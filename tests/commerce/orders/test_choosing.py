"""What is chosen of a product, and where it is collected: told, checked, kept in the order."""

from typing import Any

import msgspec
import pytest

from commerce.offers.actions import read_choice
from commerce.orders import actions
from commerce.orders.rules import OrderRefusal
from commerce.orders.store import orders
from commerce.orders.views import show_order
from commerce.products.actions import set_skus
from commerce.products.skus import SkuRefusal
from commerce.products.store import products
from commerce.products.views import SkuLine, SkuMatrix
from commerce.stock import actions as stock_actions
from commerce.stock.rules import StockRefusal
from commerce.stores.actions import create_store, edit_store
from commerce.stores.rules import StoreRefusal
from commerce.stores.views import NewStore, StoreEdit
from infra.mongo import Database
from schemas.commerce import Option, Product, Sku
from schemas.ids import new_id
from schemas.money import Money
from schemas.orders import Fulfilment, NewOrder, NewOrderLine, OrderState, PickUp
from schemas.problems import CommonRefusal, Refused
from schemas.stock import ReceiveStock
from schemas.stores import Store
from tests.commerce.orders.selling import now, pay, place
from tests.commerce.shop import COURIER, LIVE_PRICE, USUAL_PRICE, Shop, at_once, buyer, open_shop

SIZE = Option(name="尺寸", values=["中", "大", "特大"])
MIDDLE = Sku(id="sku_m", title="中", values=["中"], picture="pic/middle.jpg")
LARGE = Sku(id="sku_l", title="大", values=["大"], surcharge=500)
RETIRED = Sku(id="sku_xl", title="特大", values=["特大"], retired=True)


async def _bowls(db: Database, middle: int = 3, large: int = 1) -> Shop:
    shop = await open_shop(db, units=0, skus=[MIDDLE, LARGE, RETIRED])
    await products.collection(db).update_one(
        {"_id": shop.product}, {"$set": {"options": [msgspec.to_builtins(SIZE)]}}
    )
    for sku, units in (("sku_m", middle), ("sku_l", large)):
        if units:
            new = ReceiveStock(sku=sku, quantity=units)
            await stock_actions.receive_stock(db, shop.operator, shop.product, new, new_id("key"))
    return shop


def _wish(shop: Shop, sku: str, price: int, quantity: int = 1, **rest: Any) -> NewOrder:
    line = NewOrderLine(product=shop.product, sku=sku, quantity=quantity, price=Money(amount=price))
    return NewOrder(**{"program": shop.program, "lines": [line], "delivery": COURIER, **rest})


async def _store(shop: Shop, name: str = "湖滨店") -> Store:
    new = NewStore(business=shop.business, name=name, address="湖滨路 7 号", hours="10:00–22:00")
    return await create_store(shop.db, shop.operator, new)


def _collect(store: str) -> PickUp:
    return PickUp(name="韩梅梅", phone="13900000000", store=store)


async def test_anybody_is_told_what_can_be_chosen_at_which_price_and_what_is_left(db: Database) -> None:
    shop = await _bowls(db, middle=3, large=0)
    told = await read_choice(db, buyer(), shop.program, shop.product)
    assert told.options == [SIZE]
    assert [(one.id, one.price.amount, one.left) for one in told.skus] == [
        ("sku_m", 1990, 3),
        ("sku_l", 2490, 0),
    ]
    assert [one.picture for one in told.skus] == ["pic/middle.jpg", "pic/bowl.jpg"]
    large = told.skus[1]
    assert large.list_price == Money(amount=USUAL_PRICE.amount + 500)


async def test_a_product_without_variants_has_one_thing_to_choose(db: Database) -> None:
    shop = await open_shop(db, units=4, limit=2)
    told = await read_choice(db, buyer(), shop.program, shop.product)
    assert (told.options, told.limit) == ([], 2)
    assert [(one.id, one.title, one.price, one.left) for one in told.skus] == [(shop.sku, "", LIVE_PRICE, 4)]


async def test_what_stands_on_no_shelf_is_not_to_be_chosen(db: Database) -> None:
    shop, other = await open_shop(db), await open_shop(db)
    with pytest.raises(Refused) as refused:
        await read_choice(db, buyer(), shop.program, other.product)
    assert refused.value.code is CommonRefusal.NOT_FOUND


async def test_an_order_keeps_the_variant_as_it_was_sold(db: Database) -> None:
    shop = await _bowls(db)
    order = await place(shop, new=_wish(shop, "sku_l", 2490))
    [line] = order.lines
    assert (line.sku, line.sku_title, line.price, line.picture) == (
        "sku_l",
        "大",
        Money(amount=2490),
        "pic/bowl.jpg",
    )
    assert order.amount == Money(amount=2490)
    assert (await place(shop, buyer(2), _wish(shop, "sku_m", 1990))).lines[0].picture == "pic/middle.jpg"


@pytest.mark.parametrize(
    ("sku", "code"),
    [
        ("", SkuRefusal.SKU_UNKNOWN),
        ("sku_none", SkuRefusal.SKU_UNKNOWN),
        ("sku_xl", SkuRefusal.SKU_RETIRED),
    ],
)
async def test_no_variant_an_unknown_one_and_a_retired_one_are_refused(
    db: Database, sku: str, code: str
) -> None:
    shop = await _bowls(db)
    with pytest.raises(Refused) as refused:
        await place(shop, new=_wish(shop, sku, 1990))
    assert (refused.value.code, refused.value.data["pointer"]) == (code, "/lines/0/sku")
    assert await orders.collection(db).count({}) == 0


async def test_another_products_variant_is_refused(db: Database) -> None:
    shop, other = await _bowls(db), await open_shop(db)
    with pytest.raises(Refused) as refused:
        await place(other, new=_wish(other, "sku_m", LIVE_PRICE.amount))
    assert refused.value.code is SkuRefusal.SKU_UNKNOWN
    assert await orders.collection(db).count({}) == 0
    del shop


async def test_the_price_of_another_variant_is_not_the_price(db: Database) -> None:
    shop = await _bowls(db)
    with pytest.raises(Refused) as refused:
        await place(shop, new=_wish(shop, "sku_l", 1990))
    assert refused.value.code is OrderRefusal.PRICE_CHANGED
    assert refused.value.data["now"] == {"amount": 2490, "currency": "CNY"}
    await shop.reprice(Money(amount=1790))
    assert (await place(shop, new=_wish(shop, "sku_l", 2290))).amount == Money(amount=2290)


async def test_a_variant_that_sells_out_while_ordering_takes_nothing_of_another(db: Database) -> None:
    shop = await _bowls(db, middle=3, large=1)
    answers = await at_once(*(place(shop, buyer(n), _wish(shop, "sku_l", 2490)) for n in range(3)))
    refused = [one for one in answers if isinstance(one, Refused)]
    assert [(one.code, one.data["left"], one.data["sku"]) for one in refused] == [
        (StockRefusal.STOCK_SHORT, 0, "sku_l")
    ] * 2
    left = [stock for _, stock in await stock_actions.read_stock(db, shop.operator, shop.product)]
    assert {one.id: (one.free, one.reserved) for one in left} == {
        "sku_m": (3, 0),
        "sku_l": (0, 1),
        "sku_xl": (0, 0),
    }
    with pytest.raises(Refused) as too_many:
        await place(shop, buyer(9), _wish(shop, "sku_m", 1990, quantity=4))
    assert too_many.value.data["left"] == 3


async def test_the_limit_counts_over_all_variants(db: Database) -> None:
    shop = await _bowls(db)
    limit = {"shelf.0.limit": 2}
    await db.collection("programs").update_one({"_id": shop.program}, {"$set": limit})
    await place(shop, new=_wish(shop, "sku_m", 1990, quantity=2))
    with pytest.raises(Refused) as refused:
        await place(shop, new=_wish(shop, "sku_l", 2490))
    assert refused.value.code is OrderRefusal.OVER_LIMIT


async def _matrix(shop: Shop, *lines: SkuLine, rev: int = 0) -> Product:
    options = [SIZE] if lines else []
    matrix = SkuMatrix(options=options, skus=list(lines))
    return await set_skus(shop.db, shop.operator, shop.product, matrix, rev=rev)


async def test_a_variant_with_stock_does_not_vanish_and_retired_it_is_sold_no_longer(db: Database) -> None:
    shop = await _bowls(db)
    middle, large = SkuLine(id="sku_m", values=["中"]), SkuLine(id="sku_l", values=["大"])
    with pytest.raises(Refused) as refused:
        await _matrix(shop, middle)
    assert (refused.value.code, refused.value.data["titles"]) == (SkuRefusal.SKU_IN_USE, "大")
    product = await _matrix(shop, middle, msgspec.structs.replace(large, retired=True))
    assert [(sku.id, sku.retired) for sku in product.skus] == [("sku_m", False), ("sku_l", True)]
    with pytest.raises(Refused) as retired:
        await place(shop, new=_wish(shop, "sku_l", 1990))
    assert retired.value.code is SkuRefusal.SKU_RETIRED
    with pytest.raises(Refused) as stale:
        await _matrix(shop, middle, large, rev=product.rev - 1)
    assert stale.value.code is CommonRefusal.PRECONDITION_FAILED


async def test_what_was_sold_without_variants_goes_on_as_one_of_them(db: Database) -> None:
    shop = await open_shop(db, units=5)
    product = await _matrix(shop, SkuLine(id=shop.sku, values=["中"]), SkuLine(values=["大"]))
    left = [stock for _, stock in await stock_actions.read_stock(db, shop.operator, shop.product)]
    assert [(one.id, one.free) for one in left] == [(shop.sku, 5), (product.skus[1].id, 0)]
    assert (await place(shop, new=_wish(shop, shop.sku, 1990))).lines[0].sku_title == "中"


async def test_an_order_keeps_the_store_it_is_collected_at(db: Database) -> None:
    shop = await open_shop(db)
    store = await _store(shop)
    order = await place(shop, new=msgspec.structs.replace(shop.order(), delivery=_collect(store.id)))
    await edit_store(db, shop.operator, store.id, StoreEdit(name="新湖滨店", active=False))
    kept = (await now(shop, order)).store
    assert kept is not None
    assert (kept.id, kept.name, kept.address) == (store.id, "湖滨店", "湖滨路 7 号")


async def test_an_unknown_a_foreign_and_a_retired_store_are_refused(db: Database) -> None:
    shop, other = await open_shop(db), await open_shop(db)
    retired, foreign = await _store(shop), await _store(other)
    await edit_store(db, shop.operator, retired.id, StoreEdit(active=False))
    for store, code in (
        ("", StoreRefusal.STORE_UNKNOWN),
        ("sto_none", StoreRefusal.STORE_UNKNOWN),
        (foreign.id, StoreRefusal.STORE_UNKNOWN),
        (retired.id, StoreRefusal.STORE_CLOSED),
    ):
        with pytest.raises(Refused) as refused:
            await place(shop, new=msgspec.structs.replace(shop.order(), delivery=_collect(store)))
        assert (refused.value.code, refused.value.data["pointer"]) == (code, "/delivery/store")
    assert await orders.collection(db).count({}) == 0
    assert (await shop.stock()).reserved == 0


async def test_what_is_ready_is_handed_over_for_its_code(db: Database) -> None:
    shop = await open_shop(db)
    store = await _store(shop)
    collected = msgspec.structs.replace(shop.order(), delivery=_collect(store.id))
    order = await pay(shop, await place(shop, new=collected))
    assert order.pick_up_code == ""
    with pytest.raises(Refused) as too_soon:
        await actions.fulfil_order(db, shop.operator, order.id, Fulfilment.COMPLETE)
    assert too_soon.value.code is CommonRefusal.WRONG_STATE
    ready = await actions.fulfil_order(db, shop.operator, order.id, Fulfilment.READY)
    assert len(ready.pick_up_code) == 6
    assert ready.pick_up_code.isdigit()
    assert show_order(ready, ready.account).pick_up_code == ready.pick_up_code
    assert show_order(ready, shop.operator.id).pick_up_code == ""
    wrong = f"{(int(ready.pick_up_code) + 1) % 1_000_000:06}"
    for code in ("", wrong):
        with pytest.raises(Refused) as refused:
            await actions.fulfil_order(db, shop.operator, order.id, Fulfilment.COMPLETE, code=code)
        assert refused.value.code is OrderRefusal.PICK_UP_CODE_WRONG
    assert (await now(shop, order)).state is OrderState.READY
    with pytest.raises(Refused):
        await actions.fulfil_order(db, buyer(), order.id, Fulfilment.COMPLETE, code=ready.pick_up_code)
    done = await actions.fulfil_order(
        db, shop.operator, order.id, Fulfilment.COMPLETE, code=f" {ready.pick_up_code}"
    )
    assert done.state is OrderState.DONE
