"""Verbs of products."""

from collections.abc import Mapping, Sequence
from typing import Any

from commerce.products import rules, skus
from commerce.products.rules import ProductRefusal
from commerce.products.store import products
from commerce.products.views import NewProduct, ProductEdit, SkuMatrix
from commerce.stock import store as stock
from content import audit
from content.accounts.store import accounts
from content.authority import authorise
from content.businesses.store import businesses
from content.documents import changed_fields, check_rev, edited, listed, titled
from content.pictures.actions import upload_picture
from content.programs.ports import ProductFacts
from content.programs.shelves import programs_showing
from infra.http import Page
from infra.mongo import Database, Session
from infra.objects import ObjectStore
from schemas.accounts import Actor, Role
from schemas.commerce import Product
from schemas.ids import new_id
from schemas.problems import CommonRefusal, Refusal, Refused


async def create_product(db: Database, actor: Actor, new: NewProduct, *, demo: bool = False) -> Product:
    """Put something on sale in a business; a supplier only as her own.

    Raises Refused(price_above_list, not_a_supplier, invalid).
    """
    authorise(actor, rules.CREATE, new.business, supplier=new.supplier)
    await check_supplier(db, new.supplier, new.business)
    await businesses.get(db, new.business)
    refusal = rules.check_prices(new.price, new.list_price) or rules.check_pictures(
        new.business, new.pictures
    )
    if refusal:
        raise Refused(refusal)
    product = Product(
        id=new_id("prd"),
        business=new.business,
        supplier=new.supplier,
        title=new.title,
        subtitle=new.subtitle,
        price=new.price,
        list_price=new.list_price,
        pictures=new.pictures,
        demo=demo,
    )

    async def work(session: Session) -> Product:
        created = await products.insert(db, session, product)
        data = {"title": product.title, "price": product.price.amount}
        await audit.record(
            db, session, actor, rules.CREATE.name, target=product.id, business=product.business, data=data
        )
        return created

    return await db.transact(work)


async def edit_product(
    db: Database, actor: Actor, identifier: str, edit: ProductEdit, *, rev: int = 0
) -> Product:
    """Change a product. Shelves keep what they show until they are set again."""
    changes = changed_fields(edit)

    async def work(session: Session) -> Product:
        product = await products.get(db, identifier, session)
        authorise(actor, rules.EDIT, product.business, supplier=product.supplier)
        if changes.get("supplier", product.supplier) != product.supplier:
            authorise(actor, rules.EDIT, product.business)
            await check_supplier(db, changes["supplier"], product.business, session)
        check_rev(product, rev)
        changed = edited(product, changes)
        refusal = rules.check_prices(changed.price, changed.list_price) or rules.check_pictures(
            product.business, changed.pictures
        )
        if refusal:
            raise Refused(refusal)
        await audit.record(
            db,
            session,
            actor,
            rules.EDIT.name,
            target=product.id,
            business=product.business,
            data={"fields": sorted(changes)},
        )
        return await products.replace(db, session, changed)

    return await db.transact(work)


async def set_skus(
    db: Database, actor: Actor, identifier: str, matrix: SkuMatrix, *, rev: int = 0
) -> Product:
    """Give a product these variants and no others.

    Raises Refused(sku_unknown, sku_twice, sku_in_use: a variant that ever had stock is missing, invalid).
    """

    async def work(session: Session) -> Product:
        product = await products.get(db, identifier, session)
        authorise(actor, rules.EDIT, product.business, supplier=product.supplier)
        check_rev(product, rev)
        stocked = [one.id for one in await stock.of_product(db, product.id, session)]
        made = skus.variants(product, matrix.options, matrix.skus, stocked)
        if isinstance(made, Refusal):
            raise Refused(made)
        data = {"skus": [sku.title for sku in made if not sku.retired]}
        await audit.record(
            db, session, actor, rules.EDIT.name, target=product.id, business=product.business, data=data
        )
        return await products.replace(db, session, edited(product, {"options": matrix.options, "skus": made}))

    return await db.transact(work)


async def add_picture(
    db: Database, objects: ObjectStore, actor: Actor, identifier: str, body: bytes, content_type: str
) -> Product:
    """Add a picture to a product; the same picture again changes nothing.

    Raises Refused(not_a_picture, type_mismatch, picture_size, too_many_pictures, too_large).
    """
    before = await products.get(db, identifier)
    authorise(actor, rules.EDIT, before.business, supplier=before.supplier)
    picture = await upload_picture(db, objects, actor, before.business, body, content_type)

    async def work(session: Session) -> Product:
        product = await products.get(db, identifier, session)
        pictures = rules.with_picture(product, picture.key)
        if isinstance(pictures, Refusal):
            raise Refused(pictures)
        if pictures == product.pictures:
            return product
        data = {"picture": picture.key}
        await audit.record(
            db, session, actor, rules.EDIT.name, target=product.id, business=product.business, data=data
        )
        return await products.replace(db, session, edited(product, {"pictures": pictures}))

    return await db.transact(work)


async def delete_product(db: Database, actor: Actor, identifier: str) -> None:
    """Take a product off sale for good.

    Raises Refused(on_a_shelf) while a program shows it, Refused(in_stock) while there are units of it.
    Ended programs, their replays and clips keep what their shelves told.
    """

    async def work(session: Session) -> None:
        product = await products.get(db, identifier, session)
        authorise(actor, rules.DELETE, product.business)
        if showing := await programs_showing(db, product.id, session):
            raise Refused(ProductRefusal.ON_A_SHELF, programs=showing)
        if units := sum(one.on_hand for one in await stock.of_product(db, product.id, session)):
            raise Refused(ProductRefusal.IN_STOCK, units=units)
        await products.delete(db, session, product)
        data = {"title": product.title}
        await audit.record(
            db, session, actor, rules.DELETE.name, target=product.id, business=product.business, data=data
        )

    await db.transact(work)


async def read_product(db: Database, actor: Actor, identifier: str) -> Product:
    """Give a product to the people of its business, and to its supplier."""
    product = await products.get(db, identifier)
    authorise(actor, rules.READ, product.business, supplier=product.supplier)
    return product


async def list_products(
    db: Database, actor: Actor, *, business: str = "", words: str = "", cursor: str, limit: int
) -> Page[Product]:
    """List the products of the actor's businesses; of a supplier her own."""
    if actor.guest:
        raise Refused(CommonRefusal.NOT_SIGNED_IN)
    where: dict[str, Any] = listed(actor, rules.READ, "supplier")
    if business:
        authorise(actor, rules.READ, business, supplier=actor.id)
        where["business"] = business
    return await products.page(db, where | titled(words), cursor=cursor, limit=limit)


async def check_supplier(db: Database, account: str, business: str, session: Session | None = None) -> None:
    """Raise Refused(not_a_supplier) unless the account supplies the business; empty: the business itself."""
    found = await accounts.find(db, {"_id": account}, session) if account else None
    if account and (found is None or Role.SUPPLIER not in found.roles.get(business, ())):
        raise Refused(ProductRefusal.NOT_A_SUPPLIER, pointer="/supplier", got=account)


class SoldProducts:
    """Answers content's `ShelfProducts` port."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def products(self, business: str, ids: Sequence[str]) -> Mapping[str, ProductFacts]:
        """Give the facts of those products that the business sells."""
        found = await products.several(self._db, ids)
        return {
            one.id: ProductFacts(
                id=one.id,
                title=one.title,
                picture=one.pictures[0] if one.pictures else "",
                price=one.price,
                list_price=one.list_price,
                supplier=one.supplier,
            )
            for one in found.values()
            if one.business == business
        }
