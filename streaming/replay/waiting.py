"""Waiting for the recorder: until the segment that holds a moment is closed, and no longer."""

import asyncio

from content.programs.store import programs
from infra.clock import now_ms
from infra.mongo import Database
from schemas.content import ProgramState
from schemas.media import Recording
from streaming.replay import store
from streaming.replay.clips.rules import Cover, cover

LOOK_S = 0.05
SETTLE_MS = 3_000
"""How long after a show stops the recorder may need to close its last segment."""


async def wait_for(db: Database, program: str, to_at: int) -> Recording | None:
    """Wait until a program's recording covers what comes before `to_at`, or will not any more.

    Gives its recording, None when there is none.
    """
    while True:
        recording = await store.recording_of(db, program)
        now = now_ms()
        finished = await _finished(db, program, recording, now - to_at)
        last = await store.last_segment(db, recording.id) if recording else None
        if cover(last, to_at, now=now, finished=finished) is not Cover.COMING:
            return recording
        await asyncio.sleep(LOOK_S)


async def wait_for_end(db: Database, program: str, patience_s: float) -> Recording | None:
    """Wait until a program's recording is complete, `patience_s` at most."""
    give_up_at = asyncio.get_running_loop().time() + patience_s
    while True:
        recording = await store.recording_of(db, program)
        if recording is None or recording.ended_at or asyncio.get_running_loop().time() >= give_up_at:
            return recording
        await asyncio.sleep(LOOK_S)


async def _finished(db: Database, program: str, recording: Recording | None, since_ms: int) -> bool:
    if recording is not None and recording.ended_at is not None:
        return True
    if since_ms <= SETTLE_MS:
        return False
    return (await programs.get(db, program)).state is not ProgramState.LIVE
