"""Writing the trail.

`Documents` notes here what a transaction inserts, replaces and deletes; `record` says who did it. The two
come together at the end of the transaction, so no action has to tell what it changed, and none can forget.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

import msgspec
import structlog

from content.audit.closing import in_time
from content.audit.rules.told import Told, difference, title_of
from content.models.rules.facets import words_of
from infra.clock import now_ms
from infra.mongo import Database, Session, plain, to_doc
from schemas.accounts import Actor
from schemas.audit import Change, Entry
from schemas.base import Document
from schemas.ids import new_id

COLLECTION = "audit"
MAX_WORDS = 24
MAX_ALSO = 20
_NOTED, _ENTRIES, _TOLD = "audit.noted", "audit.entries", "audit.told"

WHY: ContextVar[str] = ContextVar("why", default="")
"""The reason a caller gave for what she asks, when the action itself takes none."""

Doc = dict[str, Any]


class _Noted(msgspec.Struct):
    kind: type[Document]
    before: Doc
    after: Doc


async def ensure_indexes(db: Database) -> None:
    """Create the indexes: every search reads one range of one of them."""
    trail = db.collection(COLLECTION)
    await trail.ensure_index([("target", 1), ("_id", -1)], name="target")
    await trail.ensure_index([("business", 1), ("_id", -1)], name="business")
    for name in ("actor", "action", "words"):
        await trail.ensure_index([("business", 1), (name, 1), ("_id", -1)], name=name)


def note(session: Session, kind: type[Document], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Note how a transaction changes a document; empty: it was not there, or is no longer."""
    noted: dict[str, _Noted] = session.kept.setdefault(_NOTED, {})
    identifier = str(before.get("_id") or after.get("_id"))
    first = noted.get(identifier)
    noted[identifier] = _Noted(kind, first.before if first else dict(before), dict(after))


def tell(session: Session, target: str, told: Told) -> None:
    """Say what the entry of `target` tells of single fields: see `record`."""
    session.kept.setdefault(_TOLD, {}).setdefault(target, {}).update(told)


async def record(
    db: Database,
    session: Session,
    actor: Actor,
    action: str,
    *,
    target: str,
    business: str = "",
    data: dict[str, Any] | None = None,
    reason: str = "",
    told: Told | None = None,
) -> None:
    """Write that `actor` did `action` to `target`; what it changed is found at the end of the transaction.

    `told` replaces what is told of single fields: values of which only the caller knows whether they
    are personal.
    """
    entries: list[Entry] = session.kept.setdefault(_ENTRIES, [])
    tell(session, target, told or {})
    if not entries:
        session.lastly.append(lambda: _write(db, session))
    now = now_ms()
    entry = Entry(
        id=new_id("aud"),
        created_at=now,
        updated_at=now,
        action=action,
        target=target,
        business=business,
        actor=actor.id,
        actor_name=actor.name,
        request=str(structlog.contextvars.get_contextvars().get("request_id", "")),
        reason=reason or str((data or {}).get("reason", "")) or WHY.get(),
        data=data or {},
    )
    entries.append(entry)


async def _write(db: Database, session: Session) -> None:
    entries: list[Entry] = session.kept.pop(_ENTRIES)
    noted: dict[str, _Noted] = session.kept.pop(_NOTED, {})
    told: dict[str, Told] = session.kept.pop(_TOLD)
    whole = [_with_change(entry, noted.pop(entry.target, None), told[entry.target]) for entry in entries]
    others = [one for one in noted.values() if one.before]
    changes = [difference(one.kind, plain(one.before), one.after) for one in others]
    if also := [one for one in changes if one.before or one.after][:MAX_ALSO]:
        whole[0] = msgspec.structs.replace(whole[0], also=also)
    written = [await in_time(db, session, entry) for entry in whole]
    await db.collection(COLLECTION).insert_many([to_doc(entry) for entry in written], session=session)


def _with_change(entry: Entry, noted: _Noted | None, told: Told) -> Entry:
    title, change = "", Change(document=entry.target)
    if noted is not None:
        title = title_of(noted.kind, noted.after or noted.before)
        change = difference(noted.kind, plain(noted.before), noted.after, told)
    words = words_of(f"{title} {entry.reason}")[:MAX_WORDS]
    return msgspec.structs.replace(entry, title=title, words=words, before=change.before, after=change.after)
