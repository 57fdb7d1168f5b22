"""The nouns of this floor."""

from content.bulk.noun import Noun, by, called
from content.bulk.nouns.members import members_of
from content.bulk.nouns.models import MODELS
from content.bulk.nouns.tags import tags_of
from content.businesses import rules as businesses
from content.businesses.store import businesses as stored_businesses
from content.contents import rules as contents
from content.contents.actions import create_content, edit_content
from content.contents.store import contents as stored_contents
from content.contents.views import ContentEdit, NewContent
from content.creators import rules as creators
from content.creators.actions import admit_creator, edit_creator
from content.creators.store import creators as stored_creators
from content.creators.views import CreatorEdit, NewCreator
from content.programs import rules as programs
from content.programs.actions import create_program, edit_program
from content.programs.store import programs as stored_programs
from content.programs.views import NewProgram, ProgramEdit
from content.rooms import rules as rooms
from content.rooms.actions import create_room, edit_room
from content.rooms.store import rooms as stored_rooms
from content.rooms.views import NewRoom, RoomEdit
from infra.mongo import Database
from schemas.bulk import NounName
from schemas.models import Layer

MOMENTS = ("state", "created_at", "updated_at")
ROOMS = Noun(
    documents=stored_rooms,
    read=rooms.READ,
    new=NewRoom,
    edit=RoomEdit,
    create=create_room,
    change=edit_room,
    told=("tags", "created_at", "updated_at"),
    layers=(Layer.ROOM,),
)
PROGRAMS = Noun(
    documents=stored_programs,
    read=programs.READ,
    new=NewProgram,
    edit=ProgramEdit,
    create=create_program,
    change=edit_program,
    told=("tags", "went_live_at", "ended_at", *MOMENTS),
    narrows=by("state", "room"),
    layers=(Layer.PROGRAM,),
)
CONTENTS = Noun(
    documents=stored_contents,
    read=contents.READ,
    new=NewContent,
    edit=ContentEdit,
    create=create_content,
    change=edit_content,
    told=("products", "tags", "origin", "duration_ms", "published_at", *MOMENTS),
    narrows=by("state", "kind", "program", "room"),
    layers=tuple(one for one in Layer if one not in (Layer.ROOM, Layer.PROGRAM)),
)
CREATORS = Noun(
    documents=stored_creators,
    read=creators.READ,
    new=NewCreator,
    edit=CreatorEdit,
    create=admit_creator,
    change=edit_creator,
    told=MOMENTS,
    narrows=by("state", "kind"),
    words=called("name"),
)
BUSINESSES = Noun(
    documents=stored_businesses,
    read=businesses.READ,
    within=lambda business: {"_id": business} if business else {},
    told=("name", "slug", "review", "contributions", "created_at", "updated_at"),
    words=called("name"),
)


async def content_nouns(db: Database, business: str) -> dict[NounName, Noun]:
    """Give the nouns of this floor, for a business."""
    return {
        NounName.ROOMS: ROOMS,
        NounName.PROGRAMS: PROGRAMS,
        NounName.CONTENTS: CONTENTS,
        NounName.CREATORS: CREATORS,
        NounName.BUSINESSES: BUSINESSES,
        NounName.TAGS: await tags_of(db, business),
        NounName.MODELS: MODELS,
        NounName.MEMBERS: members_of(business),
    }
