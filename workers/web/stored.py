"""GET /o/{key}: stored objects, shown by sending the client to the object store for a short time."""

from collections.abc import Sequence

import msgspec

from content.authority import may
from content.contents.rules import READ as READ_CONTENTS
from content.contents.sight import may_see as may_see_content
from content.contents.store import contents, showing
from content.files import rules as files
from content.models.showing import for_strangers
from content.pictures.rules import CONTRIBUTED, PREFIX
from content.programs.rules import READ as READ_PROGRAMS
from content.programs.sight import may_enter
from content.programs.store import by_cover, programs
from content.uses.rules import ref_of
from content.uses.store import uses
from infra.http import Access, Call, Redirect, Routes
from infra.mongo import Database
from schemas.accounts import Actor
from schemas.content import Content
from schemas.problems import CommonRefusal, Refused
from schemas.publishing import UseKind

routes = Routes("objects")

ADDRESS_S = 3600
CACHED_S = 600
"""Less than the address lives, so that a cached answer never leads to an expired one."""


@routes.get("/o/{key:path}", access=Access.PUBLIC)
async def show_object(call: Call[None, None]) -> Redirect:
    """Show a stored object: pictures, and the files of what is published or belongs to my business.

    `key` may hold slashes.
    """
    key = call.path["key"]
    if not await may_see(call.db, call.actor, key):
        raise Refused(CommonRefusal.NOT_FOUND, key=key)
    return Redirect(url=call.at.stored(call.objects.presign(key, ADDRESS_S)), max_age_s=CACHED_S)


async def may_see(db: Database, actor: Actor, key: str) -> bool:
    """Tell whether somebody may see an object.

    Uploaded pictures are public: they are made to be shown. So are open files. A picture or a player asks
    without saying for which channel: whoever knows the key has the content from there.
    """
    actor = msgspec.structs.replace(actor, channel="")
    if key.startswith(f"{PREFIX}/") or _is_her_own(actor, key):
        return True
    if key.startswith(f"{files.PREFIX}/"):
        own = files.business_of(key)
        if not own or may(actor, files.READ, own):
            return True
    if found := await showing(db, key):
        return await _may_see_any(db, actor, found)
    if key.startswith(f"{CONTRIBUTED}/"):
        return await _may_see_any(db, actor, await _telling(db, actor, key))
    if program := await by_cover(db, key):
        return may_enter(actor, program) or may(actor, READ_PROGRAMS, program.business)
    return False


def _is_her_own(actor: Actor, key: str) -> bool:
    """Tell whether somebody handed a picture in herself."""
    prefix, _, rest = key.partition("/")
    return prefix == CONTRIBUTED and not actor.guest and rest.split("/")[1:2] == [actor.id]


async def _telling(db: Database, actor: Actor, key: str) -> list[Content]:
    """Give the contents in whose extension fields, as the actor may read them, a contributor's picture is."""
    where = {"business": key.split("/")[1], "refs": ref_of(UseKind.PICTURE, key)}
    used = await uses.collection(db).find(where, projection={"document": 1}, limit=20)
    found = await contents.several(db, [str(one["document"]) for one in used])
    shown = await for_strangers(db, actor, list(found.values()))
    return [one for one in shown if key in msgspec.json.encode(one.ext).decode()]


async def _may_see_any(db: Database, actor: Actor, found: Sequence[Content]) -> bool:
    of = await programs.several(db, [one.program for one in found if one.program])
    return any(
        may(actor, READ_CONTENTS, one.business)
        or (not actor.guest and one.author == actor.id)
        or may_see_content(actor, one, of.get(one.program))
        for one in found
    )
