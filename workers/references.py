"""Who answers, over all floors, for what documents name: that it is there, and at which version it is."""

from commerce.products.references import Products
from commerce.products.store import products
from commerce.stores.references import Stores
from commerce.stores.store import stores
from content.contents.store import contents
from content.creators.store import creators
from content.models.ports import Kinds
from content.models.references import own_kinds
from content.publishing.ports import References, Revised
from content.tags.store import tags
from infra.mongo import Database
from schemas.models import FieldType


def reference_kinds(db: Database) -> Kinds:
    """Wire who tells what is there."""
    return {**own_kinds(db), FieldType.PRODUCT: Products(db), FieldType.STORE: Stores(db)}


def references(db: Database) -> References:
    """Wire who tells what is there, and at which version; pictures and files never change."""
    versions = {
        FieldType.PRODUCT: Revised(db, products),
        FieldType.STORE: Revised(db, stores),
        FieldType.CREATOR: Revised(db, creators),
        FieldType.VIDEO: Revised(db, contents),
        FieldType.TAG_CATEGORY: Revised(db, tags),
    }
    return References(reference_kinds(db), versions)
