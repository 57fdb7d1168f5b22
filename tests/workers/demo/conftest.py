"""The object store, empty; passwords that cost little to keep."""

from collections.abc import AsyncIterator

import pytest
from argon2 import PasswordHasher

from content.accounts import passwords
from infra.objects import ObjectStore
from infra.settings import Settings


@pytest.fixture
async def objects(settings: Settings) -> AsyncIterator[ObjectStore]:
    store = ObjectStore(settings)
    await store.ensure_bucket()
    yield store
    store.close()


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each set-up makes ten accounts, and a fifth of a second of work goes into a real hash."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
