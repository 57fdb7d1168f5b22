"""Erasing: old shows of the demo go, everything else stays."""

from content import audit
from content.authority import authorise
from content.contents.store import contents
from content.programs import rules
from content.programs.store import STREAMS, programs
from infra import outbox
from infra.mongo import Database, Session
from schemas.accounts import Actor
from schemas.events import ProgramErased
from schemas.problems import Refused


async def erase_demo_program(db: Database, actor: Actor, identifier: str) -> None:
    """Delete a demo program that is over, with its contents and streams.

    Operators only. Raises Refused(not_demo, wrong_state).
    """

    async def work(session: Session) -> None:
        program = await programs.get(db, identifier, session)
        authorise(actor, rules.ERASE, program.business, program.anchor)
        if refusal := rules.check_erase(program):
            raise Refused(refusal)
        await contents.collection(db).delete_many({"program": program.id}, session=session)
        await db.collection(STREAMS).delete_many({"program": program.id}, session=session)
        await programs.collection(db).delete_one({"_id": program.id}, session=session)
        data = {"title": program.title}
        await audit.record(
            db, session, actor, rules.ERASE.name, target=program.id, business=program.business, data=data
        )
        event = ProgramErased(program=program.id, business=program.business)
        await outbox.publish(db, session, event)

    await db.transact(work)
