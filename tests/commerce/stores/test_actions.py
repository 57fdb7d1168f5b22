import pytest

from commerce.stores import actions
from commerce.stores.views import NewStore, StoreEdit
from infra.mongo import Database
from schemas.accounts import Actor, Role
from schemas.problems import CommonRefusal, Refused
from schemas.stores import GeoPoint
from tests.commerce.shop import buyer, open_shop


def _new(business: str, name: str = "湖滨店") -> NewStore:
    return NewStore(
        business=business, name=name, address="湖滨路 7 号", point=GeoPoint(lat=30.25, lon=120.16)
    )


async def test_buyers_are_shown_the_stores_that_take_orders(db: Database) -> None:
    shop, other = await open_shop(db), await open_shop(db)
    lake = await actions.create_store(db, shop.operator, _new(shop.business, "B 湖滨店"))
    await actions.create_store(db, shop.operator, _new(shop.business, "A 武林店"))
    await actions.create_store(db, other.operator, _new(other.business, "C"))
    shown = await actions.places_of_program(db, buyer(), shop.program)
    assert [one.name for one in shown] == ["A 武林店", "B 湖滨店"]
    assert shown[1].point == GeoPoint(lat=30.25, lon=120.16)
    await actions.edit_store(db, shop.operator, lake.id, StoreEdit(active=False))
    assert [one.name for one in await actions.places_of_program(db, buyer(), shop.program)] == ["A 武林店"]
    listed = await actions.list_stores(db, shop.operator, business=shop.business, cursor="", limit=20)
    assert {one.name: one.active for one in listed.items} == {"B 湖滨店": False, "A 武林店": True}
    found = await actions.list_stores(db, shop.operator, words="湖滨", cursor="", limit=20)
    assert [one.id for one in found.items] == [lake.id]


async def test_only_operators_of_the_business_change_its_stores(db: Database) -> None:
    shop = await open_shop(db)
    store = await actions.create_store(db, shop.operator, _new(shop.business))
    clerk = Actor(id="acc_c", name="c", roles={shop.business: [Role.ANCHOR]})
    stranger = Actor(id="acc_x", name="x", roles={"biz_other": [Role.BUSINESS_OPERATOR]})
    for actor, code in (
        (buyer(), CommonRefusal.NOT_FOUND),
        (stranger, CommonRefusal.NOT_FOUND),
        (clerk, CommonRefusal.NOT_ALLOWED),
    ):
        with pytest.raises(Refused) as refused:
            await actions.edit_store(db, actor, store.id, StoreEdit(name="mine"))
        assert refused.value.code is code
        with pytest.raises(Refused):
            await actions.create_store(db, actor, _new(shop.business))
    assert (await actions.read_store(db, clerk, store.id)).name == "湖滨店"


async def test_who_comes_second_does_not_overwrite(db: Database) -> None:
    shop = await open_shop(db)
    store = await actions.create_store(db, shop.operator, _new(shop.business))
    await actions.edit_store(db, shop.operator, store.id, StoreEdit(hours="9–21"), rev=store.rev)
    with pytest.raises(Refused) as refused:
        await actions.edit_store(db, shop.operator, store.id, StoreEdit(hours="8–20"), rev=store.rev)
    assert refused.value.code is CommonRefusal.PRECONDITION_FAILED
    now = await actions.read_store(db, shop.operator, store.id)
    assert (now.hours, now.name) == ("9–21", "湖滨店")
