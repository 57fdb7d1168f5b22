"""Sealed seeds: made and kept, encrypted, before their hash is logged.

From then on nobody can choose another split, and nobody who reads the database or a snapshot knows
what the next packet is worth.
"""

import secrets
from collections.abc import Iterable

from infra.mongo import Database, DuplicateKey
from infra.tokens import Tokens
from streaming.live_room.interactions.fair_split import SEED_BYTES

COLLECTION = "sealed_seeds"


class Seeds:
    """The seeds of all rains."""

    def __init__(self, db: Database, tokens: Tokens) -> None:
        self._seeds = db.collection(COLLECTION)
        self._tokens = tokens

    async def seal(self, envelope: str, log: str) -> str:
        """Make the seed of an envelope (hex), durable on a majority; again: the same seed."""
        seed = secrets.token_hex(SEED_BYTES)
        try:
            await self._seeds.insert_one({"_id": envelope, "log": log, "sealed": self._tokens.seal(seed)})
        except DuplicateKey:
            return (await self.open([envelope]))[envelope]
        return seed

    async def open(self, envelopes: Iterable[str]) -> dict[str, str]:
        """Give the seeds of envelopes, for the owner of their log."""
        found = await self._seeds.find({"_id": {"$in": list(envelopes)}})
        return {kept["_id"]: self._tokens.unseal(kept["sealed"]) for kept in found}
