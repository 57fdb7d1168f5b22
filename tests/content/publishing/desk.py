"""People at work on drafts."""

from typing import Any

from content.creators.store import creators
from content.models.references import own_kinds
from content.publishing.actions import drafting, publishing, reviewing
from content.publishing.ports import References, Revised
from content.publishing.views import DraftEdit, DraftView
from infra.mongo import Database
from schemas.accounts import Actor, Role
from schemas.models import FieldType
from tests.content.models.office import Office


def person(office: Office, name: str, role: Role) -> Actor:
    return Actor(id=f"acc_{name}", name=name, roles={office.business.id: [role]})


def asked(db: Database) -> References:
    return References(own_kinds(db), {FieldType.CREATOR: Revised(db, creators)})


class Hand:
    """Somebody's hand on the draft of one document: each step is on what was seen last."""

    def __init__(self, office: Office, who: Actor, document: str) -> None:
        self.office, self.who, self.document = office, who, document
        self.seen: DraftView | None = None

    @property
    def rev(self) -> int:
        return self.seen.rev if self.seen else 0

    async def look(self) -> DraftView:
        self.seen = await drafting.read_draft(self.office.db, self.who, self.document)
        return self.seen

    async def save(self, *, resolves: bool = False, **face: Any) -> DraftView:
        """Change some fields of what was seen; None takes one away."""
        seen = self.seen or await self.look()
        whole = {name: value for name, value in {**seen.face, **face}.items() if value is not None}
        edit = DraftEdit(face=whole, resolves=resolves)
        self.seen = await drafting.save_draft(self.office.db, self.who, self.document, edit, rev=self.rev)
        return self.seen

    async def discard(self) -> DraftView:
        self.seen = await drafting.discard_draft(self.office.db, self.who, self.document, rev=self.rev)
        return self.seen

    async def submit(self) -> DraftView:
        self.seen = await reviewing.submit_draft(
            self.office.db, asked(self.office.db), self.who, self.document, rev=self.rev
        )
        return self.seen

    async def withdraw(self) -> DraftView:
        self.seen = await reviewing.withdraw_draft(self.office.db, self.who, self.document, rev=self.rev)
        return self.seen

    async def approve(self) -> DraftView:
        self.seen = await reviewing.approve_draft(self.office.db, self.who, self.document, rev=self.rev)
        return self.seen

    async def send_back(self, reason: str) -> DraftView:
        self.seen = await reviewing.send_back_draft(
            self.office.db, self.who, self.document, reason, rev=self.rev
        )
        return self.seen

    async def publish(self, at: int | None = None) -> DraftView:
        db, known = self.office.db, asked(self.office.db)
        if at is None:
            self.seen = await publishing.publish_draft(db, known, self.who, self.document, rev=self.rev)
        else:
            self.seen = await publishing.schedule_draft(db, known, self.who, self.document, at, rev=self.rev)
        return self.seen

    async def unschedule(self) -> DraftView:
        self.seen = await publishing.unschedule_draft(self.office.db, self.who, self.document, rev=self.rev)
        return self.seen
