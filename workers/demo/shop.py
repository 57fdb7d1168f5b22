"""Sets up the demo shop through the real actions: whatever is there already is left as it is."""

import asyncio
import io
import itertools
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

import msgspec
from PIL import Image

from commerce.products.actions import SoldProducts, add_picture, create_product, set_skus
from commerce.products.skus import default_sku, skus_of
from commerce.products.store import products
from commerce.products.views import NewProduct, SkuLine, SkuMatrix
from commerce.stock.actions import receive_stock
from commerce.stores.actions import create_store
from commerce.stores.store import stores
from commerce.stores.views import NewStore
from commerce.wallets.actions import grant_budget
from content.accounts.actions import create_account, set_disabled, set_password
from content.accounts.passwords import matches
from content.accounts.store import accounts
from content.accounts.views import NewAccount, as_actor
from content.businesses.actions import create_business, edit_business
from content.businesses.store import businesses
from content.businesses.views import BusinessEdit, NewBusiness
from content.creators.actions import admit_creator, apply
from content.creators.store import of_account
from content.creators.views import Application, NewCreator
from content.pictures.actions import upload_picture
from content.programs.actions import cancel_program, create_program, set_shelf
from content.programs.store import programs
from content.programs.views import NewProgram, ShelfLine
from content.rooms.actions import create_room
from content.rooms.store import rooms
from content.rooms.views import NewRoom
from infra.mongo import Database
from infra.objects import ObjectStore
from infra.settings import Settings
from schemas.accounts import SYSTEM, Account, Role
from schemas.commerce import Option, Product
from schemas.content import Business, Program, ProgramState, Room
from schemas.creators import Presence
from schemas.money import Money
from schemas.stock import ReceiveStock
from schemas.stores import GeoPoint
from workers.demo import catalogue
from workers.demo.art import people, scene
from workers.demo.art import products as drawings
from workers.demo.logins import OPEN_LOGINS, may_sign_in, password_of

JPEG = "image/jpeg"
ANNOUNCE_EVERY_S = 600.0
IN_STOCK = 200
"""Units of each product that the shop begins with."""
CREDIT = Money(amount=1_000_000)
"""Marketing credit that the shop begins with: its clerks let it rain."""
OPERATOR_NAME, VIEWER_NAME = "运营小周", "逛逛的你"
EDITOR, EDITOR_NAME = "demo-editor", "编辑阿言"


class Shop(NamedTuple):
    """What the show needs of the shop."""

    business: Business
    anchors: Mapping[str, Account]
    """By login."""
    editor: Account
    rooms: Mapping[str, Room]
    """By the anchor's login."""
    products: Mapping[str, Product]
    """By drawing."""


async def open_shop(db: Database, objects: ObjectStore, settings: Settings) -> Shop:
    """Make what is missing of the shop for its shows, and give it."""
    business = await _business(db)
    await grant_budget(db, SYSTEM, business.id, CREDIT, "demo")
    staff = {anchor.login: (anchor.name, Role.ANCHOR) for anchor in catalogue.ANCHORS}
    visitors = {"operator": (OPERATOR_NAME, Role.BUSINESS_OPERATOR), "viewer": (VIEWER_NAME, Role.VIEWER)}
    staff[EDITOR] = (EDITOR_NAME, Role.EDITOR)
    people_here = await _accounts(db, settings, business, {**staff, **visitors})
    sold = {article.drawing: await _product(db, objects, business, article) for article in catalogue.ARTICLES}
    await _stores(db, business)
    anchors = {anchor.login: people_here[anchor.login] for anchor in catalogue.ANCHORS}
    places = {
        anchor.login: await _room(db, objects, business, anchors[anchor.login], anchor)
        for anchor in catalogue.ANCHORS
    }
    for known in catalogue.CREATORS:
        await _creator(db, business, anchors[known.login], places[known.login], known)
    return Shop(business, anchors, people_here[EDITOR], places, sold)


