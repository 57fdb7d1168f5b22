"""Where used: always what the documents and drafts say, found through one index."""

from typing import Any

import pymongo
import pytest

from commerce.products.actions import SoldProducts, create_product
from commerce.products.views import NewProduct
from content.creators.actions import admit_creator
from content.creators.views import NewCreator
from content.models import migration as migrating_work
from content.models.actions import extending, migrating
from content.models.references import own_kinds
from content.programs.actions import cancel_program, create_program, erase_program, set_shelf
from content.programs.views import NewProgram, ShelfLine
from content.rooms.actions import edit_room
from content.rooms.views import RoomEdit
from content.uses.actions import where_used
from content.uses.filling import fill
from content.uses.rules import ref_of
from content.uses.store import uses
from infra.mongo import to_doc
from infra.settings import Settings
from schemas.accounts import SYSTEM, Role
from schemas.ids import new_id
from schemas.models import Layer
from schemas.money import Money
from schemas.problems import CommonRefusal, Refused
from schemas.publishing import Use, UseKind, Uses
from tests.content.models.making import field, model
from tests.content.models.office import Office
from tests.content.models.test_finding import index_names, stage_names
from tests.content.publishing.desk import Hand, person

K = UseKind
Found = list[tuple[str, bool, list[str]]]


async def used(office: Office, kind: UseKind, identifier: str) -> Found:
    page = await where_used(
        office.db, office.manager, office.business.id, kind, identifier, cursor="", limit=50
    )
    return [(one.document, one.draft, one.pointers) for one in page.items]


async def creator(office: Office) -> str:
    made = await admit_creator(office.db, SYSTEM, NewCreator(business=office.business.id, name="老李"))
    return made.id


async def test_pictures_are_used_by_what_shows_them(office: Office) -> None:
    picture = f"pic/{office.business.id}/aa.jpg"
    room = await office.room()
    assert await used(office, K.PICTURE, picture) == []
    await edit_room(office.db, office.manager, room.id, RoomEdit(cover=picture, avatar=picture), rev=0)
    assert await used(office, K.PICTURE, picture) == [(room.id, False, ["/avatar", "/cover"])]
    await edit_room(office.db, office.manager, room.id, RoomEdit(cover=""), rev=0)
    assert await used(office, K.PICTURE, picture) == [(room.id, False, ["/avatar"])]


async def test_a_draft_uses_what_it_would_show(office: Office) -> None:
    picture = f"pic/{office.business.id}/bb.jpg"
    room = await office.room()
    chief = Hand(office, office.manager, room.id)
    await chief.save(cover=picture)
    assert await used(office, K.PICTURE, picture) == [(room.id, True, ["/cover"])]
    await chief.publish()
    assert await used(office, K.PICTURE, picture) == [(room.id, False, ["/cover"])]
    await chief.save(cover=None)
    assert await used(office, K.PICTURE, picture) == [(room.id, False, ["/cover"])]
    await chief.discard()
    assert await uses.collection(office.db).count({"document": room.id}) == 1


async def test_products_are_used_by_shelves_and_creators_by_programs(office: Office) -> None:
    new = NewProduct(business=office.business.id, title="壶", price=Money(amount=100))
    product = await create_product(office.db, SYSTEM, new)
    who = await creator(office)
    room = await office.room()
    program = await create_program(
        office.db, SYSTEM, NewProgram(room=room.id, title="t", creator=who, guests=[who])
    )
    assert await used(office, K.CREATOR, who) == [(program.id, False, ["/creator", "/guests/0"])]
    line = ShelfLine(product=product.id)
    await set_shelf(office.db, SoldProducts(office.db), SYSTEM, program.id, [line])
    assert await used(office, K.PRODUCT, product.id) == [(program.id, False, ["/shelf/0/product"])]
    await set_shelf(office.db, SoldProducts(office.db), SYSTEM, program.id, [])
    assert await used(office, K.PRODUCT, product.id) == []
    await cancel_program(office.db, SYSTEM, program.id)
    await erase_program(office.db, SYSTEM, program.id)
    assert await uses.collection(office.db).count({"document": program.id}) == 0


