import pytest
from prometheus_client import REGISTRY

from commerce.stock import actions
from infra.mongo import Database
from schemas.accounts import Actor, Role
from schemas.commerce import Sku
from schemas.problems import CommonRefusal, Refused
from schemas.stock import CountStock, ReceiveStock
from tests.commerce.shop import at_once, buyer, open_shop


async def test_what_came_in_is_free_and_counted_once_per_key(db: Database) -> None:
    shop = await open_shop(db, units=0)
    new = ReceiveStock(quantity=7)
    first = await actions.receive_stock(db, shop.operator, shop.product, new, "k1")
    again = await actions.receive_stock(db, shop.operator, shop.product, new, "k1")
    assert (first.total, first.free) == (again.total, again.free) == (7, 7)
    with pytest.raises(Refused) as refused:
        await actions.receive_stock(db, shop.operator, shop.product, ReceiveStock(quantity=8), "k1")
    assert refused.value.code is CommonRefusal.IDEMPOTENCY_KEY_REUSED
    assert (await shop.stock()).total == 7


async def test_the_same_key_at_the_same_moment_counts_once(db: Database) -> None:
    shop = await open_shop(db, units=0)
    new = ReceiveStock(quantity=5)
    answers = await at_once(
        *(actions.receive_stock(db, shop.operator, shop.product, new, "k1") for _ in range(8))
    )
    assert [one for one in answers if isinstance(one, BaseException)] == []
    assert (await shop.stock()).total == 5


async def test_only_the_staff_of_the_business_sets_and_sees_stock(db: Database) -> None:
    shop = await open_shop(db, units=3)
    stranger = Actor(id="acc_x", name="x", roles={"biz_other": [Role.BUSINESS_OPERATOR]})
    for actor in (buyer(), stranger):
        with pytest.raises(Refused) as refused:
            await actions.count_stock(db, actor, shop.product, CountStock(on_hand=0), "k")
        assert refused.value.code is CommonRefusal.NOT_FOUND
        with pytest.raises(Refused):
            await actions.read_stock(db, actor, shop.product)
    assert (await shop.stock()).total == 3


async def test_variants_have_stock_of_their_own(db: Database) -> None:
    shop = await open_shop(db, units=0, skus=[Sku(id="sku_m", title="M"), Sku(id="sku_l", title="L")])
    await actions.receive_stock(db, shop.operator, shop.product, ReceiveStock(sku="sku_l", quantity=2), "k")
    listed = await actions.read_stock(db, shop.operator, shop.product)
    assert [(sku.title, one.id, one.free) for sku, one in listed] == [("M", "sku_m", 0), ("L", "sku_l", 2)]
    left = await actions.availability(db, [shop.product])
    assert [(one.sku, one.left) for one in left] == [("sku_l", 2)]


async def test_a_stock_that_does_not_add_up_is_found(db: Database) -> None:
    shop = await open_shop(db, units=3)
    await shop.allot(1)
    assert await actions.check_conservation(db) == {}
    await db.collection("stocks").update_one({"_id": shop.sku}, {"$inc": {"free": 2}})
    assert await actions.check_conservation(db) == {shop.sku: 2}
    assert REGISTRY.get_sample_value("kaibo_stock_imbalanced_skus") == 1


async def test_a_retired_variant_is_not_counted_among_what_is_left(db: Database) -> None:
    skus = [Sku(id="sku_m", title="M"), Sku(id="sku_l", title="L", retired=True)]
    shop = await open_shop(db, units=0, skus=skus)
    for number, sku in enumerate(skus):
        new = ReceiveStock(sku=sku.id, quantity=2)
        await actions.receive_stock(db, shop.operator, shop.product, new, f"k{number}")
    left = await actions.availability(db, [shop.product])
    assert [(one.sku, one.left) for one in left] == [("sku_m", 2)]
