"""Whether a draft can be handed in or published: all that needs questions to others, asked beforehand."""

import msgspec

from content.models.actions.extending import newest
from content.models.layers import find_document
from content.models.rules.compiled import compiled
from content.models.rules.values import Reference
from content.publishing import rules
from content.publishing.actions.drafting import outdated
from content.publishing.desk import Desk, carried, fit, look
from content.publishing.ports import References
from content.publishing.rules import PublishingRefusal
from content.publishing.rules.face import EXT, named
from content.uses.store import extension_of
from infra.mongo import Database
from schemas.models import ModelVersion
from schemas.problems import FieldError, Refused
from schemas.publishing import Face, Referred


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A draft that was found sound outside the transaction, and of what it was found so."""

    document: str
    draft_rev: int
    document_rev: int
    face: Face
    model: str
    version: ModelVersion | None
    refers: list[Referred]


async def find_sound(db: Database, asked: References, identifier: str, rev: int) -> Ready:
    """Check all that needs questions to others. Raises Refused(draft_not_sound, draft_outdated)."""
    desk = await look(db, await find_document(db, identifier))
    if rev and desk.draft.rev != rev:
        data = {"id": identifier, "expected": rev, "got": desk.draft.rev}
        raise await outdated(db, identifier, data)
    version = await newest(db, desk.document)
    if desk.face.get(EXT) != desk.published.get(EXT):
        desk = await carried(db, desk, version)
    prepared, model = fit(desk, version)
    _check(desk, prepared.problems)
    references = await _named(db, desk, prepared.face, model, version)
    there = {(one.type, one.id) for one in await _named(db, desk, desk.published, desk.document.model, None)}
    fresh = [one for one in references if (one.type, one.id) not in there]
    if wrong := await asked.missing(desk.document.business, fresh):
        wrong = [msgspec.structs.replace(one, pointer=f"/face{one.pointer}") for one in wrong]
        raise Refused(PublishingRefusal.DRAFT_NOT_SOUND, errors=wrong)
    return Ready(
        document=identifier,
        draft_rev=desk.draft.rev,
        document_rev=desk.document.rev,
        face=prepared.face,
        model=model,
        version=version if version and version.id == model else None,
        refers=await asked.referred(references),
    )


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
