"""HTTP of drafts, reviews and revisions. Every step names the draft's revision (If-Match)."""

from typing import Annotated

import msgspec

from content.publishing.actions import drafting, publishing, reviewing, revising
from content.publishing.ports import References
from content.publishing.rules import PublishingRefusal as No
from content.publishing.views import (
    Comparison,
    DraftEdit,
    DraftView,
    Publishing,
    ReviewItem,
    RevisionView,
    SendBack,
    WholeRevision,
)
from infra.http import Call, Page, PageQuery, Routes
from schemas.models import Layer
from schemas.problems import CommonRefusal
from schemas.publishing import DraftState

AT = "/v1/documents/{document}"
DRAFT_LIMIT = 512 * 1024
WRONG_STATE = CommonRefusal.WRONG_STATE
NOT_READY = (No.NOTHING_TO_PUBLISH, No.DRAFT_NOT_SOUND, No.DRAFT_OUTDATED)
Compared = Annotated[
    str, msgspec.Meta(max_length=20, description="A revision's number, `published` or `draft`")
]


class ReviewsQuery(PageQuery, frozen=True, kw_only=True):
    """Which drafts are wanted."""

    business: str = ""
    state: DraftState = DraftState.SUBMITTED
    layer: Layer | None = None


class CompareQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is compared with what."""

    from_: Compared = msgspec.field(name="from", default=revising.PUBLISHED)
    to: Compared = revising.DRAFT


def publishing_routes(asked: References) -> Routes:
    """Make the routes; `asked` answers for what faces name."""
    routes = Routes("publishing")
    _drafts(routes)
    _reviews(routes, asked)
    _publishing(routes, asked)
    _revisions(routes, asked)
    return routes


def _drafts(routes: Routes) -> None:
    @routes.get(f"{AT}/draft")
    async def read_document_draft(call: Call[None, None]) -> DraftView:
        """Read the draft of a document; while nothing is worked on, it is what is published."""
        return await drafting.read_draft(call.db, call.actor, call.path["document"])

    @routes.put(f"{AT}/draft", refusals=(WRONG_STATE,), body_limit=DRAFT_LIMIT)
    async def save_document_draft(call: Call[None, DraftEdit]) -> DraftView:
        """Replace the draft; the first time begins one.

        It may be unfinished. Who is too late is answered 412 with the draft as it is (`data.draft`).
        """
        return await drafting.save_draft(call.db, call.actor, call.path["document"], call.body, rev=call.rev)

    @routes.delete(f"{AT}/draft", edits=True, refusals=(WRONG_STATE,))
    async def discard_document_draft(call: Call[None, None]) -> DraftView:
        """Throw the draft away: it is what is published again."""
        return await drafting.discard_draft(call.db, call.actor, call.path["document"], rev=call.rev)


def _reviews(routes: Routes, asked: References) -> None:
    @routes.get("/v1/reviews")
    async def list_reviews(call: Call[ReviewsQuery, None]) -> Page[ReviewItem]:
        """List drafts in a state of their way, those first that have been in it longest."""
        query = call.query
        return await reviewing.list_reviews(
            call.db,
            call.actor,
            business=query.business,
            state=query.state,
            layer=query.layer,
            cursor=query.cursor,
            limit=query.limit,
        )

    @routes.post(f"{AT}/submit", edits=True, refusals=(WRONG_STATE, *NOT_READY))
    async def submit_draft(call: Call[None, None]) -> DraftView:
        """Hand a draft in for review."""
        return await reviewing.submit_draft(call.db, asked, call.actor, call.path["document"], rev=call.rev)

    @routes.post(f"{AT}/withdraw", edits=True, refusals=(WRONG_STATE,))
    async def withdraw_draft(call: Call[None, None]) -> DraftView:
        """Take a draft back from review."""
        return await reviewing.withdraw_draft(call.db, call.actor, call.path["document"], rev=call.rev)

    @routes.post(f"{AT}/approve", edits=True, refusals=(WRONG_STATE, No.OWN_REVIEW))
    async def approve_draft(call: Call[None, None]) -> DraftView:
        """Approve a draft."""
        return await reviewing.approve_draft(call.db, call.actor, call.path["document"], rev=call.rev)

    @routes.post(f"{AT}/send-back", edits=True, refusals=(WRONG_STATE,))
    async def send_back_draft(call: Call[None, SendBack]) -> DraftView:
        """Send a draft back to its authors."""
        return await reviewing.send_back_draft(
            call.db, call.actor, call.path["document"], call.body.reason, rev=call.rev
        )


def _publishing(routes: Routes, asked: References) -> None:
    @routes.post(
        f"{AT}/publish",
        edits=True,
        refusals=(WRONG_STATE, *NOT_READY, No.REVIEW_NEEDED, No.DUE_NOT_POSSIBLE),
    )
    async def publish_draft(call: Call[None, Publishing]) -> DraftView:
        """Publish a draft: now, or at a time."""
        identifier, at = call.path["document"], call.body.at
        if at is None:
            return await publishing.publish_draft(call.db, asked, call.actor, identifier, rev=call.rev)
        return await publishing.schedule_draft(call.db, asked, call.actor, identifier, at, rev=call.rev)

    @routes.post(f"{AT}/unschedule", edits=True, refusals=(WRONG_STATE,))
    async def unschedule_draft(call: Call[None, None]) -> DraftView:
        """Call a planned publishing off."""
        return await publishing.unschedule_draft(call.db, call.actor, call.path["document"], rev=call.rev)


def _revisions(routes: Routes, asked: References) -> None:
    @routes.get(f"{AT}/revisions")
    async def list_revisions(call: Call[PageQuery, None]) -> Page[RevisionView]:
        """List what was ever published of a document, newest first."""
        query = call.query
        return await revising.list_revisions(
            call.db, call.actor, call.path["document"], cursor=query.cursor, limit=query.limit
        )

    @routes.get(f"{AT}/revisions/{{number}}")
    async def read_revision(call: Call[None, None]) -> WholeRevision:
        """Read a revision, with the versions of what it refers to."""
        return await revising.read_revision(call.db, call.actor, call.path["document"], _number(call))

    @routes.get(f"{AT}/compare")
    async def compare_revisions(call: Call[CompareQuery, None]) -> Comparison:
        """Compare two revisions, or the draft with what is published."""
        query = call.query
        return await revising.compare(
            call.db, asked, call.actor, call.path["document"], query.from_, query.to
        )

    @routes.post(f"{AT}/revisions/{{number}}/restore", edits=True, refusals=(WRONG_STATE,))
    async def restore_revision(call: Call[None, None]) -> DraftView:
        """Make a draft of a revision."""
        return await revising.restore(call.db, call.actor, call.path["document"], _number(call), rev=call.rev)


def _number(call: Call[None, None]) -> int:
    return revising.number_in_path(call.path["number"])
