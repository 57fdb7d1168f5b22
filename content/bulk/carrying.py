"""Carrying a batch of planned rows out, in one transaction, through the actions of the API.

Rows that are refused before anything was written for them only count as failed. One that is refused later, or
collides in an index, spoils the transaction: then the batch is halved, until that row stands alone.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from content import audit
from content.authority import authorise
from content.bulk.noun import Noun
from content.bulk.planning import Planned
from content.bulk.store import external_keys, key_id
from content.models import rules as models
from content.models.actions.extending import store_extension, told_of
from content.models.moving import found_by
from content.models.store import keep_facets
from content.publishing.ahead import read_ahead
from infra.mongo import Batch, Database, DuplicateKey, Session
from schemas.accounts import Actor
from schemas.base import Document
from schemas.bulk import ExternalKey, NounName
from schemas.models import Extended
from schemas.problems import CommonRefusal, FieldError, Refused

Settle = Callable[[Session, Sequence[Planned]], Awaitable[bool]]
"""Writes beside the rows what they came to; False: nothing of this batch is to be done any more."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What is imported into, and as whom."""

    noun: Noun
    name: NounName
    business: str
    actor: Actor


class _Spoiled(Exception):
    """A row wrote something and was then refused: its transaction can't be kept."""

    def __init__(self, refused: Refused) -> None:
        self.refused = refused
        super().__init__(refused.code)


class _GivenUp(Exception):
    """The batch is not to be done."""


async def carry_out(db: Database, target: Target, rows: Sequence[Planned], settle: Settle) -> bool:
    """Carry rows out and settle them, all in one transaction, or in halves; False: `settle` said no."""
    try:
        refused = await _attempt(db, target, (), rows, settle)
    except _GivenUp:
        return False
    if refused is None:
        return True
    if len(rows) == 1:
        _fail(rows[0], refused)
        return await carry_out(db, target, rows, settle)
    for half in _halves(rows):
        if not await carry_out(db, target, half, settle):
            return False
    return True


async def try_out(
    db: Database, target: Target, rows: Sequence[Planned], before: Sequence[Planned] = ()
) -> None:
    """Carry rows out behind others and take all back: each says what it would come to."""

    async def take_back(_session: Session, _rows: Sequence[Planned]) -> bool:
        return False

    try:
        refused = await _attempt(db, target, before, rows, take_back)
    except _GivenUp:
        return
    if refused is not None and len(rows) == 1:
        _fail(rows[0], refused)
    elif refused is not None:
        first, second = _halves(rows)
        await try_out(db, target, first, before)
        await try_out(db, target, second, [*before, *first])


def _halves(rows: Sequence[Planned]) -> tuple[Sequence[Planned], Sequence[Planned]]:
    middle = len(rows) // 2
    return rows[:middle], rows[middle:]


async def _attempt(
    db: Database, target: Target, before: Sequence[Planned], rows: Sequence[Planned], settle: Settle
) -> Refused | None:
    """Carry rows out in one transaction; give why it can't be kept. Raises _GivenUp when `settle` says no."""

    async def work(session: Session) -> None:
        batch = Batch(db, session)
        ahead = [row.target for row in (*before, *rows) if row.target and not row.code]
        if ahead:
            await batch.collection(target.noun.documents.name).read_ahead(ahead)
            if target.noun.layers:
                await read_ahead(batch, session, ahead)
        for row in before:
            await _carry_row(batch, target, row)
        if len(rows) == 1:  # what turns it away is then known at once, and by its name
            await batch.flush()
            batch.gathering = False
        for row in rows:
            await _carry_row(batch, target, row)
        await batch.flush()
        if not await settle(session, rows):
            raise _GivenUp

    try:
        await db.transact(work)
    except _Spoiled as spoiled:
        return spoiled.refused
    except DuplicateKey:
        return Refused(CommonRefusal.CONFLICT)
    except OverflowError:  # an integer of more than eight bytes
        return Refused(CommonRefusal.INVALID, expected="smaller numbers")
    return None


async def _carry_row(batch: Batch, target: Target, row: Planned) -> None:
    if row.code or row.unchanged:
        return
    written = batch.writes
    try:
        await batch.transact(lambda session: _carry(batch, session, target, row))
    except Refused as refused:
        if batch.writes != written:
            raise _Spoiled(refused) from None
        _fail(row, refused)


async def _carry(batch: Batch, session: Session, target: Target, row: Planned) -> None:
    identifier = row.target
    if row.new is not None:
        made = await _make(batch, session, target, row)
        if getattr(made, "business", target.business) != target.business:
            raise Refused(CommonRefusal.NOT_FOUND)
        identifier = made.id
    elif row.edit is not None:
        assert target.noun.change is not None  # what can be made can be changed
        await target.noun.change(batch, target.actor, identifier, row.edit, rev=row.rev)
    if row.names:
        key = ExternalKey(id=key_id(target.business, target.name, row.external), document=identifier)
        await external_keys.insert(batch, session, key)
    if row.new is None and row.ext is not None and row.version is not None:
        authorise(target.actor, models.WRITE, target.business)
        await store_extension(batch, session, target.actor, identifier, row.version, row.ext)


async def _make(batch: Batch, session: Session, target: Target, row: Planned) -> Document:
    """Make a document, with its extension fields at once."""
    create = target.noun.create
    assert create is not None  # a noun that is only exported takes no files
    if row.ext is None or row.version is None:
        return await create(batch, target.actor, row.new)
    authorise(target.actor, models.WRITE, target.business)
    extended = Extended(ext=row.ext, model=row.version.id)
    made = await create(batch, target.actor, row.new, extended=extended)
    await keep_facets(batch, session, [found_by(row.version, made.id, row.ext)], anew=True)
    audit.tell(session, made.id, {"ext": ({}, told_of(row.version, row.ext))})
    return made


def _fail(row: Planned, refused: Refused) -> None:
    data: dict[str, Any] = dict(refused.data)
    errors: list[FieldError] = data.get("errors", [])
    if not errors:
        rest = {name: value for name, value in data.items() if name not in ("pointer", "expected")}
        got = str(data.get("got", "")) or ", ".join(f"{name}: {one}" for name, one in rest.items())
        errors = [
            FieldError(
                pointer=str(data.get("pointer", "")),
                expected=str(data.get("expected", "")),
                got=got[:200],
            )
        ]
    row.fail(*errors, code=str(refused.code))
