"""The programs' rules as the media plane asks for them."""

from collections.abc import Collection, Mapping

from content.programs import actions, store
from content.programs.rules import ON_AIR, OVER, is_recorded
from infra.mongo import Database
from infra.tokens import digest
from schemas.accounts import SYSTEM
from schemas.media import Stream
from streaming.media.ports import Admission, OnAir


class ContentPrograms:
    """`streaming.media.ports.Programs`, answered by content."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def admit(self, key: str) -> Admission:
        """The program that `key` opens."""
        admitted = await actions.admit_publish(self._db, key)
        return Admission(
            admitted.program_id,
            admitted.room_id,
            admitted.business_id,
            admitted.title,
            digest(key),
            admitted.recorded,
        )

    async def started(self, stream: Stream) -> None:
        """A picture arrives."""
        await actions.stream_started(self._db, stream.program, stream)

    async def interrupted(self, program_id: str, grace_ms: int) -> None:
        """The publisher is gone."""
        await actions.stream_interrupted(self._db, program_id, grace_ms)

    async def end(self, program_id: str, reason: str) -> None:
        """The publisher did not come back."""
        await actions.end_program(self._db, program_id, reason, SYSTEM)

    async def over(self, program_ids: Collection[str]) -> frozenset[str]:
        """Those that are over, or erased."""
        found = await store.programs.several(self._db, program_ids)
        return frozenset(program_ids) - {name for name, program in found.items() if program.state not in OVER}

    async def revoked(self, credentials: Mapping[str, str]) -> frozenset[str]:
        """Those whose key was rotated."""
        found = await store.programs.several(self._db, credentials)
        opening = await actions.keys_opening(self._db, list(found.values()))
        return frozenset(name for name, keys in opening.items() if credentials[name] not in keys)

    async def on_air(self) -> list[OnAir]:
        """All that are live or interrupted."""
        found = await store.in_states(self._db, sorted(ON_AIR))
        return [OnAir(program.id, program.business, is_recorded(program)) for program in found]
