"""References this floor answers for itself: creators, tags, pictures, files, videos."""

from collections.abc import Sequence

from content.contents.store import contents
from content.creators.store import creators
from content.files.store import keys_of
from content.models.ports import Kinds
from content.models.rules.values import Reference
from content.pictures.rules import PREFIX
from content.tags.store import categories, tags
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


class Files:
    """Uploaded files."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def existing(self, business: str, wanted: Sequence[Reference]) -> set[str]:
        """Give those that are files of the business."""
        return await keys_of(self._db, business, [one.id for one in wanted])


class Tags:
    """Tags of the business, each in the category its field says or in one below it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def existing(self, business: str, wanted: Sequence[Reference]) -> set[str]:
        """Give those that stand where every reference to them wants them."""
        found = await tags.several(self._db, [one.id for one in wanted])
        held = await categories.several(self._db, [one.category for one in found.values()])
        under = {one.id: {one.category, *held[one.category].path} for one in found.values()}
        astray = {one.id for one in wanted if one.category and one.category not in under.get(one.id, ())}
        return {one.id for one in found.values() if one.business == business} - astray


def own_kinds(db: Database) -> Kinds:
    """Give what this floor answers for."""
    return {
        FieldType.CREATOR: Creators(db),
        FieldType.VIDEO: Videos(db),
        FieldType.IMAGE: Pictures(),
        FieldType.FILE: Files(db),
        FieldType.TAG_CATEGORY: Tags(db),
    }
