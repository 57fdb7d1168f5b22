"""What people in a room see of each other, over real sockets."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from infra import outbox
from infra.mongo import Database, from_doc
from infra.settings import Settings
from infra.tokens import Tokens
from schemas.content import Program
from schemas.events import ProgramEnded
from schemas.jobs import Mark
from schemas.room import Announce, SendChat
from streaming.live_room.audience import latest_audience
from streaming.live_room.hub.server import Hub
from streaming.live_room.hub.viewer import SKIP_ABOVE
from streaming.live_room.log import reader, snapshots
from streaming.live_room.opening import rebuild
from streaming.live_room.projections.projector import MARKS
from streaming.live_room.room import Accepted
from tests.conftest import free_ports
from tests.streaming.live_room.hub.client import Client, ticket
from tests.streaming.live_room.hub.conftest import Joined
from tests.streaming.live_room.people import someone


def lines(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what comes by time: samples of the audience, counts of likes."""
    return [event for event in events if event["type"] == "chat"]


async def test_a_welcome_shows_the_room(joined: Joined, program: Program) -> None:
    ann = await joined()
    welcome = ann.frames[0]
    assert welcome["view"]["title"] == "Tea evening"
    assert [offer["id"] for offer in welcome["view"]["offers"]] == ["off_1", "off_2"]
    assert (welcome["view"]["state"], welcome["role"], welcome["you"]["name"]) == ("live", "viewer", "ann")
    assert welcome["recovered"] is False


async def test_a_line_is_seen_by_everybody_in_the_same_order(joined: Joined) -> None:
    people = [await joined(name) for name in ("ann", "bob", "cem")]
    for person, said in zip(people, ("one", "two", "three"), strict=True):
        assert (await person.command("chat", text=said))["t"] == "ack"
    for person in people:
        await person.until(lambda frame, person=person: len(lines(person.events)) >= 3)  # type: ignore[misc]
        assert [event["text"] for event in lines(person.events)] == ["one", "two", "three"]
        assert [event["user"]["name"] for event in lines(person.events)] == ["ann", "bob", "cem"]


async def test_a_pin_is_shown_at_once_and_stands_in_the_view(joined: Joined) -> None:
    clerk, ann = await joined("clerk", "anchor"), await joined()
    assert (await clerk.command("pin", offer="off_2"))["t"] == "ack"
    assert (await ann.event("pinned"))["product"] == "prd_2"
    later = await joined("bob")
    assert later.frames[0]["view"]["pinned"] == "off_2"


async def test_viewers_can_not_run_the_show(joined: Joined) -> None:
    ann = await joined()
    refused = await ann.command("pin", offer="off_1")
    assert (refused["t"], refused["code"]) == ("nak", "hosts_only")
    assert refused["title"] == "Only the anchor and assistants may do this"
    assert (await joined("bob")).frames[0]["view"]["pinned"] == ""


async def test_guests_like_but_do_not_chat(joined: Joined) -> None:
    guest = await joined("guest", "guest")
    assert (await guest.command("chat", text="hi"))["code"] == "sign_in_first"
    assert (await guest.command("like", count=3))["t"] == "ack"
    counted = await guest.until(lambda frame: frame.get("likes") == 3)
    assert counted["t"] == "ev"
    assert (await guest.command("like", n=guest.n, count=3))["t"] == "ack"
    assert (await joined("bob")).frames[0]["view"]["likes"] == 3


async def test_likes_are_logged(joined: Joined) -> None:
    ann = await joined()
    await ann.command("like", count=2)
    assert (await ann.event("likes_counted"))["total"] == 2


async def test_a_double_click_is_one_line(joined: Joined, db: Database, program: Program) -> None:
    ann = await joined()
    first = await ann.command("chat", n=1, text="once")
    assert await ann.command("chat", n=1, text="once") == first
    events = await reader.events_after(db.collection(reader.COLLECTION), program.log, 0)
    assert [getattr(event, "text", "") for event in events].count("once") == 1


