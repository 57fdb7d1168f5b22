"""Whether a draft can be handed in or published: all that needs questions to others, asked beforehand."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import islice

import msgspec

from content.models.actions.extending import newest
from content.models.layers import find_document, find_documents
from content.models.rules.compiled import compiled
from content.models.rules.values import Reference
from content.publishing import rules
from content.publishing.actions.drafting import outdated
from content.publishing.desk import Desk, carried, fit, lay, look
from content.publishing.keeping import fresh
from content.publishing.ports import References
from content.publishing.rules import PublishingRefusal
from content.publishing.rules.face import EXT, named
from content.publishing.store import draft_id, drafts, last_revision, last_revisions
from content.uses.store import extension_of
from infra.mongo import Database
from schemas.models import Layer, ModelVersion
from schemas.problems import FieldError, Refused
from schemas.publishing import Face, Referred, Revision


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A draft that was found sound outside the transaction, and of what it was found so."""

    document: str
    draft_rev: int
    document_rev: int
    face: Face
    model: str
    version: ModelVersion | None
    refers: list[Referred]
    last: Revision | None
    """The document's newest revision; a newer one comes with a change of the document."""


class _Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """A draft that is sound as far as can be told without asking others."""

    desk: Desk
    face: Face
    model: str
    version: ModelVersion | None
    references: list[Reference]

    @property
    def document(self) -> str:
        """The document's id."""
        return self.desk.document.id

    def ready(self, refers: list[Referred], last: Revision | None) -> Ready:
        """Give the draft with what others said."""
        return Ready(
            document=self.document,
            draft_rev=self.desk.draft.rev,
            document_rev=self.desk.document.rev,
            face=self.face,
            model=self.model,
            version=self.version if self.version and self.version.id == self.model else None,
            refers=refers,
            last=last,
        )


async def find_sound(db: Database, asked: References, identifier: str, rev: int) -> Ready:
    """Check all that needs questions to others. Raises Refused(draft_not_sound, draft_outdated)."""
    desk = await look(db, await find_document(db, identifier))
    if rev and desk.draft.rev != rev:
        data = {"id": identifier, "expected": rev, "got": desk.draft.rev}
        raise await outdated(db, identifier, data)
    fitted = await _fitted(db, asked, desk, await newest(db, desk.document))
    refers = await asked.referred(fitted.references)
    return fitted.ready(refers, await last_revision(db, identifier))


async def find_those_sound(db: Database, asked: References, identifiers: Sequence[str]) -> dict[str, Ready]:
    """Check several at once, in a few calls however many they are; those that are not sound are left out."""
    found: list[_Fitted] = []
    newest_of: dict[tuple[str, Layer], ModelVersion | None] = {}
    kept = await drafts.several(db, map(draft_id, identifiers))
    for name, document in (await find_documents(db, identifiers)).items():
        desk = lay(document, kept.get(draft_id(name)) or fresh(document))
        place = document.business, desk.draft.layer
        if place not in newest_of:
            newest_of[place] = await newest(db, document)
        with suppress(Refused):
            found.append(await _fitted(db, asked, desk, newest_of[place]))
    told = iter(await asked.referred([ref for one in found for ref in one.references]))
    last = await last_revisions(db, identifiers)
    ready = [one.ready(list(islice(told, len(one.references))), last.get(one.document)) for one in found]
    return {one.document: one for one in ready}


async def _fitted(db: Database, asked: References, desk: Desk, version: ModelVersion | None) -> _Fitted:
    """Make a face ready to be worn; asks others only whether what it names anew is there."""
    if desk.face.get(EXT) != desk.published.get(EXT):
        desk = await carried(db, desk, version)
    prepared, model = fit(desk, version)
    _check(desk, prepared.problems)
    references = await _named(db, desk, prepared.face, model, version)
    there = {(one.type, one.id) for one in await _named(db, desk, desk.published, desk.document.model, None)}
    anew = [one for one in references if (one.type, one.id) not in there]
    if wrong := await asked.missing(desk.document.business, anew):
        wrong = [msgspec.structs.replace(one, pointer=f"/face{one.pointer}") for one in wrong]
        raise Refused(PublishingRefusal.DRAFT_NOT_SOUND, errors=wrong)
    return _Fitted(desk=desk, face=prepared.face, model=model, version=version, references=references)


async def _named(
    db: Database, desk: Desk, face: Face, model: str, version: ModelVersion | None
) -> list[Reference]:
    if version is not None and version.id == model:
        return named(desk.draft.layer, face, compiled(version.text))
    return named(desk.draft.layer, face, await extension_of(db, model))


def _check(desk: Desk, problems: list[FieldError]) -> None:
    """Raise Refused(nothing_to_publish, draft_not_sound, draft_outdated)."""
    if desk.face == desk.published and rules.is_shown(desk.document):
        raise Refused(PublishingRefusal.NOTHING_TO_PUBLISH)
    if desk.conflicts:
        errors = [FieldError(pointer=one.pointer, expected="a settled conflict") for one in desk.conflicts]
        raise Refused(PublishingRefusal.DRAFT_OUTDATED, errors=errors)
    if problems:
        raise Refused(PublishingRefusal.DRAFT_NOT_SOUND, errors=problems)
