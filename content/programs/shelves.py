"""Where products stand on shelves."""

from content.programs import rules
from content.programs.store import programs
from infra.mongo import Database, Session, from_doc
from schemas.content import Program


async def programs_showing(db: Database, product: str, session: Session | None = None) -> list[str]:
    """Give up to ten programs that are not over and show a product on their shelf."""
    docs = await programs.collection(db).find(
        {"shelf.product": product, "state": {"$nin": sorted(rules.OVER)}},
        projection={"_id": 1},
        limit=10,
        session=session,
    )
    return [doc["_id"] for doc in docs]


async def on_air_showing(db: Database, product: str, session: Session | None = None) -> list[Program]:
    """Give the programs on air that show a product on their shelf."""
    docs = await programs.collection(db).find(
        {"shelf.product": product, "state": {"$in": sorted(rules.ON_AIR)}}, session=session
    )
    return [from_doc(Program, doc) for doc in docs]
