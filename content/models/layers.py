"""Where the documents of a layer are, and which layer a document is of."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from content.contents.store import contents
from content.documents import Documents
from content.programs.store import programs
from content.rooms.store import rooms
from infra.mongo import Database, Session
from schemas.content import Content, Program, Room
from schemas.models import Layer
from schemas.problems import CommonRefusal, Refused

Modelled = Room | Program | Content
_KEPT: Mapping[str, Documents[Any]] = {"rm": rooms, "prg": programs, "cnt": contents}
"""Where documents are kept, by how their ids begin."""


class Place(msgspec.Struct, frozen=True):
    """A collection and which of its documents are meant."""

    collection: str
    where: dict[str, Any]


def place_of(business: str, layer: Layer) -> Place:
    """Tell where a business's documents of a layer are."""
    if layer is Layer.ROOM:
        return Place(rooms.name, {"business": business})
    if layer is Layer.PROGRAM:
        return Place(programs.name, {"business": business})
    return Place(contents.name, {"business": business, "kind": layer})


def layer_of(document: Modelled) -> Layer:
    """Tell which layer a document is of."""
    if isinstance(document, Content):
        return Layer(document.kind)
    return Layer.ROOM if isinstance(document, Room) else Layer.PROGRAM


async def find_document(db: Database, identifier: str, session: Session | None = None) -> Modelled:
    """Give a document of any layer by its id; raises Refused(not_found)."""
    kept = kept_in(identifier)
    if kept is None:
        raise Refused(CommonRefusal.NOT_FOUND, id=identifier)
    found: Modelled = await kept.get(db, identifier, session)
    return found


async def find_documents(db: Database, identifiers: Iterable[str]) -> dict[str, Modelled]:
    """Give those of the documents that exist, of any layer, by id."""
    found: dict[str, Modelled] = {}
    for kept, those in by_kind(identifiers):
        found |= await kept.several(db, those)
    return found


def by_kind(identifiers: Iterable[str]) -> list[tuple[Documents[Any], list[str]]]:
    """Put ids together whose documents are kept together; those of no layer are left out."""
    wanted = list(identifiers)
    sorted_out = [(kept, [one for one in wanted if kept_in(one) is kept]) for kept in _KEPT.values()]
    return [(kept, those) for kept, those in sorted_out if those]


def kept_in(identifier: str) -> Documents[Any] | None:
    """Tell by an id where its document is kept; None: it is of no layer."""
    return _KEPT.get(identifier.partition("_")[0])


async def anchor_of(db: Database, document: Modelled, session: Session | None = None) -> str:
    """Tell whose a document is: a content is its program's anchor's; empty: nobody leads it."""
    if isinstance(document, Content):
        return (await programs.get(db, document.program, session)).anchor if document.program else ""
    return document.anchor


async def replace_document(db: Database, session: Session, document: Modelled) -> Modelled:
    """Store an edited document over the revision it was read at."""
    kept = next(one for one in _KEPT.values() if isinstance(document, one.kind))
    stored: Modelled = await kept.replace(db, session, document)
    return stored