async def test_who_comes_back_misses_nothing(joined: Joined) -> None:
    ann, bob = await joined("ann"), await joined("bob")
    await bob.command("chat", text="before")
    await ann.event("chat")
    cursor = ann.cursor
    await ann.close()
    await bob.command("chat", text="while away")
    again = await joined("ann", cursor=cursor)
    welcome = again.frames[0]
    assert welcome["recovered"] is True
    assert [event["text"] for event in lines(welcome["events"])] == ["while away"]


@pytest.mark.parametrize("cursor", [10_000, None])
async def test_who_can_not_be_brought_back_starts_anew(joined: Joined, cursor: int | None) -> None:
    ann = await joined("ann")
    await ann.command("chat", text="an old line")
    bob = await joined("bob", cursor=cursor)
    welcome = bob.frames[0]
    assert welcome["recovered"] is False
    assert [event["text"] for event in lines(welcome["events"])] == ["an old line"]


async def test_older_events_come_from_the_log(joined: Joined, hub: Hub, program: Program) -> None:
    ann = await joined("ann")
    cursor = ann.cursor
    await ann.command("chat", text="one")
    room = (await hub.rooms.enter(program.id)).room
    room.ring._events.clear()
    await ann.command("chat", text="two")
    again = await joined("bob", cursor=cursor)
    assert again.frames[0]["recovered"] is True
    assert [event["text"] for event in lines(again.frames[0]["events"])] == ["one", "two"]


async def test_who_lost_count_is_told_the_last_number(joined: Joined) -> None:
    ann = await joined("ann")
    await ann.command("chat", n=17, text="seventeenth")
    assert (await joined("ann")).frames[0]["last_n"] == 17
    assert "last_n" not in (await joined("bob")).frames[0]


async def test_an_owner_without_its_lease_sends_people_on_unanswered(
    joined: Joined, hub: Hub, program: Program
) -> None:
    ann = await joined("ann")
    (await hub.rooms.enter(program.id)).room._owns = lambda: False
    await ann.send({"t": "cmd", "n": 1, "c": {"type": "pin", "offer": "off_1"}})
    assert await ann.closed() == (1012, "moved")
    assert [frame["t"] for frame in ann.frames if frame["t"] in {"ack", "nak"}] == []


async def test_what_demo_accounts_say_is_marked(
    joined: Joined, url: str, tokens: Tokens, program: Program
) -> None:
    ann, demo = await joined("ann"), await Client.open(url)
    await demo.join(ticket(tokens, program, "demo", client="client-demo", demo=True), "client-demo")
    await demo.command("chat", text="wonderful")
    assert (await ann.event("chat"))["badge"] == "demo"
    await demo.close()


async def test_chat_is_sampled_for_display_without_a_gap(joined: Joined, hub: Hub, program: Program) -> None:
    ann = await joined("ann")
    room = (await hub.rooms.enter(program.id)).room
    said = [room.ask(SendChat(text=f"line {n}"), someone(f"v{n}"), 1) for n in range(45)]
    accepted = await asyncio.gather(*said)
    assert all(isinstance(answer, Accepted) for answer in accepted)
    await ann.until(lambda _: ann.cursor >= room.upto)  # `Client.next` checks that no frame is missing
    shown = lines(ann.events)
    assert 20 <= len(shown) < 35


@pytest.mark.parametrize("options", [{}, {"compression": None}], ids=["deflated", "plain"])
async def test_a_long_absence_is_made_up_for_in_one_welcome(
    joined: Joined, hub: Hub, program: Program, options: dict[str, Any]
) -> None:
    ann = await joined("ann")
    cursor = ann.cursor
    await ann.close()
    room = (await hub.rooms.enter(program.id)).room
    asked = [room.ask(Announce(text=f"{n} {'x' * 200}")) for n in range(1_900)]
    assert all(isinstance(answer, Accepted) for answer in await asyncio.gather(*asked))
    again = await joined("ann", cursor=cursor, max_size=None, **options)
    assert again.frames[0]["recovered"] is True
    assert len(again.frames[0]["events"]) >= 1_900
    clerk = await joined("clerk", "anchor")
    await clerk.command("chat", text="and on it goes")
    assert (await again.event("chat"))["text"] == "and on it goes"


