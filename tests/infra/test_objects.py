import hashlib
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from infra.objects import ObjectMissing, ObjectStore, StoreUnavailable
from infra.settings import Settings
from tests.http import plain_http


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[ObjectStore]:
    store = ObjectStore(settings)
    await store.ensure_bucket()
    await store.ensure_bucket()
    yield store
    store.close()


async def test_bytes_come_back_as_they_went(store: ObjectStore) -> None:
    info = await store.put("a/b.txt", b"hello", "text/plain")
    assert (info.size, info.content_type, info.sha256) == (
        5,
        "text/plain",
        hashlib.sha256(b"hello").hexdigest(),
    )
    assert await store.get("a/b.txt") == b"hello"


async def test_a_large_file_goes_in_parts(store: ObjectStore, tmp_path: Path) -> None:
    path = tmp_path / "big"
    path.write_bytes(bytes(range(256)) * 80_000)
    info = await store.put("big", path, "video/mp4")
    assert info.size == 20_480_000
    assert hashlib.sha256(await store.get("big")).hexdigest() == info.sha256


async def test_a_missing_object_is_said(store: ObjectStore) -> None:
    with pytest.raises(ObjectMissing):
        await store.get("nowhere")
    with pytest.raises(ObjectMissing):
        await store.head("nowhere")
    await store.delete("nowhere")


async def test_a_signed_address_opens_one_object_only(store: ObjectStore) -> None:
    await store.put("seen", b"x" * 10, "image/png")
    await store.put("unseen", b"y", "image/png")
    url = store.presign("seen", 60)
    with urllib.request.urlopen(url, timeout=5) as answer:
        assert answer.read() == b"x" * 10
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(url.replace("/seen", "/unseen"), timeout=5)


async def test_a_store_that_is_away_is_said(settings: Settings, tmp_path: Path) -> None:
    store = ObjectStore(msgspec.structs.replace(settings, s3_endpoint="http://127.0.0.1:1"))
    file = tmp_path / "file"
    file.write_bytes(b"x")
    for body in (b"x", file):
        with pytest.raises(StoreUnavailable):
            await store.put("a", body, "text/plain")
    store.close()


async def test_objects_are_listed_by_prefix(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.objects.LISTED_AT_ONCE", 10)
    names = [f"seg/a/{n:02d}" for n in range(25)]
    for name in [*names, "seg/b/1"]:
        await store.put(name, b"x", "video/mp4")
    assert await store.keys("seg/a/") == names
    assert await store.keys("nothing/") == []


async def test_pages_of_another_origin_may_read_what_is_signed(store: ObjectStore) -> None:
    await store.put("seg/a/1.mp4", b"hello", "video/mp4")
    origin = {"Origin": "http://localhost:8000"}
    async with plain_http() as http:
        answer = await http.get(store.presign("seg/a/1.mp4", 60), headers=origin)
        asked = await http.options(store.presign("seg/a/1.mp4", 60), headers=origin)
        unsigned = await http.get(store.presign("seg/a/1.mp4", 60).partition("?")[0], headers=origin)
    assert (answer.status_code, answer.content) == (200, b"hello")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (asked.status_code, asked.headers["access-control-allow-headers"]) == (204, "range")
    assert unsigned.status_code == 403
