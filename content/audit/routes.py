"""HTTP of the trail."""

from typing import Annotated

import msgspec

from content.audit import actions
from content.audit.actions import Wanted
from content.audit.rules import AuditRefusal
from content.audit.views import EntryView, Proof, RootView, show_entry, show_root
from infra.http import Call, Page, PageQuery, Routes
from schemas.base import Ms

routes = Routes("audit")

Place = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(\*|biz_[0-9a-z]{1,40})$",
        description="Id of a business, or `*` for what is of no business",
    ),
]
Identifier = Annotated[str, msgspec.Meta(max_length=200)]


class RootsQuery(PageQuery, frozen=True, kw_only=True):
    """Whose roots are wanted."""

    business: Place


class AuditQuery(RootsQuery, frozen=True, kw_only=True):
    """Which entries are wanted."""

    actor: Identifier = ""
    action: Annotated[str, msgspec.Meta(max_length=60, description="As `programs.edit`")] = ""
    target: Identifier = ""
    since: Annotated[Ms, msgspec.Meta(le=1 << 47, description="Epoch ms")] = 0
    until: Annotated[Ms, msgspec.Meta(le=1 << 47, description="Epoch ms, excluded; 0: now")] = 0
    q: Annotated[str, msgspec.Meta(max_length=60, description="Words of a title or reason, or an id")] = ""


@routes.get("/v1/audit")
async def search_audit(call: Call[AuditQuery, None]) -> Page[EntryView]:
    """Search the audit trail of a business, newest first."""
    query = call.query
    wanted = Wanted(
        business=query.business,
        actor=query.actor,
        action=query.action,
        target=query.target,
        since=query.since,
        until=query.until,
        words=query.q,
    )
    page = await actions.search(call.db, call.actor, wanted, cursor=query.cursor, limit=query.limit)
    return Page(items=[show_entry(one) for one in page.items], next_cursor=page.next_cursor)


@routes.get("/v1/audit/roots")
async def list_audit_roots(call: Call[RootsQuery, None]) -> Page[RootView]:
    """List the Merkle roots of a business: one for each hour in which something was done."""
    query = call.query
    page = await actions.list_roots(
        call.db, call.actor, query.business, cursor=query.cursor, limit=query.limit
    )
    return Page(items=[show_root(one) for one in page.items], next_cursor=page.next_cursor)


@routes.get("/v1/audit/{entry}/proof", refusals=(AuditRefusal.NOT_SEALED,))
async def prove_entry(call: Call[None, None]) -> Proof:
    """Prove that an entry is among those under the root of its hour, as it was written then."""
    return await actions.prove(call.db, call.actor, call.path["entry"])
