"""Sealed seeds: made and kept, encrypted, before their hash is logged.

From then on nobody can choose another split, and nobody who reads the database or a snapshot knows
what the next packet is worth.
"""

import secrets

from infra.mongo import Database, DuplicateKey
from infra.telemetry import get_logger
from infra.tokens import TokenInvalid, Tokens
from schemas.problems import CommonRefusal, Refused
from streaming.live_room.interactions.fair_split import SEED_BYTES

COLLECTION = "sealed_seeds"

log = get_logger("rain")


class Seeds:
    """The seeds of all rains."""

    def __init__(self, db: Database, tokens: Tokens) -> None:
        self._seeds = db.collection(COLLECTION)
        self._tokens = tokens

    async def seal(self, envelope: str, log: str) -> str:
        """Make the seed of an envelope (hex), durable on a majority; again: the same seed.

        Raises Refused(internal) when the one that was made before can't be opened.
        """
        seed = secrets.token_hex(SEED_BYTES)
        try:
            await self._seeds.insert_one({"_id": envelope, "log": log, "sealed": self._tokens.seal(seed)})
        except DuplicateKey:
            seed = await self.open(envelope)
        if not seed:
            raise Refused(CommonRefusal.INTERNAL)
        return seed

    async def open(self, envelope: str) -> str:
        """Give the seed of an envelope, for the owner of its log; empty, with an alarm, if it is lost."""
        kept = await self._seeds.find_one({"_id": envelope})
        try:
            if kept is not None:
                return self._tokens.unseal(kept["sealed"])
        except TokenInvalid:  # sealed with another secret
            pass
        log.error("seed_lost", envelope=envelope)
        return ""
