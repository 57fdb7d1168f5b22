"""Products for bulk."""

from typing import Any

from commerce.products import rules
from commerce.products.actions import create_product, edit_product
from commerce.products.store import products
from commerce.products.views import NewProduct, ProductEdit
from content.bulk.noun import Noun
from infra.mongo import Database
from schemas.accounts import Actor
from schemas.commerce import Product


async def _edit(db: Database, actor: Actor, identifier: str, edit: Any, rev: int) -> Product:
    return await edit_product(db, actor, identifier, edit, rev=rev)


PRODUCTS = Noun(
    documents=products,
    read=rules.READ,
    new=NewProduct,
    edit=ProductEdit,
    create=create_product,
    change=_edit,
    told=("created_at", "updated_at"),
)
