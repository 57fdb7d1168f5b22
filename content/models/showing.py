"""Extension fields as strangers may see them: without personal data."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from content.authority import may
from content.models import rules
from content.models.rules.compiled import compiled
from content.models.store import versions
from infra.mongo import Database, from_doc
from schemas.accounts import Actor
from schemas.content import Content, Room
from schemas.models import ModelVersion

M = TypeVar("M", Room, Content)
KEPT = 2_000
_open_fields: dict[str, frozenset[str]] = {}
"""By version, the fields anybody may see. Versions never change."""


async def for_strangers(db: Database, actor: Actor, documents: Sequence[M]) -> list[M]:
    """Give documents as they may be shown: their own people see all, others no personal data.

    A name that the document's version does not know is nobody else's business either.
    """
    hidden = {one.id for one in documents if one.ext and not may(actor, rules.SEARCH, one.business)}
    shown = await _shown(db, {one.model for one in documents if one.id in hidden})
    return [_opened(one, shown.get(one.model, frozenset())) if one.id in hidden else one for one in documents]


def _opened(document: M, shown: frozenset[str]) -> M:
    ext = {key: value for key, value in document.ext.items() if key in shown}
    return msgspec.structs.replace(document, ext=ext)


async def _shown(db: Database, wanted: set[str]) -> dict[str, frozenset[str]]:
    """Give the fields anybody may see, by version."""
    known = {one: _open_fields[one] for one in wanted if one in _open_fields}
    if missing := sorted(wanted - known.keys()):
        docs = await versions.collection(db).find({"_id": {"$in": missing}})
        read = {doc["_id"]: _not_personal(from_doc(ModelVersion, doc)) for doc in docs}
        if len(_open_fields) + len(read) > KEPT:
            _open_fields.clear()
        _open_fields.update(read)
        known |= read
    return known


def _not_personal(version: ModelVersion) -> frozenset[str]:
    return frozenset(field.key for field in compiled(version.text).fields if not field.personal)
