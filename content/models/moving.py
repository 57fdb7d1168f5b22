"""One document moved from its version to another, as dry runs and migrations both do it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from content.models.rules.carry import carry
from content.models.rules.compiled import Compiled, compiled
from content.models.rules.facets import facets
from content.models.rules.values import fitted
from content.models.store import versions
from infra.mongo import Database, Session
from schemas.models import Facets, ModelVersion
from schemas.problems import FieldError


class Moved(msgspec.Struct, frozen=True):
    """Values under another version, and what of them does not fit."""

    ext: dict[str, Any]
    errors: list[FieldError]


def move(ext: Mapping[str, Any], old: Compiled, new: Compiled) -> Moved:
    """Carry values over, put defaults in, check them."""
    return Moved(*fitted(new, carry(ext, old.fields, new.fields)))


def found_by(version: ModelVersion, document: str, ext: Mapping[str, Any]) -> Facets:
    """Say what a document with these values is found by."""
    by = facets(compiled(version.text), version.layer, ext)
    first, second = (*by.ordered, None, None)[:2]
    return Facets(
        id=document,
        business=version.business,
        layer=version.layer,
        model=version.id,
        fx=by.tokens,
        n0=msgspec.UNSET if first is None else first,
        n1=msgspec.UNSET if second is None else second,
        words=by.words,
    )


class Versions:
    """Versions of models, read once: they never change."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._read: dict[str, ModelVersion] = {}

    async def version(self, identifier: str, session: Session | None = None) -> ModelVersion:
        """Give a version."""
        if identifier not in self._read:
            self._read[identifier] = await versions.get(self._db, identifier, session)
        return self._read[identifier]

    async def compiled(self, identifier: str, session: Session | None = None) -> Compiled:
        """Give a version made ready."""
        return compiled((await self.version(identifier, session)).text)