async def admit_audience(db: Database, settings: Settings, shop: Shop) -> None:
    """Make the accounts of the simulated viewers that are missing."""
    viewers = {login: (name, Role.VIEWER) for login, name in catalogue.AUDIENCE}
    people_here = await _accounts(db, settings, shop.business, viewers)
    for applicant in catalogue.APPLICANTS:
        account = people_here[applicant.login]
        if await of_account(db, shop.business.id, account.id) is None:
            said = Application(
                business=shop.business.id,
                name=account.name,
                kind=applicant.kind,
                bio=applicant.bio,
                presences=_presences(applicant.elsewhere),
            )
            await apply(db, as_actor(account), said)


async def new_program(
    db: Database,
    objects: ObjectStore,
    shop: Shop,
    login: str,
    title: str,
    drawn: tuple[str, ...],
    **rest: object,
) -> Program:
    """A program of an anchor with these products on its shelf."""
    anchor = next(anchor for anchor in catalogue.ANCHORS if anchor.login == login)
    cover = await _upload(db, objects, shop.business, _cover, anchor.face, *drawn[:2])
    new = msgspec.convert({"room": shop.rooms[login].id, "title": title, "cover": cover, **rest}, NewProgram)
    program = await create_program(db, SYSTEM, new, demo=True)
    lines = [ShelfLine(product=shop.products[drawing].id) for drawing in drawn]
    return await set_shelf(db, SoldProducts(db), SYSTEM, program.id, lines)


async def _business(db: Database) -> Business:
    found = await businesses.find(db, {"slug": catalogue.SHOP_SLUG})
    if found is not None:
        return found
    new = NewBusiness(name=catalogue.SHOP_NAME, slug=catalogue.SHOP_SLUG)
    made = await create_business(db, SYSTEM, new, demo=True)
    return await edit_business(db, SYSTEM, made.id, BusinessEdit(contributions=True))


async def _accounts(
    db: Database, settings: Settings, business: Business, named: Mapping[str, tuple[str, Role]]
) -> dict[str, Account]:
    found = {}
    for login, (name, role) in named.items():
        account = await accounts.find(db, {"login": login})
        if account is None:
            roles: dict[str, list[Role]] = {} if role is Role.VIEWER else {business.id: [role]}
            new = NewAccount(login=login, name=name, password=password_of(settings, login), roles=roles)
            account = await create_account(db, SYSTEM, new, demo=True)
        if account.demo and login in OPEN_LOGINS:
            account = await _keep_password(db, account, password_of(settings, login))
            if account.disabled is may_sign_in(settings):
                account = await set_disabled(db, SYSTEM, account.id, not may_sign_in(settings))
        found[login] = account
    return found


async def _keep_password(db: Database, account: Account, password: str) -> Account:
    """The password changes when the copy is opened to a network, and back; who knew the old one is out."""
    if await matches(account.password_hash, password):
        return account
    return await set_password(db, SYSTEM, account.id, password)


async def _product(
    db: Database, objects: ObjectStore, business: Business, article: catalogue.Article
) -> Product:
    found = await products.find(db, {"business": business.id, "title": article.title})
    if found is None:
        new = NewProduct(
            business=business.id,
            title=article.title,
            subtitle=article.subtitle,
            price=catalogue.money(article.price),
            list_price=catalogue.money(article.list_price),
        )
        found = await create_product(db, SYSTEM, new, demo=True)
    whole = ReceiveStock(sku=default_sku(found.id), quantity=IN_STOCK)
    if not found.skus or whole.sku in skus_of(found):
        await receive_stock(db, SYSTEM, found.id, whole, key=f"demo:{found.id}")
    if article.choices and not found.skus:
        found = await _variants(db, found, article)
    if not found.pictures:
        body = await asyncio.to_thread(_product_picture, article.drawing)
        found = await add_picture(db, objects, SYSTEM, found.id, body, JPEG)
    return found


