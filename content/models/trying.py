"""A draft tried on the documents that are there, in memory: what would become of each, counted."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from content.models.layers import Place
from content.models.moving import Versions, move
from content.models.rules.compiled import Compiled
from content.models.store import modelled
from infra.mongo import Database
from schemas.models import Counts, LeftBehind
from schemas.problems import FieldError

BATCH = 500
TOLD = 20


class Tally:
    """Counts what comes of moving documents under a draft; goes on from counts that were kept."""

    def __init__(self, new: Compiled, so_far: Counts) -> None:
        self._new = new
        self._field_of = {field.key: field.id for field in new.fields}
        self._told = list(so_far.left_behind)
        self._holding, self._failing_at = Counter(so_far.holding), Counter(so_far.failing_at)
        fates = {name: getattr(so_far, name) for name in ("unchanged", "changed", "failing")}
        self._fates = Counter(fates)

    def take(self, document: Mapping[str, Any], old: Compiled) -> None:
        """Move a document in memory and count what comes of it."""
        ext = document["ext"]
        moved = move(ext, old, self._new)
        same = old.mark == self._new.mark and moved.ext == ext
        self._fates["failing" if moved.errors else "unchanged" if same else "changed"] += 1
        self._holding.update(field.id for field in old.fields if field.key in ext)
        if moved.errors:
            self._failing_at.update({self._blamed(error) for error in moved.errors})
            if len(self._told) < TOLD:
                self._told.append(LeftBehind(document=document["_id"], errors=moved.errors[:5]))

    def _blamed(self, error: FieldError) -> str:
        key = error.pointer.split("/", 2)[1] if error.pointer else ""
        return self._field_of.get(key, key)

    @property
    def counts(self) -> Counts:
        """What was counted so far."""
        return Counts(
            documents=self._fates.total(),
            **self._fates,
            left_behind=self._told,
            holding=dict(self._holding),
            failing_at=dict(self._failing_at),
        )


async def look_at(db: Database, place: Place, after: str, known: Versions, tally: Tally) -> tuple[str, bool]:
    """Count the next documents; give the id of the last one, and whether there may be more."""
    docs = await modelled(db, place, after, BATCH)
    for doc in docs:
        tally.take(doc, await known.compiled(doc["model"]))
    return (docs[-1]["_id"] if docs else after), len(docs) == BATCH
