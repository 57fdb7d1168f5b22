"""All indexes of the commerce floor."""

from commerce.addresses import store as addresses
from commerce.orders import store as orders
from commerce.payments import store as payments
from commerce.products import store as products
from commerce.stock import store as stock
from commerce.stores import store as stores
from commerce.wallets import store as wallets
from infra.mongo import Database


async def ensure_indexes(db: Database) -> None:
    """Create what is missing; harmless when several processes do it at once."""
    for store in (products, stock, stores, addresses, orders, payments, wallets):
        await store.ensure_indexes(db)
