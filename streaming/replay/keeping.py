"""The lock on what a selling show leaves: its recording, clips and cover, from its first minute on.

The record itself (room log, marks, rains, orders) is never deleted by anything but erasing the program,
which asks for the lock.
"""

from content.programs.rules import sells
from content.programs.store import programs
from infra.clock import now_ms
from streaming.replay import store
from streaming.replay.footage import object_key
from streaming.replay.workshop import Workshop


def prefixes_of(program: str) -> list[str]:
    """Give the keys of what is made of a program: its clips and its cover."""
    return [f"clip/{program}/", f"cover/{program}."]


async def keep_show(shop: Workshop, program_id: str) -> None:
    """Lock what a show left so far, if it sells; told again, the lock only grows."""
    program = await programs.find(shop.db, {"_id": program_id})
    if program is None or not sells(program):
        return
    recording = await store.recording_of(shop.db, program_id)
    footage = [object_key(recording, "")] if recording else []
    until = (program.ended_at or now_ms()) + shop.retention_ms
    await shop.retention.keep(program.id, program.business, until, [*prefixes_of(program.id), *footage])
