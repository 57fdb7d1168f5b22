"""Verbs of choosing what to order."""

from commerce.offers import rules
from commerce.offers.views import ProductChoice
from commerce.orders.rules import OrderRefusal
from commerce.products.store import products
from commerce.stock.actions import availability
from content.programs.actions import read_program
from infra.mongo import Database
from schemas.accounts import Actor
from schemas.problems import CommonRefusal, Refused


async def read_choice(db: Database, actor: Actor, program: str, product: str) -> ProductChoice:
    """Tell what can be chosen of a product on a program's shelf.

    Raises Refused(not_found, not_on_sale).
    """
    show = await read_program(db, actor, program)
    offer = next((one for one in show.shelf if one.product == product), None)
    if offer is None:
        raise Refused(CommonRefusal.NOT_FOUND, id=product)
    found = await products.find(db, {"_id": product})
    if found is None:
        raise Refused(OrderRefusal.NOT_ON_SALE, product=product)
    units = await availability(db, [product], log=show.log)
    return rules.choice(found, offer, {one.sku: one.left for one in units})
