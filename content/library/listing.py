"""Lists of the library: base fields and extension fields asked for together."""

from collections.abc import Mapping
from typing import Any

from content.accounts.store import accounts
from content.authority import authorise
from content.contents.store import contents
from content.documents import titled
from content.library.views import LibraryPage, LibraryRow, Listing
from content.models import rules
from content.models.actions.finding import Finder
from content.models.views import Search
from content.programs.store import programs
from content.publishing.store import draft_id, drafts
from content.rooms.store import rooms
from infra.mongo import Database, plain
from schemas.accounts import Actor
from schemas.content import ContentKind, ContentState
from schemas.library import Noun
from schemas.models import Layer
from schemas.problems import CommonRefusal, FieldError, Refused
from schemas.publishing import DraftState

COLLECTIONS = {Noun.ROOMS: rooms.name, Noun.PROGRAMS: programs.name, Noun.CONTENTS: contents.name}
SHOWN = dict.fromkeys(
    (
        *("rev", "title", "cover", "state", "kind", "room", "program", "anchor", "starts_at", "published_at"),
        *("duration_ms", "products", "shelf.product", "pictures.key", "ext", "model"),
        *("created_at", "updated_at"),
    ),
    1,
)
LOOKED_AT = 1_000
"""Documents with the right extension fields that one call looks at for those with the right base fields."""
Doc = dict[str, Any]


async def list_library(db: Database, actor: Actor, wanted: Listing) -> LibraryPage:
    """List rooms, programs or contents for the people of their business.

    Raises Refused(no_model, invalid).
    """
    authorise(actor, rules.SEARCH, wanted.business)
    where = condition(wanted)
    if wanted.equal or wanted.within or wanted.sort:
        found, cursor, behind = await _by_fields(db, wanted, where)
    else:
        found, cursor, behind = *await _newest(db, wanted, where), False
    return LibraryPage(items=await _rows(db, wanted.noun, found), next_cursor=cursor, behind=behind)


def condition(wanted: Listing) -> Doc:
    """Make the filter of the base fields."""
    named = {"kind": wanted.kind, "room": wanted.room, "program": wanted.program, "anchor": wanted.anchor}
    where: Doc = {"business": wanted.business, **{name: value for name, value in named.items() if value}}
    if wanted.state:
        where["state"] = {"$in": wanted.state}
    if wanted.ids:
        where["_id"] = {"$in": wanted.ids}
    return {**where, **titled(wanted.words)}


def layer_for(wanted: Listing) -> Layer:
    """Tell whose extension fields are meant; raises Refused(invalid) when contents are of no one kind."""
    if wanted.noun is Noun.CONTENTS:
        if wanted.kind is None:
            error = FieldError(pointer="/kind", expected=f"one of {', '.join(ContentKind)}")
            raise Refused(CommonRefusal.INVALID, errors=[error])
        return Layer(wanted.kind)
    return Layer.ROOM if wanted.noun is Noun.ROOMS else Layer.PROGRAM


async def _newest(db: Database, wanted: Listing, where: Doc) -> tuple[list[Doc], str | None]:
    bounded = {"$and": [where, {"_id": {"$lt": wanted.cursor}}]} if wanted.cursor else where
    docs = await db.collection(COLLECTIONS[wanted.noun]).find(
        bounded, projection=SHOWN, sort=[("_id", -1)], limit=wanted.limit + 1
    )
    more = len(docs) > wanted.limit
    return docs[: wanted.limit], docs[wanted.limit - 1]["_id"] if more else None


