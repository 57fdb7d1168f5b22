"""All nouns that can be imported and exported: those of content, and those of the floors above."""

from commerce.orders.bulk import ORDERS
from commerce.products.bulk import PRODUCTS
from commerce.stores.bulk import STORES
from content.bulk.noun import Noun
from content.bulk.nouns import content_nouns
from infra.mongo import Database
from schemas.bulk import NounName

COMMERCE = {NounName.PRODUCTS: PRODUCTS, NounName.STORES: STORES, NounName.ORDERS: ORDERS}


async def nouns_of(db: Database, business: str) -> dict[NounName, Noun]:
    """Give the nouns of a business."""
    return {**await content_nouns(db, business), **COMMERCE}
