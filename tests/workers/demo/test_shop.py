"""The shop is set up by the real actions, once, however often the demo starts."""

import re

import msgspec

from commerce.stock.actions import read_stock
from commerce.wallets.actions import read_budget
from content.accounts.passwords import matches
from content.accounts.store import accounts
from content.contents.actions import list_stories
from content.indexes import ensure_indexes
from content.programs.store import programs
from infra.clock import now_ms
from infra.mongo import Database
from infra.objects import ObjectStore
from infra.settings import Settings
from infra.tokens import Tokens
from schemas.accounts import SYSTEM, Actor
from schemas.content import ContentKind, ProgramState
from workers.demo import catalogue
from workers.demo.logins import password_of
from workers.demo.shop import CREDIT, IN_STOCK, Shop, admit_audience, announce, new_program, open_shop
from workers.demo.show import Studio, forget_old_shows
from workers.demo.stories import STORIES, write_stories

COLLECTIONS = (
    "businesses",
    "accounts",
    "creators",
    "rooms",
    "products",
    "stores",
    "stock_moves",
    "programs",
    "contents",
)


async def set_up(db: Database, objects: ObjectStore, settings: Settings) -> Shop:
    await ensure_indexes(db)
    shop = await open_shop(db, objects, settings)
    await announce(db, objects, shop)
    await admit_audience(db, settings, shop)
    await write_stories(db, objects, shop)
    return shop


async def counts(db: Database) -> dict[str, int]:
    return {name: await db.collection(name).count({}) for name in COLLECTIONS}


async def test_a_second_set_up_changes_nothing(
    db: Database, objects: ObjectStore, settings: Settings
) -> None:
    first = await set_up(db, objects, settings)
    before = await counts(db)

    second = await set_up(db, objects, settings)

    assert (
        await counts(db)
        == before
        == {
            "businesses": 1,
            "accounts": 11,
            "creators": len(catalogue.CREATORS) + len(catalogue.APPLICANTS),
            "rooms": 3,
            "products": len(catalogue.ARTICLES),
            "stores": len(catalogue.STORES),
            "stock_moves": 16,
            "programs": len(catalogue.COMING),
            "contents": 2,
        }
    )
    assert first.business.id == second.business.id
    assert first.business.demo
    assert all(product.demo and product.pictures for product in second.products.values())
    lamp, speaker = second.products["lamp"], second.products["speaker"]
    assert [sku.title for sku in lamp.skus] == ["米白", "燕麦", "雾粉"]
    units = {sku.id: stock.free for sku, stock in await read_stock(db, SYSTEM, speaker.id)}
    assert [units[sku.id] for sku in speaker.skus] == [IN_STOCK, IN_STOCK, IN_STOCK, 0]
    stored = await objects.head(next(iter(second.products.values())).pictures[0])
    assert stored.content_type == "image/jpeg"
    assert (await read_budget(db, SYSTEM, first.business.id)).credit == CREDIT


async def test_a_newcomer_finds_an_article_and_a_picture_set(
    db: Database, objects: ObjectStore, settings: Settings
) -> None:
    shop = await set_up(db, objects, settings)
    guest = Actor(id="guest", name="", guest=True, channel="h5")
    shown = (await list_stories(db, guest, business=shop.business.id, cursor="", limit=10)).items
    assert {one.kind for one in shown} == {ContentKind.ARTICLE, ContentKind.PICTURE_SET}
    assert {one.title for one in shown} == {one.title for one in STORIES}
    for one in shown:
        assert one.pictures
        for picture in one.pictures:
            assert (await objects.head(picture.key)).content_type == "image/jpeg"


async def test_announced_programs_have_products_and_a_cover(
    db: Database, objects: ObjectStore, settings: Settings
) -> None:
    shop = await set_up(db, objects, settings)

    announced = (await programs.page(db, {"state": "scheduled"}, cursor="", limit=10)).items

    assert {program.title for program in announced} == {coming.title for coming in catalogue.COMING}
    assert all(len(program.shelf) == 3 and program.cover for program in announced)
    assert all(program.business == shop.business.id for program in announced)


async def test_an_announced_program_whose_start_has_passed_is_announced_for_a_later_day(
    db: Database, objects: ObjectStore, settings: Settings
) -> None:
    shop = await set_up(db, objects, settings)
    passed = (await programs.page(db, {"state": "scheduled"}, cursor="", limit=10)).items[0]
    await programs.collection(db).update_one({"_id": passed.id}, {"$set": {"starts_at": 1}})

    await announce(db, objects, shop)

    assert (await programs.get(db, passed.id)).state is ProgramState.CANCELLED
    announced = (await programs.page(db, {"state": "scheduled"}, cursor="", limit=10)).items
    assert {program.title for program in announced} == {coming.title for coming in catalogue.COMING}
    assert min(program.starts_at or 0 for program in announced) > now_ms()


async def test_of_the_long_shows_the_last_four_are_kept(
    db: Database, objects: ObjectStore, settings: Settings
) -> None:
    shop = await set_up(db, objects, settings)
    studio = Studio(db, objects, Tokens("secret"), settings, shop)
    shows = []
    for number in range(6):
        title = f"show {number}"
        program = await new_program(db, objects, shop, "clerk", title, ("mug",))
        await programs.collection(db).update_one({"_id": program.id}, {"$set": {"state": "ended"}})
        shows.append(program.id)

    await forget_old_shows(studio)

    kept = (await programs.page(db, {"state": "ended"}, cursor="", limit=10)).items
    assert [program.id for program in kept] == shows[:1:-1]


async def test_open_logins_are_locked_when_others_can_reach_us(
    db: Database, objects: ObjectStore, settings: Settings
) -> None:
    async def disabled() -> list[bool]:
        found = [await accounts.find(db, {"login": login}) for login in ("clerk", "operator", "viewer")]
        return [account.disabled for account in found if account is not None]

    await set_up(db, objects, settings)
    assert await disabled() == [False, False, False]

    await set_up(db, objects, msgspec.structs.replace(settings, host="0.0.0.0"))
    assert await disabled() == [True, True, True]

    await set_up(db, objects, settings)
    assert await disabled() == [False, False, False]


async def test_on_a_network_the_open_logins_get_made_passwords_and_back(
    db: Database, objects: ObjectStore, settings: Settings
) -> None:
    async def fits(password: str) -> bool:
        account = await accounts.find(db, {"login": "clerk"})
        assert account is not None
        return not account.disabled and await matches(account.password_hash, password)

    opened = msgspec.structs.replace(settings, lan=True, lan_host="192.168.1.5")
    made = password_of(opened, "clerk")
    assert re.fullmatch(r"([a-z2-7]{4}-){2}[a-z2-7]{4}", made)
    await set_up(db, objects, settings)
    assert await fits("clerk")

    await set_up(db, objects, opened)
    assert await fits(made)
    assert not await fits("clerk")
    account = await accounts.find(db, {"login": "clerk"})
    await set_up(db, objects, opened)
    assert await accounts.find(db, {"login": "clerk"}) == account, "a later start changes nothing"

    await set_up(db, objects, settings)
    assert await fits("clerk")


def test_only_the_open_logins_have_a_password_one_can_guess(settings: Settings) -> None:
    assert password_of(settings, "clerk") == "clerk"
    hidden = {password_of(settings, login) for login, _ in catalogue.AUDIENCE}
    assert len(hidden) == len(catalogue.AUDIENCE)
    assert all(len(password) == 64 for password in hidden)
