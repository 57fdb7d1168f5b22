"""All indexes of the content floor."""

from content import audit
from content.accounts import store as accounts
from content.audit import store as audit_trees
from content.bulk import store as bulk
from content.businesses import store as businesses
from content.contents import store as contents
from content.creators import store as creators
from content.files import store as files
from content.keys import store as keys
from content.library import store as library
from content.members import store as members
from content.models import store as models
from content.programs import store as programs
from content.publishing import store as publishing
from content.rooms import store as rooms
from content.tags import store as tags
from content.uses import store as uses
from infra.mongo import Database


async def ensure_indexes(db: Database) -> None:
    """Create what is missing; harmless when several processes do it at once."""
    await audit.ensure_indexes(db)
    await audit_trees.ensure_indexes(db)
    await bulk.ensure_indexes(db)
    await publishing.ensure_indexes(db)
    await uses.ensure_indexes(db)
    for store in (
        tags,
        files,
        accounts,
        members,
        keys,
        businesses,
        creators,
        rooms,
        programs,
        contents,
        models,
        library,
    ):
        await store.ensure_indexes(db)
