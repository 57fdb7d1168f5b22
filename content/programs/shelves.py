"""Where products stand on shelves."""

from content.programs import rules
from content.programs.store import programs
from infra.mongo import Database, Session


async def programs_showing(db: Database, product: str, session: Session | None = None) -> list[str]:
    """Give up to ten programs that are not over and show a product on their shelf."""
    docs = await programs.collection(db).find(
        {"shelf.product": product, "state": {"$nin": sorted(rules.OVER)}},
        projection={"_id": 1},
        limit=10,
        session=session,
    )
    return [doc["_id"] for doc in docs]
