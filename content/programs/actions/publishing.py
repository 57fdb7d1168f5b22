"""Stream keys: who may push pictures into a program."""

import secrets
from typing import Any

from content.authority import authorise
from content.creators.rules import CreatorRefusal
from content.creators.store import is_suspended
from content.programs import rules, store
from content.programs.actions.change import Change, change_program
from content.programs.store import programs
from content.programs.views import Admission, PushAddress
from infra.addresses import Addresses
from infra.clock import now_ms
from infra.mongo import Database
from infra.tokens import Tokens, digest
from schemas.accounts import Actor
from schemas.content import Program
from schemas.problems import CommonRefusal, Refusal, Refused

KEY_BYTES = 18


async def admit_publish(db: Database, key: str) -> Admission:
    """Let a publisher in by its stream key.

    Raises Refused(key_unknown, key_expired, program_not_open, program_ended, creator_suspended).
    """
    program = await store.by_key(db, digest(key)) if key else None
    if refusal := rules.check_publish(program, now_ms()):
        raise Refused(refusal)
    assert program is not None  # check_publish refuses an unknown key
    if await is_suspended(db, program.business, program.anchor):
        raise Refused(CreatorRefusal.CREATOR_SUSPENDED)
    return Admission(
        program_id=program.id, room_id=program.room, business_id=program.business, title=program.title
    )


async def push_address(
    db: Database, tokens: Tokens, actor: Actor, identifier: str, at: Addresses
) -> PushAddress:
    """Show where and with which key to publish; the program must have been opened."""
    program = await programs.get(db, identifier)
    authorise(actor, rules.PUSH, program.business, program.anchor)
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
