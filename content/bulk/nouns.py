"""The nouns of this floor."""

from collections.abc import Sequence
from typing import Any

import msgspec

from content.accounts import rules as accounts
from content.accounts.actions import set_roles
from content.accounts.store import accounts as people
from content.authority import authorise
from content.bulk.noun import Fields, Noun
from content.contents import rules as contents
from content.contents.actions import create_content, edit_content
from content.contents.store import contents as stored_contents
from content.contents.views import ContentEdit, NewContent
from content.creators import rules as creators
from content.creators.actions import admit_creator, edit_creator
from content.creators.store import creators as stored_creators
from content.creators.views import CreatorEdit, NewCreator
from content.members.actions import add_member
from content.members.views import NewMember, Roles
from content.models import rules as models
from content.models.actions.drafting import create_model, save_draft
from content.models.store import models as stored_models
from content.models.views import NewModel, Schema
from content.programs import rules as programs
from content.programs.actions import create_program, edit_program
from content.programs.store import programs as stored_programs
from content.programs.views import NewProgram, ProgramEdit
from content.rooms import rules as rooms
from content.rooms.actions import create_room, edit_room
from content.rooms.store import rooms as stored_rooms
from content.rooms.views import NewRoom, RoomEdit
from content.tags import rules as tags
from content.tags.actions import create_category, create_tag, edit_tag
from content.tags.store import tags as stored_tags
from content.tags.store import tree_of
from content.tags.views import NewCategory, NewTag, TagEdit
from infra.mongo import Database
from schemas.accounts import Account, Actor
from schemas.base import Document, Title, Value
from schemas.bulk import NounName
from schemas.models import ContentModel, Layer
from schemas.tags import Tag, TagCategory

Unset = msgspec.UnsetType
UNSET = msgspec.UNSET
MOMENTS = ("state", "created_at", "updated_at")


class RolesEdit(Value, frozen=True, kw_only=True):
    """The roles a member has from now on."""

    roles: Roles | Unset = UNSET


class NewDraftModel(Value, frozen=True, kw_only=True):
    """A model with its draft."""

    business: str
    layer: Layer
    schema: Schema


class DraftEdit(Value, frozen=True, kw_only=True):
    """Another draft of a model."""

    schema: Schema | Unset = UNSET


class NewTagAt(Value, frozen=True, kw_only=True):
    """A tag and where it stands: the names of the categories from the top, with `/` between them."""

    business: str
    name: Title
    category: str


class TagNameEdit(Value, frozen=True, kw_only=True):
    """What a row changes of a tag."""

    name: Title | Unset = UNSET
    active: bool | Unset = UNSET


async def _edit_room(db: Database, actor: Actor, identifier: str, edit: Any, rev: int) -> Document:
    return await edit_room(db, actor, identifier, edit, rev=rev)


async def _edit_program(db: Database, actor: Actor, identifier: str, edit: Any, rev: int) -> Document:
    return await edit_program(db, actor, identifier, edit, rev=rev)


async def _edit_content(db: Database, actor: Actor, identifier: str, edit: Any, rev: int) -> Document:
    return await edit_content(db, actor, identifier, edit, rev=rev)


async def _edit_creator(db: Database, actor: Actor, identifier: str, edit: Any, rev: int) -> Document:
    return await edit_creator(db, actor, identifier, edit, rev=rev)


async def _edit_tag(db: Database, actor: Actor, identifier: str, edit: Any, rev: int) -> Document:
    given = {name: value for name in ("name", "active") if (value := getattr(edit, name)) is not UNSET}
    return await edit_tag(db, actor, identifier, TagEdit(**given), rev=rev)


async def _create_model(db: Database, actor: Actor, new: NewDraftModel) -> ContentModel:
    begun = await create_model(db, actor, NewModel(business=new.business, layer=new.layer))
    return await save_draft(db, actor, begun.id, new.schema, rev=begun.rev)


async def _edit_model(db: Database, actor: Actor, identifier: str, edit: DraftEdit, rev: int) -> Document:
    assert edit.schema is not UNSET  # a row that changes nothing is not carried out
    return await save_draft(db, actor, identifier, edit.schema, rev=rev)


async def _models_of(db: Database, business: str, rows: Sequence[Fields]) -> list[str]:
    docs = await stored_models.collection(db).find({"business": business}, projection={"layer": 1})
    known = {doc["layer"]: doc["_id"] for doc in docs}
    return [known.get(row.get("layer"), "") for row in rows]


def _show_model(model: ContentModel, _business: str) -> dict[str, Any]:
    return {**msgspec.to_builtins(model), "schema": msgspec.json.decode(model.draft)}


async def _members_of(db: Database, business: str, rows: Sequence[Fields]) -> list[str]:
    logins = {accounts.fold_login(str(row.get("login") or "")): None for row in rows}
    docs = await people.collection(db).find(
        {"login": {"$in": list(logins)}, "businesses": business}, projection={"login": 1}
    )
    known = {doc["login"]: doc["_id"] for doc in docs}
    return [known.get(accounts.fold_login(str(row.get("login") or "")), "") for row in rows]


