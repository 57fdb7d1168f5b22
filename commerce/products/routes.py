"""HTTP of products."""

from commerce.products import actions
from commerce.products.rules import ProductRefusal
from commerce.products.skus import SkuRefusal
from commerce.products.views import NewProduct, ProductEdit, SkuMatrix
from content.pictures.rules import MAX_BYTES, PictureRefusal
from infra.http import Call, Page, PageQuery, Routes, Upload, Words
from schemas.commerce import Product

routes = Routes("products")


class ProductsQuery(PageQuery, frozen=True, kw_only=True):
    """Whose products are wanted."""

    business: str = ""
    q: Words = ""


@routes.get("/v1/products")
async def list_products(call: Call[ProductsQuery, None]) -> Page[Product]:
    """List the products of my businesses."""
    query = call.query
    return await actions.list_products(
        call.db, call.actor, business=query.business, words=query.q, cursor=query.cursor, limit=query.limit
    )


@routes.post(
    "/v1/products", creates=True, refusals=(ProductRefusal.PRICE_ABOVE_LIST, ProductRefusal.NOT_A_SUPPLIER)
)
async def create_product(call: Call[None, NewProduct]) -> Product:
    """Put something on sale."""
    return await actions.create_product(call.db, call.actor, call.body)


@routes.get("/v1/products/{product}")
async def read_product(call: Call[None, None]) -> Product:
    """Read a product."""
    return await actions.read_product(call.db, call.actor, call.path["product"])


@routes.patch(
    "/v1/products/{product}", refusals=(ProductRefusal.PRICE_ABOVE_LIST, ProductRefusal.NOT_A_SUPPLIER)
)
async def edit_product(call: Call[None, ProductEdit]) -> Product:
    """Change a product; shelves keep what they show until they are set again."""
    return await actions.edit_product(call.db, call.actor, call.path["product"], call.body, rev=call.rev)


@routes.put(
    "/v1/products/{product}/skus",
    refusals=(SkuRefusal.SKU_UNKNOWN, SkuRefusal.SKU_TWICE, SkuRefusal.SKU_IN_USE),
)
async def set_skus(call: Call[None, SkuMatrix]) -> Product:
    """Set the variants of a product: what can be chosen, and all that it comes in.

    A line without an `id` is a new variant. A variant that ever had stock has to stay; with
    `retired` it is sold no longer. The units of a product without variants go on as the
    variant that is given the id they are kept under (`sku_` and the tail of the product's id).
    """
    return await actions.set_skus(call.db, call.actor, call.path["product"], call.body, rev=call.rev)


@routes.delete("/v1/products/{product}", refusals=(ProductRefusal.ON_A_SHELF, ProductRefusal.IN_STOCK))
async def delete_product(call: Call[None, None]) -> None:
    """Take a product off sale for good."""
    await actions.delete_product(call.db, call.actor, call.path["product"])


@routes.post(
    "/v1/products/{product}/picture",
    body_limit=MAX_BYTES,
    refusals=(
        PictureRefusal.NOT_A_PICTURE,
        PictureRefusal.TYPE_MISMATCH,
        PictureRefusal.PICTURE_SIZE,
        ProductRefusal.TOO_MANY_PICTURES,
    ),
)
async def add_picture(call: Call[None, Upload]) -> Product:
    """Add a picture to a product.

    The body is the picture itself (JPEG, PNG or WebP, at most 10 MiB) with its Content-Type. The
    same picture again changes nothing.
    """
    return await actions.add_picture(
        call.db, call.objects, call.actor, call.path["product"], call.body.body, call.body.content_type
    )
