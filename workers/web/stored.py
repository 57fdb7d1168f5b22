"""GET /o/{key}: stored objects, shown by sending the client to the object store for a short time."""

from content.authority import may
from content.contents import rules as contents
from content.contents.rules import is_public
from content.contents.store import by_object
from content.files import rules as files
from content.pictures.rules import PREFIX
from content.programs import rules as programs
from content.programs.rules import PUBLIC
from content.programs.store import by_cover
from infra.http import Access, Call, Redirect, Routes
from infra.mongo import Database
from schemas.accounts import Actor
from schemas.problems import CommonRefusal, Refused

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

    Uploaded pictures are public: they are made to be shown. So are open files.
    """
    if key.startswith(f"{PREFIX}/"):
        return True
    if key.startswith(f"{files.PREFIX}/"):
        own = files.business_of(key)
        if not own or may(actor, files.READ, own):
            return True
    if content := await by_object(db, key):
        return is_public(content) or may(actor, contents.READ, content.business)
    if program := await by_cover(db, key):
        return program.state in PUBLIC or may(actor, programs.READ, program.business)
    return False
