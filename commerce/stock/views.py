"""What goes over the wire about stock, beside `schemas.stock`."""

import msgspec

from schemas.stock import Stock


class StockView(msgspec.Struct, frozen=True, kw_only=True):
    """The stock of one SKU as the staff of its business sees it."""

    sku: str
    title: str
    """Of the variant; empty for a product without variants, and where only the units are told."""
    product: str
    business: str
    total: int
    on_hand: int
    free: int
    allotted: int
    """Promised to rooms on air and not spent yet."""
    reserved: int
    sold: int
    rev: int


def show_stock(stock: Stock, title: str = "") -> StockView:
    """Show a stock."""
    return StockView(
        sku=stock.id,
        title=title,
        product=stock.product,
        business=stock.business,
        total=stock.total,
        on_hand=stock.on_hand,
        free=stock.free,
        allotted=sum(stock.allotted.values()),
        reserved=stock.reserved,
        sold=stock.sold,
        rev=stock.rev,
    )
