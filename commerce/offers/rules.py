"""Pure decisions about what can be chosen."""

from collections.abc import Mapping

from commerce.offers.views import ProductChoice, SkuChoice
from commerce.products.skus import priced, skus_of
from schemas.commerce import Product
from schemas.content import Offer


def choice(product: Product, offer: Offer, left: Mapping[str, int]) -> ProductChoice:
    """Give the variants that are sold at an offer, each with its price and the units left of it."""
    skus = [
        SkuChoice(
            id=sku.id,
            title=sku.title,
            values=sku.values,
            surcharge=sku.surcharge,
            price=priced(offer.price, sku),
            list_price=priced(offer.list_price, sku) if offer.list_price else None,
            picture=sku.picture or offer.picture,
            left=left.get(sku.id, 0),
        )
        for sku in skus_of(product).values()
        if not sku.retired
    ]
    return ProductChoice(product=product.id, options=product.options, skus=skus, limit=offer.limit)
