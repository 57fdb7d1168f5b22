"""What keeping the faces of documents asks for, read for many of them before the first is changed."""

from collections.abc import Sequence

from content.models.store import facets
from content.publishing.store import draft_id, drafts, last_revisions, revisions
from content.uses.store import entry_ids, uses
from infra.mongo import Batch, Session


async def read_ahead(batch: Batch, session: Session, documents: Sequence[str]) -> None:
    """Read drafts, uses, facets and newest revisions, a call for each kind and none for each document."""
    await batch.collection(drafts.name).read_ahead([draft_id(one) for one in documents])
    await batch.collection(uses.name).read_ahead([name for one in documents for name in entry_ids(one)])
    await batch.collection(facets.name).read_ahead(documents)
    session.ahead[revisions.name] = dict.fromkeys(documents) | await last_revisions(batch, documents)
