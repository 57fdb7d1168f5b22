"""Erase what a program left: once it is gone from the record, its recording, clips and covers go too."""

import asyncio
import shutil
from typing import Any

from content.programs.store import programs
from infra.clock import now_ms
from infra.jobs import Progress
from streaming.replay import store
from streaming.replay.footage import object_key
from streaming.replay.keeping import prefixes_of
from streaming.replay.workshop import Workshop


async def erase_footage(shop: Workshop, program_id: str, progress: Progress) -> dict[str, Any]:
    """Delete all objects, files and documents of an erased program; a program that is there is left alone."""
    if await programs.find(shop.db, {"_id": program_id}) is not None:
        return {"skipped": "program_exists"}
    locked = await shop.retention.until([program_id])
    if locked.get(program_id, 0) > now_ms():
        return {"skipped": "retained"}
    recording = await store.recording_of(shop.db, program_id)
    prefixes = prefixes_of(program_id)
    if recording is not None:
        prefixes.append(object_key(recording, ""))
    keys = [key for prefix in prefixes for key in await shop.objects.keys(prefix)]
    for done, key in enumerate(keys):
        await shop.objects.delete(key)
        if done % 50 == 0:
            await progress(done / len(keys))
    if recording is not None:
        folder = shop.footage(recording).folder
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        await store.forget(shop.db, recording)
    return {"objects": len(keys)}
