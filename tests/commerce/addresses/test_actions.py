import pytest

from commerce.addresses import actions
from commerce.addresses.rules import MAX_ADDRESSES, AddressRefusal
from commerce.addresses.views import AddressEdit, NewAddress
from commerce.indexes import ensure_indexes
from infra.mongo import Database
from schemas.accounts import Actor
from schemas.addresses import Address, SavedAddress
from schemas.problems import CommonRefusal, Refused
from tests.commerce.shop import at_once, buyer


def _new(street: str, *, usual: bool = False) -> NewAddress:
    return NewAddress(address=Address(name="阿明", phone="13800000000", street=street), usual=usual)


async def _book(db: Database) -> list[tuple[str, bool]]:
    return [(one.address.street, one.usual) for one in await actions.list_addresses(db, buyer())]


async def test_the_first_address_is_the_usual_one_and_another_can_be(db: Database) -> None:
    await ensure_indexes(db)
    home = await actions.add_address(db, buyer(), _new("home"))
    work = await actions.add_address(db, buyer(), _new("work"))
    await actions.add_address(db, buyer(), _new("parents"))
    assert await _book(db) == [("home", True), ("parents", False), ("work", False)]
    await actions.edit_address(db, buyer(), work.id, AddressEdit(usual=True))
    assert await _book(db) == [("work", True), ("parents", False), ("home", False)]
    moved = Address(name="阿明", phone="13800000000", street="new home")
    await actions.edit_address(db, buyer(), home.id, AddressEdit(address=moved))
    await actions.edit_address(db, buyer(), work.id, AddressEdit(usual=False))
    assert await _book(db) == [("work", True), ("parents", False), ("new home", False)]


async def test_when_the_usual_one_goes_the_newest_other_takes_its_place(db: Database) -> None:
    await ensure_indexes(db)
    home = await actions.add_address(db, buyer(), _new("home"))
    await actions.add_address(db, buyer(), _new("work"))
    await actions.add_address(db, buyer(), _new("parents"))
    await actions.delete_address(db, buyer(), home.id)
    assert await _book(db) == [("parents", True), ("work", False)]


async def test_nobody_sees_or_changes_anothers_addresses(db: Database) -> None:
    await ensure_indexes(db)
    mine = await actions.add_address(db, buyer(), _new("home"))
    assert await actions.list_addresses(db, buyer(2)) == []
    for attempt in (
        actions.edit_address(db, buyer(2), mine.id, AddressEdit(usual=True)),
        actions.delete_address(db, buyer(2), mine.id),
    ):
        with pytest.raises(Refused) as refused:
            await attempt
        assert refused.value.code is CommonRefusal.NOT_FOUND
    with pytest.raises(Refused) as guest:
        await actions.list_addresses(db, Actor(id="guest", name="", guest=True))
    assert guest.value.code is CommonRefusal.NOT_SIGNED_IN
    assert await _book(db) == [("home", True)]


async def test_two_devices_at_once_make_one_usual_address(db: Database) -> None:
    await ensure_indexes(db)
    answers = await at_once(*(actions.add_address(db, buyer(), _new(f"{n}")) for n in range(4)))
    assert all(isinstance(one, SavedAddress) for one in answers)
    assert [usual for _, usual in await _book(db)] == [True, False, False, False]


async def test_a_book_has_an_end(db: Database) -> None:
    await ensure_indexes(db)
    for number in range(MAX_ADDRESSES):
        await actions.add_address(db, buyer(), _new(f"{number}"))
    with pytest.raises(Refused) as refused:
        await actions.add_address(db, buyer(), _new("one more"))
    assert refused.value.code is AddressRefusal.TOO_MANY_ADDRESSES
