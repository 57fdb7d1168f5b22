"""HTTP of stock."""

from commerce.products.skus import SkuRefusal
from commerce.stock import actions
from commerce.stock.rules import StockRefusal
from commerce.stock.views import StockView, show_stock
from infra.http import Call, Routes
from schemas.stock import CountStock, ReceiveStock

routes = Routes("stock")


@routes.get("/v1/products/{product}/stock")
async def read_stock(call: Call[None, None]) -> list[StockView]:
    """Read the stock of every SKU of a product."""
    found = await actions.read_stock(call.db, call.actor, call.path["product"])
    return [show_stock(stock, sku.title) for sku, stock in found]


@routes.post("/v1/products/{product}/stock/receive", creates=True, refusals=(SkuRefusal.SKU_UNKNOWN,))
async def receive_stock(call: Call[None, ReceiveStock]) -> StockView:
    """Add units that came in."""
    product = call.path["product"]
    return show_stock(await actions.receive_stock(call.db, call.actor, product, call.body, call.key))


@routes.post(
    "/v1/products/{product}/stock/count",
    creates=True,
    refusals=(SkuRefusal.SKU_UNKNOWN, StockRefusal.STOCK_PROMISED),
)
async def count_stock(call: Call[None, CountStock]) -> StockView:
    """Set what stands in the store, as counted; reserved units are among them, sold ones are not."""
    product = call.path["product"]
    return show_stock(await actions.count_stock(call.db, call.actor, product, call.body, call.key))
