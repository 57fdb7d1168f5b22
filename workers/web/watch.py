"""How programs and contents are watched: addresses with signed tokens, tickets, playlists."""

from typing import Annotated

import msgspec

from content.accounts.store import accounts
from content.contents.actions import is_for_all, read_content
from content.contents.rules import is_public
from content.contents.store import contents
from content.contents.views import ContentPlay
from content.programs.actions import read_program
from content.programs.rules import PUSHABLE
from content.programs.sight import part_of
from infra.clock import now_ms
from infra.http import Access, Call, Media, Routes
from infra.mongo import Database
from infra.tokens import TokenExpired, TokenInvalid
from schemas.accounts import Actor, Role
from schemas.base import Ms, Value
from schemas.content import Content, ContentKind, Program
from schemas.problems import Refused
from streaming.media.refusals import MediaRefusal
from streaming.replay.playlist import render_playlist
from streaming.replay.timeline import Timeline, timeline
from workers.web.refusals import WatchRefusal

routes = Routes("watch")

PLAY_S = 12 * 3600
"""A playback address works as long as the longest show: a player asks with the same one all along."""
TICKET_S = 60
PLAYLIST = "application/vnd.apple.mpegurl"


class Play(msgspec.Struct, frozen=True, kw_only=True):
    """Where the live picture is."""

    flv_url: str
    hls_url: str
    expires_at: Ms


class TicketRequest(Value, frozen=True, kw_only=True):
    """Who wants to enter the room."""

    client: Annotated[str, msgspec.Meta(min_length=8, max_length=64, description="The client's own id")]
    visitor: Annotated[
        str, msgspec.Meta(max_length=64, description="The device's own id, kept over sign-ins and pages")
    ] = ""


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """Lets one client into a program's room; shown in its first frame."""

    ticket: str
    room_url: str
    role: str
    expires_at: Ms


class PlaylistQuery(Value, frozen=True, kw_only=True):
    """The right to play."""

    token: Annotated[str, msgspec.Meta(max_length=4096)]


class TimelineQuery(Value, frozen=True, kw_only=True):
    """Which part of a replay, in its own time."""

    from_ms: Annotated[int, msgspec.Meta(ge=0, le=2**40)] = 0
    to_ms: Annotated[int, msgspec.Meta(ge=0, le=2**40)] = 0


@routes.get("/v1/programs/{program}/play", access=Access.PUBLIC, refusals=(WatchRefusal.NOTHING_TO_PLAY,))
async def play_program(call: Call[None, None]) -> Play:
    """Give the addresses of a live picture: HTTP-FLV, and HLS for players without MSE."""
    program = await read_program(call.db, call.actor, call.path["program"])
    if program.state not in PUSHABLE:
        raise Refused(WatchRefusal.NOTHING_TO_PLAY, got=program.state)
    token = call.tokens.sign("play", {"program": program.id}, PLAY_S)
    base = f"{call.at.media}/live/{program.id}"
    return Play(
        flv_url=f"{base}.flv?token={token}",
        hls_url=f"{base}.m3u8?token={token}",
        expires_at=now_ms() + PLAY_S * 1000,
    )


@routes.post("/v1/programs/{program}/ticket", access=Access.PUBLIC)
async def issue_ticket(call: Call[None, TicketRequest]) -> Ticket:
    """Give a ticket to a program's room, good for a minute. Guests may read, not speak."""
    program = await read_program(call.db, call.actor, call.path["program"])
    role = role_in_room(call.actor, program, await part_of(call.db, call.actor, program))
    account = None if role == "guest" else await accounts.find(call.db, {"_id": call.actor.id})
    claims = {
        "program_id": program.id,
        "business_id": program.business,
        "account_id": account.id if account else "",
        "name": account.name if account else "",
        "avatar": account.avatar if account else "",
        "role": role,
        "client": call.body.client,
        "visitor": call.body.visitor,
        "guest": account is None,
        "demo": account is not None and account.demo,
    }
    return Ticket(
        ticket=call.tokens.sign("ticket", claims, TICKET_S),
        room_url=call.at.room,
        role=role,
        expires_at=now_ms() + TICKET_S * 1000,
    )


def role_in_room(actor: Actor, program: Program, part: Role | None = None) -> str:
    """Tell what somebody is in a room: an anchor, an assistant, a viewer or a guest, as any API key.

    `part` is what she is made in this one, whatever she is elsewhere.
    """
    if actor.guest or actor.scopes is not None:
        return "guest"
    if actor.id == program.anchor:
        return "anchor"
    if part is not None:
        return part.value
    helps = actor.has(program.business, Role.BUSINESS_OPERATOR, Role.ANCHOR, Role.ASSISTANT)
    return "assistant" if helps else "viewer"


@routes.get("/v1/contents/{content}/play", access=Access.PUBLIC, refusals=(WatchRefusal.NOTHING_TO_PLAY,))
async def play_content(call: Call[None, None]) -> ContentPlay:
    """Give the address of a replay (HLS playlist) or of a clip or trailer (file)."""
    content = await read_content(call.db, call.actor, call.path["content"])
    if content.kind is ContentKind.REPLAY:
        closed = not await is_for_all(call.db, content)
        token = call.tokens.sign("play", {"content": content.id, "member": closed}, PLAY_S)
        url = f"/v1/contents/{content.id}/playlist.m3u8?token={token}"
    elif content.media:
        url = f"/o/{content.media}"
    else:
        raise Refused(WatchRefusal.NOTHING_TO_PLAY, got=content.kind)
    return ContentPlay(url=url, kind=content.kind, expires_at=now_ms() + PLAY_S * 1000)


@routes.get(
    "/v1/contents/{content}/playlist.m3u8",
    access=Access.PUBLIC,
    refusals=(MediaRefusal.TOKEN_INVALID, MediaRefusal.TOKEN_EXPIRED),
)
async def read_playlist(call: Call[PlaylistQuery, None]) -> Media:
    """Render a replay's HLS playlist of its recorded segments; a withdrawn one only for its own people."""
    try:
        claims = call.tokens.verify("play", call.query.token)
    except TokenExpired:
        raise Refused(MediaRefusal.TOKEN_EXPIRED) from None
    except TokenInvalid:
        raise Refused(MediaRefusal.TOKEN_INVALID) from None
    if claims.get("content") != call.path["content"]:
        raise Refused(MediaRefusal.TOKEN_INVALID)
    content = await _playable(call.db, call.actor, call.path["content"], member=bool(claims.get("member")))
    text = await render_playlist(call.db, call.settings, call.objects, content)
    return Media(body=call.at.stored(text).encode(), content_type=PLAYLIST)


async def _playable(db: Database, actor: Actor, identifier: str, *, member: bool) -> Content:
    """Give the replay to play: a player sends no sign-in, so a member's token stands for her.

    It does so while the replay is shown; a withdrawn one is for its own people only.
    """
    if member and is_public(content := await contents.get(db, identifier), now_ms()):
        return content
    return await read_content(db, msgspec.structs.replace(actor, channel=""), identifier)


@routes.get("/v1/contents/{content}/timeline", access=Access.PUBLIC)
async def read_timeline(call: Call[TimelineQuery, None]) -> Timeline:
    """Tell what happened in the room during a part of a replay: chat, pins, shelf, in step with its time."""
    content = await read_content(call.db, call.actor, call.path["content"])
    return await timeline(call.db, content, call.query.from_ms, call.query.to_ms)
