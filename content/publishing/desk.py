"""A document with its draft, as every verb of publishing begins: read together, merged, shown."""

from collections.abc import Iterable
from typing import Any

import msgspec

from content.contents.show import bylines
from content.contents.views import Byline
from content.models.actions.extending import newest
from content.models.layers import Modelled
from content.models.moving import move
from content.models.rules.compiled import Compiled, compiled
from content.publishing.keeping import fresh
from content.publishing.rules import is_shown
from content.publishing.rules.face import EXT, Prepared, face_of, prepare
from content.publishing.rules.merge import Conflict, merge
from content.publishing.store import draft_of, last_revision
from content.publishing.views import ConflictView, DraftView
from content.uses.store import extension_of
from infra.mongo import Database, Session
from schemas.content import Content
from schemas.models import ModelVersion
from schemas.publishing import Draft, DraftState, Face


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """A document, its draft, and what both come to."""

    document: Modelled
    draft: Draft
    """One that was never made is clean."""
    published: Face
    face: Face
    """The draft, with what was published since it was begun, but for conflicts."""
    model: str
    """Version of `face`'s extension fields."""
    conflicts: list[Conflict]

    @property
    def clean(self) -> bool:
        """Whether nothing is worked on."""
        return self.draft.state is DraftState.CLEAN


async def look(db: Database, document: Modelled, session: Session | None = None) -> Desk:
    """Put a document and its draft together."""
    draft = await draft_of(db, document.id, session)
    return lay(document, draft or fresh(document))


def lay(document: Modelled, draft: Draft) -> Desk:
    """Put a document and its draft together."""
    published = face_of(document)
    if draft.state is DraftState.CLEAN:
        return Desk(
            document=document,
            draft=draft,
            published=published,
            face=published,
            model=document.model,
            conflicts=[],
        )
    merged = merge(draft.base, draft.face, published)
    untouched = draft.face.get(EXT, {}) == draft.base.get(EXT, {})
    return Desk(
        document=document,
        draft=draft,
        published=published,
        face=merged.face,
        model=document.model if untouched else draft.model,
        conflicts=merged.conflicts,
    )


async def carried(db: Database, desk: Desk, version: ModelVersion | None) -> Desk:
    """Give the desk with its extension fields under a newer version than they were written under."""
    if version is None or desk.model == version.id or not desk.face.get(EXT):
        return desk
    old = await extension_of(db, desk.model)
    if old is None:
        return desk
    ext = move(desk.face[EXT], old, compiled(version.text)).ext
    face = {**desk.face, EXT: ext} if ext else {name: desk.face[name] for name in desk.face if name != EXT}
    return msgspec.structs.replace(desk, face=face, model=version.id)


def as_seen(desk: Desk) -> dict[str, Any]:
    """Give what a draft becomes when it is taken as it was seen: what others published is a part of it."""
    if desk.conflicts:
        return {}
    return {"face": desk.face, "model": desk.model, "base": desk.published}


def fit(desk: Desk, version: ModelVersion | None) -> tuple[Prepared, str]:
    """Make the desk's face ready to be kept, and tell the version its extension fields are then under.

    Extension fields that are as published stay under their version.
    """
    return fit_face(desk, desk.face, version)


def fit_face(desk: Desk, face: Face, version: ModelVersion | None) -> tuple[Prepared, str]:
    """Make a face ready to be kept, as `fit` does."""
    extension: Compiled | None = None
    model = desk.document.model
    if face.get(EXT, {}) != desk.document.ext and version is not None:
        extension, model = compiled(version.text), version.id
    return prepare(desk.draft.layer, face, extension), model


async def show(db: Database, desk: Desk) -> DraftView:
    """Show a draft."""
    version = await newest(db, desk.document)
    last = await last_revision(db, desk.document.id)
    untouched = desk.face.get(EXT) == desk.published.get(EXT)
    shown = await carried(db, desk, version)
    ready, _ = fit(desk if untouched else shown, version)
    draft = desk.draft
    return DraftView(
        document=desk.document.id,
        business=draft.business,
        layer=draft.layer,
        rev=draft.rev,
        state=draft.state,
        since=draft.since,
        face=shown.face,
        base=desk.published if desk.clean else draft.base,
        published=desk.published,
        shown=is_shown(desk.document),
        model=shown.model,
        latest=version.id if version else "",
        by=(await authors(db, [desk.document])).get(desk.document.id),
        problems=ready.problems,
        conflicts=[show_conflict(one) for one in desk.conflicts],
        authors=draft.authors,
        submitted_by=draft.submitted_by,
        reviewed_by=draft.reviewed_by,
        reason=draft.reason,
        failure=draft.failure,
        publish_at=draft.publish_at,
        number=last.number if last else 0,
        updated_at=draft.updated_at or desk.document.updated_at,
    )


async def authors(db: Database, documents: Iterable[Modelled]) -> dict[str, Byline]:
    """Tell who wrote contents that are not the business's own, by content."""
    return await bylines(db, [one for one in documents if isinstance(one, Content)])


def show_conflict(conflict: Conflict) -> ConflictView:
    """Show a conflict."""
    return ConflictView(
        pointer=conflict.pointer, base=conflict.base, mine=conflict.mine, theirs=conflict.theirs
    )
