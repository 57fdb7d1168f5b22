import pytest

from infra.mongo import Database
from tests.content.models.office import Office, open_office


@pytest.fixture
async def office(db: Database) -> Office:
    return await open_office(db)
