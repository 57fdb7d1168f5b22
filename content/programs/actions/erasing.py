"""Erasing: shows that are over go when nothing says that they must be kept."""

from content import audit
from content.authority import authorise
from content.contents.store import contents
from content.documents import check_rev
from content.models.store import forget_facets
from content.programs import rules
from content.programs.store import STREAMS, programs
from content.publishing.store import forget_drafts
from content.uses.store import forget_uses
from infra import outbox
from infra.clock import now_ms
from infra.mongo import Database, Session
from infra.retention import Retention
from schemas.accounts import Actor
from schemas.events import ProgramErased
from schemas.problems import Refused


async def erase_program(db: Database, actor: Actor, identifier: str, *, rev: int = 0) -> None:
    """Delete a program that is over, with its contents and streams; its footage follows.

    Operators only. Raises Refused(retained, wrong_state). That somebody tried to erase what must
    be kept is in the audit trail.
    """
    try:
        await _erase(db, actor, identifier, rev)
    except Refused as refused:
        if refused.code is rules.ProgramRefusal.RETAINED:
            await _note_refused(db, actor, identifier, refused)
        raise


async def _erase(db: Database, actor: Actor, identifier: str, rev: int) -> None:

    async def work(session: Session) -> None:
        program = await programs.get(db, identifier, session)
        authorise(actor, rules.ERASE, program.business, program.anchor)
        check_rev(program, rev)
        kept = await Retention(db).until([program.id], session)
        if refusal := rules.check_erase(program, kept.get(program.id, 0), now_ms()):
            raise Refused(refusal)
        made = await contents.collection(db).find(
            {"program": program.id}, projection={"_id": 1}, session=session
        )
        gone = [program.id, *(str(one["_id"]) for one in made)]
        await forget_facets(db, session, gone)
        await forget_uses(db, session, gone)
        await forget_drafts(db, session, gone)
        await contents.collection(db).delete_many({"program": program.id}, session=session)
        await db.collection(STREAMS).delete_many({"program": program.id}, session=session)
        await programs.delete(db, session, program)
        data = {"title": program.title}
        await audit.record(
            db, session, actor, rules.ERASE.name, target=program.id, business=program.business, data=data
        )
        event = ProgramErased(program=program.id, business=program.business)
        await outbox.publish(db, session, event)

    await db.transact(work)


async def _note_refused(db: Database, actor: Actor, identifier: str, refused: Refused) -> None:
    async def work(session: Session) -> None:
        program = await programs.get(db, identifier, session)
        data = {"refused": refused.code, **refused.data}
        await audit.record(
            db, session, actor, rules.ERASE.name, target=program.id, business=program.business, data=data
        )

    await db.transact(work)
