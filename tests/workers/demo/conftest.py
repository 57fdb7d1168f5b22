"""The object store, empty."""

from collections.abc import AsyncIterator

import pytest

from infra.objects import ObjectStore
from infra.settings import Settings


@pytest.fixture
async def objects(settings: Settings) -> AsyncIterator[ObjectStore]:
    store = ObjectStore(settings)
    await store.ensure_bucket()
    yield store
    store.close()
