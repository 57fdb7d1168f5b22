"""What the refusals of stock mean to HTTP and to people."""

from commerce.stock.rules import StockRefusal
from infra.problems import Explained, register

register(
    {
        StockRefusal.STOCK_SHORT: Explained(
            409, "库存不足：仅剩 {left} 件。", "Not enough in stock: {left} left."
        ),
        StockRefusal.STOCK_PROMISED: Explained(
            409,
            "已有 {promised} 件被直播间或订单占用，不能少于此数。",
            "{promised} units are promised to rooms and orders; the count can't be below that.",
        ),
    }
)
