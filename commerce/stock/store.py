"""Collections of stock and of the commands applied to it."""

from collections.abc import Iterable, Sequence

from content.documents import Documents
from infra.mongo import Database, Session, from_doc, to_doc
from schemas.stock import Stock, StockMove, StockMoveKind

stocks = Documents("stocks", Stock)
MOVES = "stock_moves"


async def ensure_indexes(db: Database) -> None:
    """Create the indexes."""
    await db.collection(stocks.name).ensure_index([("business", 1), ("_id", -1)], name="business")
    await db.collection(stocks.name).ensure_index([("product", 1)], name="product")
    await db.collection(MOVES).ensure_index(
        [("log", 1), ("sku", 1)], name="log", partial={"log": {"$gt": ""}}
    )
    await db.collection(MOVES).ensure_index([("sku", 1), ("at", -1)], name="sku")


async def load(db: Database, session: Session, skus: Iterable[str]) -> dict[str, Stock]:
    """Give the stock of those SKUs that have any."""
    docs = await db.collection(stocks.name).find({"_id": {"$in": sorted(set(skus))}}, session=session)
    return {doc["_id"]: from_doc(Stock, doc) for doc in docs}


async def keep_move(db: Database, session: Session, move: StockMove) -> None:
    """Keep a command; raises DuplicateKey when its key was used."""
    await db.collection(MOVES).insert_one(to_doc(move), session=session)


async def find_move(db: Database, key: str, session: Session | None = None) -> StockMove | None:
    """Find the command that was applied under a key."""
    doc = await db.collection(MOVES).find_one({"_id": key}, session=session)
    return None if doc is None else from_doc(StockMove, doc)


async def keep_moves(db: Database, session: Session, moves: Sequence[StockMove]) -> None:
    """Keep what was moved to rooms and back."""
    if moves:
        await db.collection(MOVES).insert_many([to_doc(move) for move in moves], session=session)


async def of_product(db: Database, product: str, session: Session | None = None) -> list[Stock]:
    """Give the stock of all SKUs of a product that have any."""
    docs = await stocks.collection(db).find({"product": product}, sort=[("_id", 1)], session=session)
    return [from_doc(Stock, doc) for doc in docs]


async def of_products(db: Database, products: Iterable[str]) -> list[Stock]:
    """Give the stock of all SKUs of some products."""
    docs = await stocks.collection(db).find({"product": {"$in": sorted(set(products))}})
    return [from_doc(Stock, doc) for doc in docs]


async def products_allotted(db: Database, log: str) -> set[str]:
    """Give the products of which a room ever had units."""
    docs = await db.collection(MOVES).find(
        {"log": log, "kind": StockMoveKind.ALLOT}, projection={"product": 1}
    )
    return {doc["product"] for doc in docs}
