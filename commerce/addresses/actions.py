"""Verbs of address books: everybody's is her own, and nobody else's."""

import msgspec

from commerce.addresses import rules, store
from commerce.addresses.rules import AddressRefusal
from commerce.addresses.store import addresses
from commerce.addresses.views import AddressEdit, NewAddress
from content.documents import check_rev
from infra.mongo import Database, DuplicateKey, Session
from schemas.accounts import Actor
from schemas.addresses import SavedAddress
from schemas.ids import new_id
from schemas.problems import CommonRefusal, Refused


async def list_addresses(db: Database, actor: Actor) -> list[SavedAddress]:
    """Give my addresses."""
    _signed_in(actor)
    return await store.of_account(db, actor.id)


async def add_address(db: Database, actor: Actor, new: NewAddress) -> SavedAddress:
    """Keep an address; raises Refused(too_many_addresses)."""
    _signed_in(actor)

    async def work(session: Session) -> SavedAddress:
        kept = await store.of_account(db, actor.id, session)
        if len(kept) >= rules.MAX_ADDRESSES:
            raise Refused(AddressRefusal.TOO_MANY_ADDRESSES, limit=rules.MAX_ADDRESSES)
        usual = new.usual or not kept
        if usual:
            await _not_usual(db, session, kept)
        added = SavedAddress(id=new_id("adr"), account=actor.id, address=new.address, usual=usual)
        return await addresses.insert(db, session, added)

    try:
        return await db.transact(work)
    except DuplicateKey:  # another device has just kept the first one
        return await db.transact(work)


async def edit_address(
    db: Database, actor: Actor, identifier: str, edit: AddressEdit, *, rev: int = 0
) -> SavedAddress:
    """Change an address of mine, or make it the usual one."""

    async def work(session: Session) -> SavedAddress:
        before = await _own(db, session, actor, identifier)
        check_rev(before, rev)
        usual = before.usual or edit.usual is True
        if usual and not before.usual:
            await _not_usual(db, session, await store.of_account(db, actor.id, session))
        address = before.address if isinstance(edit.address, msgspec.UnsetType) else edit.address
        return await addresses.replace(
            db, session, msgspec.structs.replace(before, address=address, usual=usual)
        )

    return await db.transact(work)


async def delete_address(db: Database, actor: Actor, identifier: str) -> None:
    """Forget an address of mine; was it the usual one, the newest of the others is that now."""

    async def work(session: Session) -> None:
        before = await _own(db, session, actor, identifier)
        await addresses.collection(db).delete_one({"_id": before.id}, session=session)
        others = [one for one in await store.of_account(db, actor.id, session) if one.id != before.id]
        if before.usual and others:
            await addresses.replace(db, session, msgspec.structs.replace(others[0], usual=True))

    await db.transact(work)


async def _own(db: Database, session: Session, actor: Actor, identifier: str) -> SavedAddress:
    """Give an address if it is the asker's; nobody learns of others'."""
    _signed_in(actor)
    found = await addresses.get(db, identifier, session)
    if found.account != actor.id:
        raise Refused(CommonRefusal.NOT_FOUND, id=identifier)
    return found


async def _not_usual(db: Database, session: Session, kept: list[SavedAddress]) -> None:
    for one in kept:
        if one.usual:
            await addresses.replace(db, session, msgspec.structs.replace(one, usual=False))


def _signed_in(actor: Actor) -> None:
    if actor.guest:
        raise Refused(CommonRefusal.NOT_SIGNED_IN)
