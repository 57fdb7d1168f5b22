"""Documents found by their extension fields: every search reads one range of one index."""

import base64
from collections.abc import Mapping
from typing import Any

import msgspec

from content.authority import authorise
from content.models import rules
from content.models.layers import place_of
from content.models.rules import ModelRefusal
from content.models.rules.check import MAX_TOKENS
from content.models.rules.compiled import Compiled, compiled
from content.models.rules.facets import base, tokens_of, words_of
from content.models.rules.fields import Field
from content.models.store import behind, facets, of_layer, version_id, versions
from content.models.views import Hit, Hits, Search
from infra.mongo import Database, plain
from schemas.accounts import Actor
from schemas.models import ModelVersion
from schemas.problems import CommonRefusal, FieldError, Refused

SLOTS = ("n0", "n1")
NEWEST = ("", -1)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A search as the database is asked."""

    where: dict[str, Any]
    by: str
    """`n0`, `n1`; empty: by id."""
    order: int


class Found(msgspec.Struct, frozen=True):
    """A document that was found, and the cursor that leads on behind it."""

    id: str
    cursor: str


class Stretch(msgspec.Struct, frozen=True):
    """A part of what there is, in its order."""

    found: list[Found]
    next_cursor: str | None


class Finder:
    """Walks a range of the index of extension fields. Whoever uses it has authorised."""

    def __init__(self, db: Database, model: Compiled, wanted: Search, *, behind: bool) -> None:
        self.behind = behind
        self._db = db
        self._model = model
        self._wanted = wanted

    @classmethod
    async def of(cls, db: Database, wanted: Search) -> "Finder":
        """Prepare a search under the newest version of its layer; raises Refused(no_model)."""
        model = await of_layer(db, wanted.business, wanted.layer)
        if model is None or not model.latest:
            raise Refused(ModelRefusal.NO_MODEL, layer=wanted.layer)
        version = await versions.get(db, version_id(model.id, model.latest))
        is_behind = await behind(db, await _found_otherwise(db, version))
        return cls(db, compiled(version.text), wanted, behind=is_behind)

    async def next(self, cursor: str) -> Stretch:
        """Give the next stretch behind a cursor; raises Refused(invalid)."""
        wanted = msgspec.structs.replace(self._wanted, cursor=cursor)
        made = plan(self._model, wanted)
        sort = [(made.by, made.order), ("_id", made.order)] if made.by else [("_id", made.order)]
        docs = await self._db.collection(facets.name).find(
            made.where, projection={"model": 1, made.by or "_id": 1}, sort=sort, limit=wanted.limit + 1
        )
        shown = [plain(doc) for doc in docs[: wanted.limit]]
        found = [Found(doc["_id"], _cursor(doc.get(made.by), doc["_id"])) for doc in shown]
        return Stretch(found, found[-1].cursor if len(docs) > wanted.limit else None)


async def search(db: Database, actor: Actor, wanted: Search) -> Hits:
    """Find documents of a layer for the people of their business. Raises Refused(no_model, invalid)."""
    authorise(actor, rules.SEARCH, wanted.business)
    finder = await Finder.of(db, wanted)
    stretch = await finder.next(wanted.cursor)
    return Hits(
        items=await _hits(db, wanted, [one.id for one in stretch.found]),
        next_cursor=stretch.next_cursor,
        behind=finder.behind,
    )


def plan(model: Compiled, wanted: Search) -> Plan:
    """Turn a search into a range of an index; raises Refused(invalid) with the place of what can't be."""
    equal = _by_key(model.equal, wanted.equal, "/equal")
    ids = {equal[key].id: values for key, values in wanted.equal.items()}
    tokens = tokens_of(model, wanted.layer, ids)
    if len(tokens) > MAX_TOKENS:
        _refuse("/equal", f"at most {MAX_TOKENS} combinations", str(len(tokens)))
    where: dict[str, Any] = {
        "business": wanted.business,
        "fx": tokens[0] if len(tokens) == 1 else {"$in": tokens},
    }
    by, order = _order(model, wanted)
    for key, span in wanted.within.items():
        ranged = _by_key(model.ranges, wanted.within, "/within")[key]
        if SLOTS[model.ranges.index(ranged)] != by:
            _refuse(f"/within/{key}", "the field the list is sorted by", wanted.sort)
        ends = {"$gte": span.at_least, "$lte": span.at_most}
        where[by] = {name: value for name, value in ends.items() if value is not None} or {"$exists": True}
    if by and by not in where:
        where[by] = {"$exists": True}
    if wanted.words:
        looked_up = [f"{base(model, wanted.layer)} {word}" for word in words_of(wanted.words)]
        if not looked_up:
            _refuse("/words", "words to look for", wanted.words)
        where["words"] = {"$all": looked_up}
    return Plan(where=_after(where, wanted.cursor, by, order), by=by, order=order)


def _order(model: Compiled, wanted: Search) -> tuple[str, int]:
    key = wanted.sort.removeprefix("-") or next(iter(wanted.within), "")
    if not key:
        return NEWEST
    field = _by_key(model.ranges, {key: None}, "/sort" if wanted.sort else "/within")[key]
    return SLOTS[model.ranges.index(field)], -1 if wanted.sort.startswith("-") else 1


def _by_key(fields: list[Field], wanted: Mapping[str, Any], pointer: str) -> dict[str, Field]:
    known = {field.key: field for field in fields}
    for key in wanted:
        if key not in known:
            at = pointer if pointer == "/sort" else f"{pointer}/{key}"
            _refuse(at, f"one of {', '.join(sorted(known)) or 'no field'}", key)
    return known


def _after(where: dict[str, Any], cursor: str, by: str, order: int) -> dict[str, Any]:
    if not cursor:
        return where
    value, last = _read_cursor(cursor)
    beyond = "$lt" if order < 0 else "$gt"
    if not by:
        return {**where, "_id": {beyond: last}}
    return {"$and": [where, {"$or": [{by: {beyond: value}}, {by: value, "_id": {beyond: last}}]}]}


def _cursor(value: Any, identifier: str) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode([value, identifier])).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[str | int | float | None, str]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=tuple[str | int | float | None, str])
    except (ValueError, msgspec.DecodeError):
        _refuse("/cursor", "a cursor", cursor)
        raise


def _refuse(pointer: str, expected: str, got: str) -> None:
    error = FieldError(pointer=pointer, expected=expected, got=got[:60])
    raise Refused(CommonRefusal.INVALID, errors=[error])


async def _hits(db: Database, wanted: Search, ids: list[str]) -> list[Hit]:
    place = place_of(wanted.business, wanted.layer)
    names = dict.fromkeys(("title", "cover", "model", "ext", "updated_at"), 1)
    docs = await db.collection(place.collection).find({**place.where, "_id": {"$in": ids}}, projection=names)
    of = {doc.pop("_id"): plain(doc) for doc in docs}
    return [Hit(document=one, layer=wanted.layer, **of[one]) for one in ids if one in of]


async def _found_otherwise(db: Database, version: ModelVersion) -> list[str]:
    """List the versions of a model whose documents are found in another way than this one's."""
    mark = compiled(version.text).mark
    older = await versions.collection(db).find({"model": version.model, "number": {"$lt": version.number}})
    return [doc["_id"] for doc in older if compiled(doc["text"]).mark != mark]