async def test_extension_fields_and_their_migrations_are_followed(office: Office) -> None:
    made = await office.model()
    people: dict[str, Any] = {
        "items": {"type": "string", "pattern": "^crt_[0-9a-z]{1,40}$", "kaibo": {"type": "creator"}},
        "maxItems": 3,
    }
    await office.publish(made, model({"team": field("list", "team", **people)}))
    who, room = await creator(office), await office.room()
    await extending.write_extension(
        office.db, own_kinds(office.db), office.manager, room.id, {"team": [who]}, rev=0
    )
    assert await used(office, K.CREATOR, who) == [(room.id, False, ["/ext/team/0"])]
    await office.publish(made, model({"crew": field("list", "team", **people)}), accept_breaking=True)
    begun = await migrating.start(office.db, office.manager, made.id)

    async def nothing(_part: float) -> None:
        pass

    stale = Hand(office, office.manager, room.id)
    await stale.look()
    await migrating_work.run(office.db, begun.id, nothing)
    assert await used(office, K.CREATOR, who) == [(room.id, False, ["/ext/crew/0"])]
    with pytest.raises(Refused) as caught:
        await stale.save(title="t")
    assert caught.value.code is CommonRefusal.PRECONDITION_FAILED
    await migrating.undo(office.db, office.manager, begun.id)
    await migrating_work.run(office.db, begun.id, nothing)
    assert await used(office, K.CREATOR, who) == [(room.id, False, ["/ext/team/0"])]


async def test_documents_from_before_are_entered_once(office: Office) -> None:
    picture = f"pic/{office.business.id}/cc.jpg"
    room = await office.room()
    await office.db.collection("rooms").update_one({"_id": room.id}, {"$set": {"cover": picture}})

    async def nothing(_part: float) -> None:
        pass

    for _ in range(2):
        await fill(office.db, nothing)
        assert await used(office, K.PICTURE, picture) == [(room.id, False, ["/cover"])]


async def test_others_learn_nothing(office: Office) -> None:
    stranger = person(office, "x", Role.VIEWER)
    with pytest.raises(Refused) as caught:
        await where_used(office.db, stranger, office.business.id, K.PRODUCT, "prd_1", cursor="", limit=5)
    assert caught.value.code is CommonRefusal.NOT_FOUND


async def test_every_question_reads_one_range_of_the_index(office: Office, settings: Settings) -> None:
    entries = [_entry(office, f"prd_{number % 7}") for number in range(2_000)]
    await uses.collection(office.db).insert_many([to_doc(one) for one in entries])
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await where_used(
            office.db, office.manager, office.business.id, K.PRODUCT, "prd_3", cursor=cursor, limit=100
        )
        found += [one.document for one in page.items]
        cursor = page.next_cursor
    wanted = [one.document for one in entries if one.refs == ["product prd_3"]]
    assert found == sorted(wanted, reverse=True)

    where = {"business": office.business.id, "refs": ref_of(K.PRODUCT, "prd_3")}
    with pymongo.MongoClient[dict[str, Any]](settings.mongodb_uri) as client:
        collection = client[settings.mongodb_database][uses.name]
        explained = collection.find(where).sort([("_id", -1)]).limit(21).explain()
    winning = explained["queryPlanner"]["winningPlan"]
    assert index_names(winning) == {"where_used"}
    assert "SORT" not in stage_names(winning)
    assert explained["executionStats"]["totalKeysExamined"] == 21


def _entry(office: Office, product: str) -> Uses:
    document = new_id("cnt")
    ref = ref_of(K.PRODUCT, product)
    return Uses(
        id=document,
        document=document,
        business=office.business.id,
        layer=Layer.ARTICLE,
        title="t",
        refs=[ref],
        uses=[Use(ref=ref, pointer="/products/0")],
    )