async def _by_fields(db: Database, wanted: Listing, where: Doc) -> tuple[list[Doc], str | None, bool]:
    """Walk what the index of extension fields gives, and keep what the base fields allow."""
    search = Search(
        business=wanted.business,
        layer=layer_for(wanted),
        equal=wanted.equal,
        within=wanted.within,
        sort=wanted.sort,
        limit=100,
    )
    finder = await Finder.of(db, search)
    cursor = wanted.cursor
    kept: list[Doc] = []
    for _ in range(LOOKED_AT // search.limit):
        stretch = await finder.next(cursor)
        of = await _documents(db, wanted.noun, where, [one.id for one in stretch.found])
        for one in stretch.found:
            if one.id in of:
                kept.append(of[one.id])
            if len(kept) == wanted.limit:
                last = one is stretch.found[-1] and stretch.next_cursor is None
                return kept, None if last else one.cursor, finder.behind
        if stretch.next_cursor is None:
            return kept, None, finder.behind
        cursor = stretch.next_cursor
    return kept, cursor, finder.behind


async def _documents(db: Database, noun: Noun, where: Doc, ids: list[str]) -> dict[str, Doc]:
    wanted = {"$and": [{"_id": {"$in": ids}}, where]}
    docs = await db.collection(COLLECTIONS[noun]).find(wanted, projection=SHOWN)
    return {doc["_id"]: doc for doc in docs}


async def _rows(db: Database, noun: Noun, docs: list[Doc]) -> list[LibraryRow]:
    """Write rows with the names of what they belong to, each kind of name in one question."""
    named = {
        name: await _names(db, collection, field, {doc.get(name, "") for doc in docs})
        for name, collection, field in (
            ("room", rooms.name, "title"),
            ("program", programs.name, "title"),
            ("anchor", accounts.name, "name"),
        )
    }
    begun = await _drafts(db, [draft_id(doc["_id"]) for doc in docs])
    return [row(noun, plain(doc), named, begun.get(draft_id(doc["_id"]), {})) for doc in docs]


async def _drafts(db: Database, ids: list[str]) -> dict[str, Doc]:
    where = {"_id": {"$in": ids}, "state": {"$ne": DraftState.CLEAN}}
    docs = await drafts.collection(db).find(where, projection={"state": 1, "title": 1, "publish_at": 1})
    return {doc["_id"]: plain(doc) for doc in docs}


async def _names(db: Database, collection: str, field: str, ids: set[str]) -> dict[str, str]:
    wanted = sorted(ids - {""})
    if not wanted:
        return {}
    docs = await db.collection(collection).find({"_id": {"$in": wanted}}, projection={field: 1})
    return {doc["_id"]: doc[field] for doc in docs}


def _face(doc: Doc) -> str:
    """Give what a document is known by: its cover, or the first of its pictures where none is chosen."""
    pictures = doc.get("pictures") or [{"key": ""}]
    return str(doc.get("cover") or pictures[0]["key"])


def row(noun: Noun, doc: Doc, named: Mapping[str, Mapping[str, str]], draft: Doc) -> LibraryRow:
    """Write the row of a stored document and of its draft; an empty one: nothing is worked on."""
    never_shown = doc.get("state") == ContentState.PREPARING
    own = {Noun.ROOMS: Layer.ROOM, Noun.PROGRAMS: Layer.PROGRAM}
    room, program, anchor = doc.get("room", ""), doc.get("program", ""), doc.get("anchor", "")
    return LibraryRow(
        id=doc["_id"],
        rev=doc["rev"],
        layer=own.get(noun) or Layer(doc["kind"]),
        title=(draft if never_shown and draft else doc)["title"],
        cover=_face(doc),
        state=doc.get("state", ""),
        room=room,
        room_title=named["room"].get(room, ""),
        program=program,
        program_title=named["program"].get(program, ""),
        anchor=anchor,
        anchor_name=named["anchor"].get(anchor, ""),
        starts_at=doc.get("starts_at"),
        published_at=doc.get("published_at"),
        duration_ms=doc.get("duration_ms", 0),
        products=len(doc.get("shelf") or doc.get("products") or ()),
        draft=DraftState(draft.get("state", DraftState.CLEAN)),
        publish_at=draft.get("publish_at"),
        ext=doc.get("ext", {}),
        model=doc.get("model", ""),
        created_at=doc["created_at"],
        updated_at=doc["updated_at"],
    )
