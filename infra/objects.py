"""The object store: any S3, through boto3, in threads.

Every upload is checked: the SHA-256 travels with the object and size and checksum are read back
before `put` returns, so a caller may then let go of its own copy.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import msgspec
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.clock import now_ms
from infra.retention import Retained
from infra.secrets import s3_keys
from infra.settings import Settings

THREADS = 8
LISTED_AT_ONCE = 1000
CHECKSUM = "sha256"
"""Name of the user metadata that carries the checksum."""
ABSENT = ("404", "NoSuchKey", "NotFound", "NoSuchBucket")


Guard = Callable[[str], Awaitable[int]]
"""Tells until when (epoch ms) the object of a key must be kept; in the past or 0: it may go."""


async def nothing_kept(_key: str) -> int:
    """Let everything go: for stores of which nothing is ever deleted, and for tests."""
    return 0


class ObjectMissing(Exception):
    """There is no such object."""


class StoreUnavailable(Exception):
    """The object store did not answer as it should; the call may be tried again."""


class ObjectInfo(msgspec.Struct, frozen=True):
    """What the store says of an object."""

    key: str
    size: int
    content_type: str
    sha256: str


@cache
def _session() -> boto3.session.Session:
    """One for all: it reads large descriptions of the service, which takes longer than a client."""
    return boto3.session.Session()


class ObjectStore:
    """One bucket. What `guard` says must be kept is neither deleted nor replaced by other bytes."""

    def __init__(self, settings: Settings, guard: Guard = nothing_kept) -> None:
        self._guard = guard
        access, secret = s3_keys(settings)
        config = Config(
            signature_version="s3v4",
            connect_timeout=3,
            read_timeout=30,
            retries={"max_attempts": 2, "mode": "standard"},
            max_pool_connections=THREADS,
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        self._s3: Any = _session().client(
            "s3",
            endpoint_url=settings.s3_url,
            region_name=settings.s3_region,
            aws_access_key_id=access,
            aws_secret_access_key=secret,
            config=config,
        )
        self._bucket = settings.s3_bucket
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="s3")

    async def ensure_bucket(self) -> None:
        """Create the bucket unless it exists."""
        await self._run(self._ensure_bucket)

    async def put(self, key: str, body: bytes | Path, content_type: str) -> ObjectInfo:
        """Store an object and read back its size and checksum.

        Raises StoreUnavailable; Retained for other bytes under a key that must be kept.
        """
        if (until := await self._guard(key)) > now_ms():
            await self._run(self._check_same, key, body, until)
        info: ObjectInfo = await self._run(self._put, key, body, content_type)
        return info

    async def get(self, key: str) -> bytes:
        """Read an object; raises ObjectMissing, StoreUnavailable."""
        body: bytes = await self._run(
            lambda: self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        )
        return body

    async def head(self, key: str) -> ObjectInfo:
        """Tell size, type and checksum; raises ObjectMissing, StoreUnavailable."""
        info: ObjectInfo = await self._run(self._head, key)
        return info

    async def delete(self, key: str) -> None:
        """Delete an object; one that is not there is fine. Raises Retained, StoreUnavailable."""
        if (until := await self._guard(key)) > now_ms():
            raise Retained(key, until)
        await self._run(lambda: self._s3.delete_object(Bucket=self._bucket, Key=key))

    async def keys(self, prefix: str) -> list[str]:
        """List the objects whose key begins with `prefix`, in order."""
        found: list[str] = await self._run(self._keys, prefix)
        return found

    async def ping(self) -> None:
        """Raise StoreUnavailable unless the bucket answers."""
        await self._run(lambda: self._s3.head_bucket(Bucket=self._bucket))

    def presign(self, key: str, expires_s: int) -> str:
        """Make an address under which anyone may read the object for `expires_s` seconds."""
        url: str = self._s3.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=expires_s
        )
        return url

    def close(self) -> None:
        """Let go of connections and threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._s3.close()

    async def _run(self, call: Any, *args: Any) -> Any:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, call, *args)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in ABSENT:
                raise ObjectMissing(str(error)) from error
            raise StoreUnavailable(str(error)) from error
        except (BotoCoreError, Boto3Error) as error:
            raise StoreUnavailable(str(error)) from error

    def _keys(self, prefix: str) -> list[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix, PaginationConfig={"PageSize": LISTED_AT_ONCE}
        )
        return [item["Key"] for page in pages for item in page.get("Contents", ())]

    def _ensure_bucket(self) -> None:
        try:
            self._s3.head_bucket(Bucket=self._bucket)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") not in ABSENT:
                raise
            self._s3.create_bucket(Bucket=self._bucket)

    def _put(self, key: str, body: bytes | Path, content_type: str) -> ObjectInfo:
        sha256 = _sha256(body)
        if isinstance(body, Path):
            size = body.stat().st_size
            extra = {"ContentType": content_type, "Metadata": {CHECKSUM: sha256}}
            self._s3.upload_file(str(body), self._bucket, key, ExtraArgs=extra)
        else:
            size = len(body)
            self._s3.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType=content_type, Metadata={CHECKSUM: sha256}
            )
        stored = self._head(key)
        if (stored.size, stored.sha256) != (size, sha256):
            raise StoreUnavailable(f"{key}: sent {size} bytes {sha256}, the store has {stored}")
        return stored

    def _check_same(self, key: str, body: bytes | Path, until: int) -> None:
        try:
            kept = self._head(key)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in ABSENT:
                return
            raise
        if kept.sha256 != _sha256(body):
            raise Retained(key, until)

    def _head(self, key: str) -> ObjectInfo:
        head = self._s3.head_object(Bucket=self._bucket, Key=key)
        return ObjectInfo(
            key,
            int(head["ContentLength"]),
            str(head.get("ContentType", "")),
            head["Metadata"].get(CHECKSUM, ""),
        )


def _sha256(body: bytes | Path) -> str:
    if isinstance(body, bytes):
        return hashlib.sha256(body).hexdigest()
    with body.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
