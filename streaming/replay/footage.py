"""The recorded bytes: on this machine's disk, or in the object store once they have left it."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from infra.objects import ObjectMissing, ObjectStore
from schemas.media import Recording, Segment


class FootageLost(Exception):
    """A recorded file is neither on the disk nor in the object store."""


def object_key(recording: Recording, file: str) -> str:
    """Name of a recorded file in the object store."""
    return f"seg/{recording.folder}/{file}"


class Footage:
    """The files of one recording; `folder` is where they are while they are on the disk."""

    def __init__(self, recording: Recording, root: Path, objects: ObjectStore) -> None:
        self._recording = recording
        self.folder = root / recording.folder
        self._objects = objects

    async def read(self, file: str) -> bytes:
        """Read a file, wherever it is; raises FootageLost, StoreUnavailable."""
        try:
            return await asyncio.to_thread((self.folder / file).read_bytes)
        except FileNotFoundError:
            pass
        try:
            return await self._objects.get(object_key(self._recording, file))
        except ObjectMissing as error:
            raise FootageLost(file) from error

    async def join(self, segments: Sequence[Segment], target: Path) -> None:
        """Write an init segment and what plays on from it as one fragmented mp4."""
        with target.open("wb") as joined:
            for file in (segments[0].init, *(segment.file for segment in segments)):
                joined.write(await self.read(file))

    async def unify(self, segments: Iterable[Segment]) -> list[Segment]:
        """Name alike the init segments that are alike.

        The recorder begins a new one at every reconnect; most are the same bytes again.
        """
        first_named: dict[bytes, str] = {}
        named: dict[str, str] = {}
        unified = []
        for segment in segments:
            if segment.init not in named:
                body = await self.read(segment.init)
                named[segment.init] = first_named.setdefault(body, segment.init)
            unified.append(msgspec.structs.replace(segment, init=named[segment.init]))
        return unified