async def _variants(db: Database, product: Product, article: catalogue.Article) -> Product:
    """What a product comes in; the first variant has the units that are there."""
    options = [Option(name=name, values=[value for value, _ in values]) for name, values in article.choices]
    lines = [
        SkuLine(
            id=default_sku(product.id) if place == 0 else "",
            values=[value for value, _ in chosen],
            code=f"{article.drawing.upper()}-{place + 1}",
            surcharge=sum(more for _, more in chosen),
        )
        for place, chosen in enumerate(itertools.product(*(choice.values for choice in article.choices)))
    ]
    made = await set_skus(db, SYSTEM, product.id, SkuMatrix(options=options, skus=lines))
    for sku in made.skus[1:]:
        if (article.drawing, tuple(sku.values)) != catalogue.SOLD_OUT:
            units = ReceiveStock(sku=sku.id, quantity=IN_STOCK)
            await receive_stock(db, SYSTEM, product.id, units, key=f"demo:{sku.id}")
    return made


async def _stores(db: Database, business: Business) -> None:
    if await stores.find(db, {"business": business.id}):
        return
    for one in catalogue.STORES:
        place = GeoPoint(lat=one.lat, lon=one.lon)
        new = NewStore(
            business=business.id,
            name=one.name,
            address=one.address,
            hours=one.hours,
            phone=one.phone,
            point=place,
        )
        await create_store(db, SYSTEM, new, demo=True)


async def _room(
    db: Database, objects: ObjectStore, business: Business, account: Account, anchor: catalogue.Anchor
) -> Room:
    found = await rooms.find(db, {"business": business.id, "anchor": account.id})
    if found is not None:
        return found
    new = NewRoom(
        business=business.id,
        anchor=account.id,
        title=anchor.room,
        intro=anchor.intro,
        avatar=await _upload(db, objects, business, _face, anchor.face),
        cover=await _upload(db, objects, business, _cover, anchor.face, *anchor.shown),
    )
    return await create_room(db, SYSTEM, new, demo=True)


async def _creator(
    db: Database, business: Business, account: Account, room: Room, known: catalogue.Known
) -> None:
    if await of_account(db, business.id, account.id) is None:
        new = NewCreator(
            business=business.id,
            account=account.id,
            name=account.name,
            avatar=room.avatar,
            bio=known.bio,
            level=known.level,
            presences=_presences(known.elsewhere),
        )
        await admit_creator(db, SYSTEM, new, demo=True)


def _presences(elsewhere: tuple[tuple[str, int], ...]) -> list[Presence]:
    return [Presence(platform=name, followers=thousands * 1000) for name, thousands in elsewhere]


async def announce(db: Database, objects: ObjectStore, shop: Shop) -> None:
    """The coming programs; one whose start has passed is called off and announced for a later day."""
    for coming in catalogue.COMING:
        now = datetime.now().astimezone()
        where = {"business": shop.business.id, "title": coming.title, "state": ProgramState.SCHEDULED}
        announced = await programs.find(db, where)
        if announced is not None and (announced.starts_at or 0) <= now.timestamp() * 1000:
            await cancel_program(db, SYSTEM, announced.id)
            announced = None
        if announced is None:
            day = now + timedelta(days=coming.days)
            start = day.replace(hour=coming.hour, minute=0, second=0, microsecond=0)
            await new_program(
                *(db, objects, shop, coming.login, coming.title, coming.drawings),
                intro=coming.intro,
                starts_at=int(start.timestamp() * 1000),
            )


async def keep_announcing(db: Database, objects: ObjectStore, shop: Shop) -> None:
    """Announce again and again, for a demo that runs for days; until cancelled."""
    while True:
        await announce(db, objects, shop)
        await asyncio.sleep(ANNOUNCE_EVERY_S)


async def _upload(
    db: Database, objects: ObjectStore, business: Business, draw: Callable[..., bytes], *names: str
) -> str:
    body = await asyncio.to_thread(draw, *names)
    return (await upload_picture(db, objects, SYSTEM, business.id, body, JPEG)).key


@lru_cache(maxsize=32)
def _cover(face: str, *shown: str) -> bytes:
    return _jpeg(scene.cover(face, list(shown)))


@lru_cache(maxsize=32)
def _face(face: str) -> bytes:
    return _jpeg(people.portrait(face))


@lru_cache(maxsize=32)
def _product_picture(drawing: str) -> bytes:
    return _jpeg(drawings.portrait(drawing))


def _jpeg(image: Image.Image) -> bytes:
    body = io.BytesIO()
    image.save(body, "JPEG", quality=90)
    return body.getvalue()
