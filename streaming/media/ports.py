"""What the media plane asks of the floors below; `workers.media` wires it."""

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol

from schemas.media import Stream


class Admission(NamedTuple):
    """Which program a stream key opens; `credential` stands for the key in `revoked`."""

    program_id: str
    room_id: str
    business_id: str
    title: str
    credential: str
    recorded: bool = True
    """Whether what it sends is kept beyond what its viewers need."""


class OnAir(NamedTuple):
    """A program that the record says is live or interrupted."""

    program_id: str
    business_id: str
    recorded: bool = True


class Programs(Protocol):
    """The programs' rules. Every call may raise infra.mongo's Unavailable or Unknown, and is idempotent."""

    async def admit(self, key: str) -> Admission:
        """The program that `key` opens. Raises Refused: key_unknown, key_expired, program_ended, others."""

    async def started(self, stream: Stream) -> None:
        """A picture arrives: the program is live. Raises Refused if it may not be."""

    async def interrupted(self, program_id: str, grace_ms: int) -> None:
        """The publisher is gone; it has `grace_ms` to come back."""

    async def end(self, program_id: str, reason: str) -> None:
        """The publisher did not come back: the program is over."""

    async def over(self, program_ids: Collection[str]) -> frozenset[str]:
        """Those of `program_ids` that are over, whoever ended them."""

    async def revoked(self, credentials: Mapping[str, str]) -> frozenset[str]:
        """Those programs (id to credential) whose credential no longer opens them: another key was issued."""

    async def on_air(self) -> list[OnAir]:
        """All programs that are live or interrupted."""
