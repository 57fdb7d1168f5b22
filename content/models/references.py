"""References this floor answers for itself: creators, uploaded pictures, videos."""

from collections.abc import Sequence

from content.contents.store import contents
from content.creators.store import creators
from content.models.ports import Kinds
from content.models.rules.values import Reference
from content.pictures.rules import PREFIX
from infra.mongo import Database
from schemas.content import ContentState
from schemas.creators import CreatorState
from schemas.models import FieldType


class Creators:
    """Creators the business has approved."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def existing(self, business: str, wanted: Sequence[Reference]) -> set[str]:
        """Give those that are approved."""
        found = await creators.several(self._db, [one.id for one in wanted])
        there = (one for one in found.values() if one.business == business)
        return {one.id for one in there if one.state is CreatorState.APPROVED}


class Videos:
    """Contents of the business that can be played."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def existing(self, business: str, wanted: Sequence[Reference]) -> set[str]:
        """Give those that are not withdrawn."""
        found = await contents.several(self._db, [one.id for one in wanted])
        there = (one for one in found.values() if one.business == business)
        return {one.id for one in there if one.state is not ContentState.WITHDRAWN}


class Pictures:
    """Uploaded pictures, whose keys name their business."""

    async def existing(self, business: str, wanted: Sequence[Reference]) -> set[str]:
        """Give those under the business's own prefix."""
        return {one.id for one in wanted if one.id.startswith(f"{PREFIX}/{business}/")}


def own_kinds(db: Database) -> Kinds:
    """Give what this floor answers for."""
    return {
        FieldType.CREATOR: Creators(db),
        FieldType.VIDEO: Videos(db),
        FieldType.IMAGE: Pictures(),
    }
