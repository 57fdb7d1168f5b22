"""A room in which it may rain."""

from commerce.wallets import actions as wallets
from commerce.wallets import store
from content.businesses.store import businesses
from infra.mongo import Database, Session, to_doc
from schemas.accounts import SYSTEM
from schemas.content import Business, Program, ProgramState
from schemas.ids import new_id
from schemas.money import Money


async def granted_program(db: Database, budget: int) -> Program:
    """Put a program of a business on air that has so much credit to give away, in fen."""
    await store.ensure_indexes(db)
    program = Program(
        id=new_id("prg"),
        business="biz_1",
        room="rm_1",
        anchor="acc_clerk",
        title="Rain",
        state=ProgramState.LIVE,
        log=new_id("log"),
    )

    async def work(session: Session) -> None:
        await businesses.insert(db, session, Business(id="biz_1", name="云店", slug="cloud"))

    await db.transact(work)
    await wallets.grant_budget(db, SYSTEM, "biz_1", Money(amount=budget), "first")
    await db.collection("programs").insert_one(to_doc(program))
    return program
