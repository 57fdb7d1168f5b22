"""What publishing asks of other components and the floors above; `workers` wires the answers.

Each is one batch call with a time-out, never made inside a transaction.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec

from content.documents import Documents
from content.models.ports import ASK_S, Kinds, missing
from content.models.rules.values import Reference
from content.uses.rules import kind_of
from infra.mongo import Database
from schemas.models import FieldType
from schemas.problems import CommonRefusal, FieldError, Refused
from schemas.publishing import Referred


class Versioned(Protocol):
    """Tells versions of things of one type, and what they are called."""

    async def versions(self, wanted: Sequence[str]) -> Mapping[str, int]:
        """Give the version of each that is there."""

    async def titles(self, business: str, wanted: Sequence[str]) -> Mapping[str, str]:
        """Give what each is called that is there and the business's own."""


class Revised:
    """Things whose documents count their revisions."""

    def __init__(self, db: Database, documents: Documents[Any]) -> None:
        self._db, self._documents = db, documents

    async def versions(self, wanted: Sequence[str]) -> Mapping[str, int]:
        """Give the revision of each that is there."""
        docs = await self._documents.collection(self._db).find(
            {"_id": {"$in": sorted(set(wanted))}}, projection={"rev": 1}
        )
        return {str(doc["_id"]): int(doc["rev"]) for doc in docs}

    async def titles(self, business: str, wanted: Sequence[str]) -> Mapping[str, str]:
        """Give what each is called that is there and the business's own."""
        docs = await self._documents.collection(self._db).find(
            {"_id": {"$in": sorted(set(wanted))}, "business": business}, projection={"title": 1, "name": 1}
        )
        return {str(doc["_id"]): str(doc.get("title") or doc.get("name") or "") for doc in docs}


class References(msgspec.Struct, frozen=True):
    """Who answers for what faces name. Types that nobody tells versions of never change."""

    kinds: Kinds = {}
    versions: Mapping[FieldType, Versioned] = {}

    async def missing(self, business: str, named: Sequence[Reference]) -> list[FieldError]:
        """Tell which references lead nowhere. Raises Refused(unavailable)."""
        return await missing(self.kinds, business, named)

    async def referred(self, named: Sequence[Reference]) -> list[Referred]:
        """Tell at which versions the things are. Raises Refused(unavailable)."""
        asked = self._by_type(named)
        try:
            async with asyncio.timeout(ASK_S):
                told = await asyncio.gather(*(self.versions[kind].versions(asked[kind]) for kind in asked))
        except TimeoutError:
            raise Refused(CommonRefusal.UNAVAILABLE, retry_after=1) from None
        known = dict(zip(asked, told, strict=True))
        return [
            Referred(
                kind=kind_of(one),
                id=one.id,
                pointer=one.pointer,
                version=known.get(one.type, {}).get(one.id, 0),
            )
            for one in named
        ]

    async def titles(self, business: str, named: Sequence[Reference]) -> dict[str, str]:
        """Tell what things are called; those that can't be told in time, or are gone, are left out."""
        asked = self._by_type(named)
        try:
            async with asyncio.timeout(ASK_S):
                told = await asyncio.gather(
                    *(self.versions[kind].titles(business, ids) for kind, ids in asked.items())
                )
        except TimeoutError:
            return {}
        return {key: title for one in told for key, title in one.items() if title}

    def _by_type(self, named: Sequence[Reference]) -> dict[FieldType, list[str]]:
        """Give the ids of things of which somebody tells, by type."""
        found: dict[FieldType, list[str]] = {}
        for one in named:
            if one.type in self.versions:
                found.setdefault(one.type, []).append(one.id)
        return found