async def test_two_sockets_of_one_client_are_one_viewer(joined: Joined) -> None:
    first = await joined("ann")
    second = await joined("ann")
    assert await first.closed() == (4409, "replaced")
    assert first.frames[-1]["code"] == "replaced"
    assert (await second.command("chat", text="still here"))["t"] == "ack"


async def test_the_end_reaches_the_room_by_its_event(joined: Joined, db: Database, program: Program) -> None:
    clerk = await joined("clerk", "anchor")
    await clerk.command("pin", offer="off_1")
    await clerk.event("pinned")
    await _end(db, program)
    await clerk.event("program_state")
    assert [event["type"] for event in clerk.events[-2:]] == ["unpinned", "program_state"]
    assert (await clerk.command("chat", text="late"))["code"] == "program_over"


async def test_an_explanation_becomes_a_mark_at_once(joined: Joined, db: Database, program: Program) -> None:
    clerk = await joined("clerk", "anchor")
    pinned = await clerk.command("pin", offer="off_1")
    unpinned = await clerk.command("unpin", offer="off_1")
    async with asyncio.timeout(5):
        while (doc := await db.collection(MARKS).find_one({"program": program.id})) is None:
            await asyncio.sleep(0.02)
    mark = from_doc(Mark, doc)
    assert (mark.product, mark.from_seq, mark.to_seq) == ("prd_1", pinned["seq"], unpinned["seq"])
    assert mark.business == program.business


async def test_a_stop_leaves_a_snapshot_of_the_end(
    settings: Settings, db: Database, tokens: Tokens, program: Program, url: str
) -> None:
    async with Hub(settings, db, tokens).serving():
        ann = await Client.open(url)
        await ann.join(ticket(tokens, program))
        await ann.command("like", count=9)
    kept = await db.collection(snapshots.COLLECTION).find_one({"_id": program.log})
    tail = await reader.read_tail(db.collection(reader.COLLECTION), program.log)
    assert kept is not None
    assert (kept["upto_seq"], kept["batch_hash"]) == (tail.seq, tail.hash)
    state = await rebuild(db.collection(reader.COLLECTION), db.collection(snapshots.COLLECTION), program.log)
    assert state.view()["likes"] == 9, "likes that were gathered are logged before the stop"


async def test_the_clock_is_measured(joined: Joined) -> None:
    ann = await joined()
    await ann.send({"t": "ping", "at": 12.5})
    pong = await ann.until(lambda frame: frame["t"] == "pong")
    assert pong["at"] == 12.5
    assert pong["server_at"] > 1_600_000_000_000


async def test_viewers_are_counted_without_those_who_run_the_show(
    joined: Joined, db: Database, program: Program
) -> None:
    clerk = await joined("clerk", "anchor")
    await joined("ann")
    await joined("guest", "guest")
    await clerk.until(lambda frame: frame.get("viewers") == 2)
    assert await latest_audience(db, [program.id, "prg_other"]) in (
        {program.id: 2},
        {program.id: 1},
        {program.id: 0},
    )


async def test_who_comes_again_is_not_another_viewer(joined: Joined) -> None:
    clerk = await joined("clerk", "anchor")

    def came(number: int) -> Callable[[dict[str, Any]], bool]:
        return lambda frame: any(event.get("came") == number for event in frame.get("events", []))

    ann = await joined("ann")
    await joined("bob")
    await ann.socket.close()
    await joined("ann")
    await clerk.until(came(2))
    await joined("cid")
    await clerk.until(came(3))


