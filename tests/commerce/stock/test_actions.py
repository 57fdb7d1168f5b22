import pytest
from prometheus_client import REGISTRY

from commerce.stock import actions
from commerce.stock.rules import StockRefusal
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


async def test_rooms_never_get_more_than_is_free(db: Database) -> None:
    shop = await open_shop(db, units=10)
    answers = await at_once(
        *(actions.allot(db, log=f"log_{n}", sku=shop.sku, quantity=3, key=f"log_{n}:1") for n in range(6))
    )
    refused = [one for one in answers if isinstance(one, Refused)]
    assert [one.code for one in refused] == [StockRefusal.STOCK_SHORT] * 3
    stock = await shop.stock()
    assert (stock.free, sum(stock.allotted.values())) == (1, 9)
    assert await actions.check_conservation(db) == {}


async def test_an_allotment_is_moved_once_and_returns_once(db: Database) -> None:
    shop = await open_shop(db, units=10)
    for _ in range(2):
        await actions.allot(db, log="log_a", sku=shop.sku, quantity=4, key="log_a:17")
    assert (await shop.stock()).allotted == {"log_a": 4}
    assert await actions.return_allotments(db, log="log_a", key="log_a:90") == {shop.sku: 4}
    assert await actions.return_allotments(db, log="log_a", key="log_a:90") == {shop.sku: 4}
    stock = await shop.stock()
    assert (stock.free, stock.allotted) == (10, {})


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
    assert [(one.id, one.free) for one in listed] == [("sku_m", 0), ("sku_l", 2)]
    left = await actions.availability(db, [shop.product])
    assert [(one.sku, one.left) for one in left] == [("sku_l", 2)]


async def test_a_stock_that_does_not_add_up_is_found(db: Database) -> None:
    shop = await open_shop(db, units=3)
    await actions.allot(db, log="log_a", sku=shop.sku, quantity=1, key="log_a:1")
    assert await actions.check_conservation(db) == {}
    await db.collection("stocks").update_one({"_id": shop.sku}, {"$inc": {"free": 2}})
    assert await actions.check_conservation(db) == {shop.sku: 2}
    assert REGISTRY.get_sample_value("kaibo_stock_imbalanced_skus") == 1
