"""Verbs of saved views."""

from content import audit
from content.authority import authorise
from content.documents import check_rev, edited
from content.library import rules
from content.library.store import count_of, saved_views
from content.library.views import NewView, ViewBody
from infra.http import Page
from infra.mongo import Database, Session
from schemas.accounts import Actor
from schemas.ids import new_id
from schemas.library import SavedView
from schemas.problems import CommonRefusal, Refused


async def list_views(
    db: Database, actor: Actor, *, business: str, name: str, cursor: str, limit: int
) -> Page[SavedView]:
    """List the views of a list that an actor has: her own, and those shared in the business."""
    authorise(actor, rules.READ, business)
    where = {"business": business, "of": name, "$or": [{"owner": actor.id}, {"shared": True}]}
    return await saved_views.page(db, where, cursor=cursor, limit=limit)


async def save_view(db: Database, actor: Actor, new: NewView) -> SavedView:
    """Keep a view; raises Refused(too_many_views)."""
    view = SavedView(
        id=new_id("viw"),
        business=new.business,
        of=new.of,
        owner=actor.id,
        owner_name=actor.name,
        name=new.name,
        shared=new.shared,
        query=new.query,
        columns=new.columns,
    )
    authorise(actor, rules.grant_for(view), view.business)

    async def work(session: Session) -> SavedView:
        if refusal := rules.check_count(await count_of(db, session, actor.id, view.business)):
            raise Refused(refusal)
        created = await saved_views.insert(db, session, view)
        await _audit(db, session, actor, created)
        return created

    return await db.transact(work)


async def change_view(
    db: Database, actor: Actor, identifier: str, body: ViewBody, *, rev: int = 0
) -> SavedView:
    """Replace what a view says: its owner; a shared one, whoever may share in the business."""

    async def work(session: Session) -> SavedView:
        view = await _own(db, actor, identifier, session)
        fields = {"name": body.name, "shared": body.shared, "query": body.query, "columns": body.columns}
        changed = edited(view, fields)
        authorise(actor, rules.grant_for(view, changed), view.business)
        check_rev(view, rev)
        await _audit(db, session, actor, view, changed)
        return await saved_views.replace(db, session, changed)

    return await db.transact(work)


async def drop_view(db: Database, actor: Actor, identifier: str) -> None:
    """Throw a view away: its owner; a shared one, whoever may share in the business."""

    async def work(session: Session) -> None:
        view = await _own(db, actor, identifier, session)
        authorise(actor, rules.grant_for(view), view.business)
        await saved_views.collection(db).delete_one({"_id": identifier}, session=session)
        await _audit(db, session, actor, view)

    await db.transact(work)


async def _own(db: Database, actor: Actor, identifier: str, session: Session) -> SavedView:
    """Give a view to who sees it; to others it is not there."""
    view = await saved_views.get(db, identifier, session)
    if view.owner != actor.id and not view.shared:
        raise Refused(CommonRefusal.NOT_FOUND, id=identifier)
    return view


async def _audit(db: Database, session: Session, actor: Actor, *views: SavedView) -> None:
    view = views[-1]
    await audit.record(
        db,
        session,
        actor,
        rules.grant_for(*views).name,
        target=view.id,
        business=view.business,
        data={"name": view.name, "of": view.of},
    )
