"""Where things are used."""

from typing import Any

from content.authority import authorise
from content.publishing.views import UseView
from content.uses import rules
from content.uses.store import uses
from infra.http import Page
from infra.mongo import Database, from_doc
from schemas.accounts import Actor
from schemas.publishing import UseKind, Uses


async def where_used(
    db: Database, actor: Actor, business: str, kind: UseKind, identifier: str, *, cursor: str, limit: int
) -> Page[UseView]:
    """List the documents of a business, and their drafts, that refer to something; newest first."""
    authorise(actor, rules.READ, business)
    ref = rules.ref_of(kind, identifier)
    where: dict[str, Any] = {"business": business, "refs": ref}
    if cursor:
        where["_id"] = {"$lt": cursor}
    docs = await uses.collection(db).find(where, sort=[("_id", -1)], limit=limit + 1)
    found = [from_doc(Uses, doc) for doc in docs[:limit]]
    return Page(
        items=[_shown(one, ref) for one in found],
        next_cursor=found[-1].id if len(docs) > limit else None,
    )


def _shown(entry: Uses, ref: str) -> UseView:
    return UseView(
        document=entry.document,
        layer=entry.layer,
        title=entry.title,
        draft=entry.draft,
        pointers=[one.pointer for one in entry.uses if one.ref == ref],
    )
