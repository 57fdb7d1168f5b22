"""Where the documents of a layer are, and which layer a document is of."""

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
    match identifier.partition("_")[0]:
        case "rm":
            return await rooms.get(db, identifier, session)
        case "prg":
            return await programs.get(db, identifier, session)
        case "cnt":
            return await contents.get(db, identifier, session)
    raise Refused(CommonRefusal.NOT_FOUND, id=identifier)


async def anchor_of(db: Database, document: Modelled, session: Session | None = None) -> str:
    """Tell whose a document is: a content is its program's anchor's; empty: nobody leads it."""
    if isinstance(document, Content):
        return (await programs.get(db, document.program, session)).anchor if document.program else ""
    return document.anchor


async def replace_document(db: Database, session: Session, document: Modelled) -> Modelled:
    """Store an edited document over the revision it was read at."""
    stored: Modelled = await _kept_in(document).replace(db, session, document)
    return stored


def _kept_in(document: Modelled) -> Documents[Any]:
    if isinstance(document, Content):
        return contents
    return rooms if isinstance(document, Room) else programs
