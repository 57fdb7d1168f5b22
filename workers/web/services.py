"""What every request needs, opened once per process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

import commerce.indexes
import content.indexes
from content.accounts.actions import ensure_operator
from infra import jobs, outbox
from infra.mongo import Database, connect
from infra.objects import ObjectStore
from infra.retention import Retention
from infra.secrets import operator_password, signing_secret
from infra.settings import Settings
from infra.tokens import Tokens
from workers.web import idempotency


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """Database, object store and the key of tokens."""

    db: Database
    objects: ObjectStore
    settings: Settings
    tokens: Tokens


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Connect, and create the indexes, the bucket and the first operator that are missing."""
    async with connected(settings) as services:
        await prepare(services)
        yield services


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Services]:
    """Connect only: everything is there."""
    db = await connect(settings)
    objects = ObjectStore(settings, Retention(db).until_of_key)
    try:
        yield Services(db=db, objects=objects, settings=settings, tokens=Tokens(signing_secret(settings)))
    finally:
        objects.close()
        db.close()


async def prepare(services: Services) -> None:
    """Create the indexes, the bucket and the first operator that are missing."""
    db = services.db
    await services.objects.ensure_bucket()
    for floor in (content.indexes, commerce.indexes, outbox, jobs, idempotency):
        await floor.ensure_indexes(db)
    await Retention(db).ensure_indexes()
    await ensure_operator(db, operator_password(services.settings))
