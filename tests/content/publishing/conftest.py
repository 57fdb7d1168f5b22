import os
from collections.abc import AsyncIterator

import msgspec
import pytest

from infra.mongo import Database, connect
from infra.settings import Settings
from tests.content.models.office import Office, open_office


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """One database for all tests here: each has a business of its own in it."""
    return msgspec.structs.replace(settings, mongodb_database=f"kaibo_publishing_{os.getpid()}")


@pytest.fixture
async def db(settings: Settings) -> AsyncIterator[Database]:
    database = await connect(settings)
    yield database
    database.close()


@pytest.fixture
async def office(db: Database) -> Office:
    return await open_office(db)