async def test_a_device_is_one_viewer_whoever_signs_in_on_it(
    joined: Joined, url: str, tokens: Tokens, program: Program
) -> None:
    clerk = await joined("clerk", "anchor")
    for name, role in (("", "guest"), ("ann", "viewer")):
        client = await Client.open(url)
        shown = ticket(tokens, program, name, role, f"client-{role}", visitor="phone-1")
        assert (await client.join(shown, f"client-{role}"))["t"] == "welcome"
        await client.close()
    await joined("bob")
    counted = await clerk.until(lambda frame: any(event.get("came") for event in frame.get("events", [])))
    assert counted["events"][-1]["came"] == 2


async def test_deflated_and_plain_clients_see_the_same(joined: Joined) -> None:
    deflated, plain = await joined("ann"), await joined("bob", compression=None)
    text = "a line long enough to be worth deflating " * 4
    assert deflated.socket.protocol.extensions
    assert not plain.socket.protocol.extensions
    clerk = await joined("clerk", "anchor")
    await clerk.command("chat", text=text[:160])
    await clerk.command("announce", text=text[:100])
    await deflated.event("announced")
    await plain.event("announced")
    assert deflated.events == plain.events


async def test_a_restart_says_moved_and_loses_nothing(
    settings: Settings, db: Database, tokens: Tokens, program: Program, url: str
) -> None:
    one = Hub(settings, db, tokens)
    async with one.serving():
        ann = await Client.open(url)
        await ann.join(ticket(tokens, program))
        await ann.command("chat", text="before")
    assert await ann.closed() == (1012, "moved")
    assert ann.frames[-1]["retry_after"] > 0
    assert lines(ann.events)[-1]["text"] == "before"
    async with Hub(settings, db, tokens).serving():
        again = await Client.open(url)
        welcome = await again.join(ticket(tokens, program), cursor=ann.cursor)
        assert welcome["recovered"] is True
        assert "chat" not in [event["type"] for event in welcome["events"]]
        await again.close()


async def test_a_room_is_served_by_one_process_until_it_lets_go(
    hub: Hub, joined: Joined, settings: Settings, db: Database, tokens: Tokens, program: Program
) -> None:
    ann = await joined("ann")
    await ann.command("chat", text="on the first")
    (port,) = free_ports(1)
    other = msgspec.structs.replace(settings, live_port=port)
    async with Hub(other, db, tokens).serving():
        stranger = await Client.open(f"ws://127.0.0.1:{port}/room")
        assert (await stranger.join(ticket(tokens, program)))["code"] == "moved"
        assert await stranger.closed() == (1012, "moved")
        assert (await ann.command("chat", text="still on the first"))["t"] == "ack"

        await hub.rooms.close()
        assert await ann.closed() == (1012, "moved")
        again = await Client.open(f"ws://127.0.0.1:{port}/room")
        welcome = await again.join(ticket(tokens, program), cursor=ann.cursor)
        assert (welcome["recovered"], welcome["epoch"]) == (True, 2)
        await again.close()


async def test_a_viewer_that_never_reads_does_not_hold_up_a_restart(
    settings: Settings, db: Database, tokens: Tokens, program: Program, url: str
) -> None:
    hub = Hub(settings, db, tokens)
    async with hub.serving():
        deaf = await Client.open(url, compression=None, close_timeout=0.2)
        await deaf.join(ticket(tokens, program))
        deaf.socket.transport.pause_reading()
        gathering = (await hub.rooms.enter(program.id)).gathering
        stuck = next(iter(gathering.viewers.values()))
        for n in range(2_000):
            await gathering.room.ask(Announce(text=f"{n} {'x' * 8_000}"))
            await gathering.flush()
            if stuck.open_for() > SKIP_ABOVE:
                break
        stopping_at = time.monotonic()
    assert stuck.open_for() == -1
    assert time.monotonic() - stopping_at < 3
    await deaf.close()


async def _end(db: Database, program: Program) -> None:
    async def work(session: Any) -> None:
        fields = {"state": "ended", "end_reason": "ended_by_anchor"}
        await db.collection("programs").update_one({"_id": program.id}, {"$set": fields}, session=session)
        event = ProgramEnded(program=program.id, business=program.business, at=0, reason="ended_by_anchor")
        await outbox.publish(db, session, event)

    await db.transact(work)