def _show_member(account: Account, business: str) -> dict[str, Any]:
    roles = sorted(account.roles.get(business, ()))
    return {
        "id": account.id,
        "rev": account.rev,
        "login": account.login,
        "name": account.name,
        "roles": roles,
    }


def members_of(business: str) -> Noun:
    """Give the members of a business: accounts stand beside businesses, so their noun names one."""

    async def change(db: Database, actor: Actor, identifier: str, edit: RolesEdit, rev: int) -> Document:
        assert edit.roles is not UNSET  # a row that changes nothing is not carried out
        return await set_roles(db, actor, identifier, business, edit.roles, rev=rev)

    return Noun(
        documents=people,
        read=accounts.LIST,
        new=NewMember,
        edit=RolesEdit,
        create=add_member,
        change=change,
        within=lambda name: {"businesses": name, "service": {"$ne": True}},
        shown=_show_member,
        find=_members_of,
        keys=("login",),
        told=("name",),
        words="name",
    )


async def _create_tag(db: Database, actor: Actor, new: NewTagAt) -> Tag:
    """Make a tag, and the categories above it that are not there."""
    authorise(actor, tags.EDIT, new.business)
    tree = {(one.parent, one.name): one for one in await tree_of(db, new.business)}
    parent = ""
    for name in (part.strip() for part in new.category.split("/") if part.strip()):
        above = tree.get((parent, name))
        if above is None:
            fresh = NewCategory(business=new.business, name=name, parent=parent)
            above = await create_category(db, actor, fresh)
        parent = above.id
    return await create_tag(db, actor, NewTag(category=parent, name=new.name))


def _paths(tree: Sequence[TagCategory]) -> dict[str, str]:
    names = {one.id: one.name for one in tree}
    return {one.id: "/".join(names.get(above, "") for above in (*one.path, one.id)) for one in tree}


async def _tags_of(db: Database, business: str, rows: Sequence[Fields]) -> list[str]:
    paths = _paths(await tree_of(db, business))
    wanted = {"business": business, "name": {"$in": [str(row.get("name")) for row in rows]}}
    docs = await stored_tags.collection(db).find(wanted)
    known = {(paths.get(doc["category"], ""), doc["name"]): doc["_id"] for doc in docs}
    return [known.get((str(row.get("category") or ""), row.get("name")), "") for row in rows]


async def content_nouns(db: Database, business: str) -> dict[NounName, Noun]:
    """Give the nouns of this floor, for a business."""
    paths = _paths(await tree_of(db, business))

    def show_tag(tag: Tag, _business: str) -> dict[str, Any]:
        return {**msgspec.to_builtins(tag), "category": paths.get(tag.category, "")}

    return {
        NounName.ROOMS: Noun(
            documents=stored_rooms,
            read=rooms.READ,
            new=NewRoom,
            edit=RoomEdit,
            create=create_room,
            change=_edit_room,
            told=("tags", "created_at", "updated_at"),
            layers=(Layer.ROOM,),
        ),
        NounName.PROGRAMS: Noun(
            documents=stored_programs,
            read=programs.READ,
            new=NewProgram,
            edit=ProgramEdit,
            create=create_program,
            change=_edit_program,
            told=("tags", "went_live_at", "ended_at", *MOMENTS),
            narrows=("state", "room"),
            layers=(Layer.PROGRAM,),
        ),
        NounName.CONTENTS: Noun(
            documents=stored_contents,
            read=contents.READ,
            new=NewContent,
            edit=ContentEdit,
            create=create_content,
            change=_edit_content,
            told=("products", "tags", "origin", "duration_ms", "published_at", *MOMENTS),
            narrows=("state", "kind", "program", "room"),
            layers=tuple(one for one in Layer if one not in (Layer.ROOM, Layer.PROGRAM)),
        ),
        NounName.CREATORS: Noun(
            documents=stored_creators,
            read=creators.READ,
            new=NewCreator,
            edit=CreatorEdit,
            create=admit_creator,
            change=_edit_creator,
            told=MOMENTS,
            narrows=("state", "kind"),
            words="name",
        ),
        NounName.TAGS: Noun(
            documents=stored_tags,
            read=tags.READ,
            new=NewTagAt,
            edit=TagNameEdit,
            create=_create_tag,
            change=_edit_tag,
            shown=show_tag,
            find=_tags_of,
            keys=("category",),
            narrows=("category",),
            words="name",
        ),
        NounName.MODELS: Noun(
            documents=stored_models,
            read=models.READ,
            new=NewDraftModel,
            edit=DraftEdit,
            create=_create_model,
            change=_edit_model,
            shown=_show_model,
            find=_models_of,
            keys=("layer",),
            told=("latest", "updated_at"),
            narrows=("layer",),
            words="layer",
        ),
        NounName.MEMBERS: members_of(business),
    }
