"""The lock on a real object store and a real database."""

from collections.abc import AsyncIterator

import pytest

from infra.clock import now_ms
from infra.mongo import Database
from infra.objects import ObjectStore
from infra.retention import Retained, Retention
from infra.settings import Settings
from schemas.base import DAY_MS

KEY = "seg/folder/000001.m4s"


@pytest.fixture
async def retention(db: Database) -> Retention:
    made = Retention(db)
    await made.ensure_indexes()
    return made


@pytest.fixture
async def store(settings: Settings, retention: Retention) -> AsyncIterator[ObjectStore]:
    store = ObjectStore(settings, retention.until_of_key)
    await store.ensure_bucket()
    yield store
    store.close()


async def test_what_is_locked_is_neither_deleted_nor_replaced(
    store: ObjectStore, retention: Retention
) -> None:
    until = now_ms() + DAY_MS
    await retention.keep("prg_1", "biz_1", until, ["seg/folder/"])
    await store.put(KEY, b"picture and sound", "video/mp4")
    for attempt in (store.delete(KEY), store.put(KEY, b"picture", "video/mp4")):
        with pytest.raises(Retained) as refused:
            await attempt
        assert (refused.value.what, refused.value.until) == (KEY, until)
    assert await store.get(KEY) == b"picture and sound"
    await store.put(KEY, b"picture and sound", "video/mp4")


async def test_what_is_not_under_the_lock_or_past_its_day_may_go(
    store: ObjectStore, retention: Retention
) -> None:
    await retention.keep("prg_1", "biz_1", now_ms() + DAY_MS, ["seg/folder/", "cover/prg_1."])
    await retention.keep("prg_2", "biz_1", now_ms() - 1, ["clip/prg_2/"])
    for key in ("seg/folder2/1.m4s", "cover/prg_10.jpg", "clip/prg_2/1.mp4"):
        await store.put(key, b"x", "video/mp4")
        await store.delete(key)
        assert await store.keys(key) == []
    assert await retention.until_of_key("cover/prg_1.jpg") > now_ms()


async def test_a_lock_only_grows(retention: Retention) -> None:
    await retention.keep("prg_1", "biz_1", 2_000, ["clip/prg_1/"])
    await retention.keep("prg_1", "biz_1", 1_000, [])
    assert await retention.until(["prg_1", "prg_2"]) == {"prg_1": 2_000}
    await retention.keep("prg_1", "biz_1", 3_000, ["seg/f/"])
    assert [await retention.until_of_key(key) for key in ("clip/prg_1/a.mp4", "seg/f/1")] == [3_000, 3_000]


async def test_a_prefix_that_no_key_would_find_is_a_mistake_that_shows(retention: Retention) -> None:
    with pytest.raises(ValueError, match="expected prefixes that end with"):
        await retention.keep("prg_1", "biz_1", 1, ["clip/prg_1"])
