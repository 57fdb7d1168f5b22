"""Red-envelope rains for everybody: which there were, and the proof of each."""

import msgspec

from content.programs.actions import read_program
from content.programs.store import programs
from infra.http import Access, Call, Routes
from streaming.live_room.rains.proof import RainProof, RainSummary, read_proof, read_rains

routes = Routes("rains")


class Rains(msgspec.Struct, frozen=True, kw_only=True):
    """The rains of a program, the last first."""

    items: list[RainSummary]


@routes.get("/v1/programs/{program}/rains", access=Access.PUBLIC)
async def list_rains(call: Call[None, None]) -> Rains:
    """List the red-envelope rains of a program."""
    program = await read_program(call.db, call.actor, call.path["program"])
    return Rains(items=await read_rains(call.db, program.id))


@routes.get("/v1/rains/{envelope}/proof", access=Access.PUBLIC)
async def read_rain_proof(call: Call[None, None]) -> RainProof:
    """Give what is needed to compute a rain again; people are masked, the caller is told the own mask.

    A proof outlives its program; of a closed show it is for those who may see the show.
    """
    account = "" if call.actor.guest else call.actor.id
    proof = await read_proof(call.db, call.tokens, call.path["envelope"], account)
    if await programs.find(call.db, {"_id": proof.rain.program}) is not None:
        await read_program(call.db, call.actor, proof.rain.program)
    return proof
