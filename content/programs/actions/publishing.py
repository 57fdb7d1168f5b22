"""Stream keys: who may push pictures into a program."""

import secrets
from collections.abc import Sequence
from typing import Any

from content.creators.rules import CreatorRefusal
from content.creators.store import are_suspended, is_suspended
from content.programs import rules, store
from content.programs.actions.change import Change, change_program
from content.programs.sight import authorise_show
from content.programs.store import programs
from content.programs.views import Admission, PushAddress
from content.rooms import store as rooms_store
from content.rooms.store import rooms
from infra.addresses import Addresses
from infra.clock import now_ms
from infra.mongo import Database
from infra.tokens import Tokens, digest
from schemas.accounts import Actor
from schemas.content import Program
from schemas.problems import CommonRefusal, Refusal, Refused

KEY_BYTES = 18


async def admit_publish(db: Database, key: str) -> Admission:
    """Let a publisher in by a program's stream key, or by a room's permanent one.

    Raises Refused(key_unknown, key_expired, program_not_open, program_ended, creator_suspended).
    """
    program = await store.by_key(db, digest(key)) if key else None
    if program is None and key and (room := await rooms_store.by_key(db, digest(key))):
        program = rules.opened(await store.pushable_in(db, room.id))
    elif refusal := rules.check_publish(program, now_ms()):
        raise Refused(refusal)
    if program is None:  # the room is known, nothing is open in it
        expected = " or ".join(sorted(rules.PUSHABLE))
        raise Refused(rules.ProgramRefusal.PROGRAM_NOT_OPEN, expected=expected)
    if await is_suspended(db, program.business, program.anchor):
        raise Refused(CreatorRefusal.CREATOR_SUSPENDED)
    return Admission(
        program_id=program.id,
        room_id=program.room,
        business_id=program.business,
        title=program.title,
        recorded=rules.is_recorded(program),
    )


async def keys_opening(db: Database, programs_found: Sequence[Program]) -> dict[str, frozenset[str]]:
    """Give the digests of the keys that open programs now, by program: its own, and its room's.

    While its anchor is suspended none does.
    """
    suspended = await are_suspended(db, {one.anchor for one in programs_found})
    in_rooms = await rooms.several(db, [one.room for one in programs_found])
    permanent = {name: room.key_hash for name, room in in_rooms.items()}
    return {
        one.id: frozenset({one.key_hash, permanent.get(one.room, "")} - {""})
        if (one.business, one.anchor) not in suspended
        else frozenset()
        for one in programs_found
    }


async def push_address(
    db: Database, tokens: Tokens, actor: Actor, identifier: str, at: Addresses
) -> PushAddress:
    """Show where and with which key to publish; the program must have been opened."""
    program = await programs.get(db, identifier)
    await authorise_show(db, actor, rules.PUSH, program)
    if refusal := _check_has_key(program):
        raise Refused(refusal)
    return show_push(program, tokens, at)


async def rotate_key(db: Database, tokens: Tokens, actor: Actor, identifier: str, *, rev: int = 0) -> Program:
    """Issue another stream key; the old one is refused from now on."""

    def decide(program: Program) -> Change | Refusal:
        if refusal := _check_has_key(program):
            return refusal
        return Change(fields=issue_key(program, tokens), data={"rotated": True})

    return await change_program(db, actor, rules.PUSH, identifier, decide, rev=rev)


def issue_key(program: Program, tokens: Tokens) -> dict[str, Any]:
    """Make the fields of a new stream key."""
    key = secrets.token_urlsafe(KEY_BYTES)
    return {
        "key_hash": digest(key),
        "key_sealed": tokens.seal(key),
        "key_expires_at": rules.key_expiry(program, now_ms()),
    }


def show_push(program: Program, tokens: Tokens, at: Addresses) -> PushAddress:
    """Show the address to its owner."""
    key = tokens.unseal(program.key_sealed)
    return PushAddress(
        server_url=at.rtmp,
        key=key,
        url=f"{at.rtmp}/{key}",
        whip_url=f"{at.whip}/{program.id}",
        expires_at=program.key_expires_at or 0,
        rev=program.rev,
    )


def _check_has_key(program: Program) -> Refusal | None:
    if program.state in rules.PUSHABLE:
        return None
    expected = " or ".join(sorted(rules.PUSHABLE))
    return Refusal(CommonRefusal.WRONG_STATE, {"expected": expected, "got": program.state})
