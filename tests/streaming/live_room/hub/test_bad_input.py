"""Whatever a client sends: a clear answer or a clean close with a reason, and nobody else disturbed."""

import asyncio
from http.client import HTTPConnection
from typing import Any

import msgspec
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from infra.mongo import Database
from infra.settings import Settings
from infra.tokens import Tokens
from schemas.content import Program
from schemas.room import Announce
from streaming.live_room.hub import reception
from streaming.live_room.hub.server import Hub
from streaming.live_room.hub.texts import TEXTS, text
from streaming.live_room.hub.viewer import ABORT_ABOVE, SKIP_ABOVE
from streaming.live_room.interactions.interaction import SYSTEM
from streaming.live_room.log import reader
from tests.streaming.live_room.hub.client import Client, ticket
from tests.streaming.live_room.hub.conftest import Joined

JOIN = {"t": "join", "ticket": "x", "client": "client-ann"}


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "null",
        '"join"',
        b"\x00\x01",
        {"t": "cmd", "n": 1, "c": {"type": "chat", "text": "x"}},
        {"t": "join"},
        {**JOIN, "sudo": True},
        {**JOIN, "client": "short"},
        {**JOIN, "cursor": "5"},
    ],
    ids=["empty", "cut", "null", "text", "binary", "no join", "no ticket", "unknown", "client", "cursor"],
)
async def test_a_first_frame_that_is_no_join_is_told_so(hub: Hub, url: str, frame: Any) -> None:
    stranger = await Client.open(url)
    await stranger.send(frame)
    assert await stranger.closed() == (4400, "bad_frame")
    assert stranger.frames == [{"t": "bye", "code": "bad_frame", "title": "客户端消息无法识别"}]


@pytest.mark.parametrize("frame", ["{", b"\x00", "[]", JOIN], ids=["cut", "binary", "list", "join again"])
async def test_a_later_frame_that_can_not_be_read_ends_the_socket(joined: Joined, frame: Any) -> None:
    ann, bob = await joined("ann"), await joined("bob")
    await ann.send(frame)
    assert await ann.closed() == (4400, "bad_frame")
    assert (await bob.command("chat", text="undisturbed"))["t"] == "ack"


@pytest.mark.parametrize(
    "command",
    [
        {"type": "chat", "text": "x" * 201},
        {"type": "chat"},
        {"type": "chat", "text": "x", "badge": "anchor"},
        {"type": "juggle", "envelope": "e"},
        {"type": "like", "count": 51},
        {"type": "like", "count": -1},
        {"type": "pin", "offer": 5},
        {},
    ],
    ids=[
        "too long",
        "no text",
        "unknown field",
        "unknown type",
        "many likes",
        "minus",
        "wrong type",
        "nothing",
    ],
)
async def test_a_command_that_can_not_be_read_is_refused_by_its_number(
    joined: Joined, db: Database, program: Program, command: dict[str, Any]
) -> None:
    ann = await joined()
    before = await reader.read_tail(db.collection(reader.COLLECTION), program.log)
    await ann.send({"t": "cmd", "n": 3, "c": command})
    refused = await ann.until(lambda frame: frame["t"] == "nak")
    assert (refused["n"], refused["code"]) == (3, "invalid")
    assert refused["data"]["error"]
    assert (await ann.command("like", n=4))["t"] == "ack"
    after = await reader.read_tail(db.collection(reader.COLLECTION), program.log)
    assert after.seq - before.seq <= 2  # samples of likes and audience at most


@pytest.mark.parametrize(
    ("purpose", "changes", "ttl_s"),
    [
        ("session", {}, 60),
        ("play", {}, 60),
        ("ticket", {}, -1),
        ("ticket", {"client": "someone-else"}, 60),
        ("ticket", {"business_id": "biz_other"}, 60),
        ("ticket", {"role": "emperor"}, 60),
        ("ticket", {"program_id": ""}, 60),
    ],
    ids=["session", "play", "expired", "other client", "other business", "unknown role", "no program"],
)
async def test_a_wrong_ticket_lets_nobody_in(
    hub: Hub, url: str, tokens: Tokens, program: Program, purpose: Any, changes: dict[str, str], ttl_s: float
) -> None:
    right = tokens.verify("ticket", ticket(tokens, program))
    wrong = tokens.sign(purpose, {**right, **changes}, ttl_s)
    stranger = await Client.open(url)
    bye = await stranger.join(wrong)
    assert (bye["code"], bye["title"]) == ("ticket_invalid", "The ticket is not valid or has expired")
    assert await stranger.closed() == (4401, "ticket_invalid")


async def test_a_ticket_of_another_platform_is_wrong(hub: Hub, url: str, program: Program) -> None:
    stranger = await Client.open(url)
    await stranger.join(ticket(Tokens("another secret of some length"), program))
    assert await stranger.closed() == (4401, "ticket_invalid")


async def test_a_program_that_does_not_exist_has_no_room(
    hub: Hub, url: str, tokens: Tokens, program: Program
) -> None:
    stranger = await Client.open(url)
    await stranger.join(ticket(tokens, program, program_id="prg_none"))
    assert await stranger.closed() == (4404, "not_found")


async def test_a_ticket_rules_one_room_only(
    joined: Joined, hub: Hub, url: str, tokens: Tokens, program: Program, db: Database
) -> None:
    """The anchor of one program is nobody in another."""
    other = {
        **(await db.collection("programs").find_one({"_id": program.id}) or {}),
        "_id": "prg_b",
        "log": "log_b",
    }
    await db.collection("programs").insert_one(other)
    ann = await joined("ann")
    rival = await Client.open(url)
    await rival.join(
        ticket(tokens, program, "rival", "anchor", "client-rival", program_id="prg_b"), "client-rival"
    )
    assert (await rival.command("pin", offer="off_1"))["t"] == "ack"
    assert (await ann.command("like"))["t"] == "ack"
    assert (await joined("bob")).frames[0]["view"]["pinned"] == ""
    await rival.close()


async def test_a_frame_that_is_too_large_closes_its_socket(joined: Joined) -> None:
    ann, bob = await joined("ann"), await joined("bob")
    await ann.send({"t": "cmd", "n": 1, "c": {"type": "chat", "text": "x" * 20_000}})
    code, reason = await ann.closed()
    assert code == 1009
    assert "16384" in reason
    assert (await bob.command("chat", text="undisturbed"))["t"] == "ack"


async def test_too_many_commands_are_refused_and_too_many_frames_end_the_socket(joined: Joined) -> None:
    ann, bob = await joined("ann"), await joined("bob")
    for n in range(1, 61):
        await ann.send({"t": "cmd", "n": n, "c": {"type": "like"}})
    refused = await ann.until(lambda frame: frame["t"] == "nak")
    assert (refused["code"], refused["retry_after"]) == ("too_fast", 1.0)
    for _ in range(250):
        await ann.send({"t": "ping", "at": 1})
    assert await ann.closed() == (4429, "too_many")
    assert (await bob.command("chat", text="undisturbed"))["t"] == "ack"


async def test_a_socket_that_never_joins_is_closed(
    hub: Hub, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "JOIN_S", 0.2)
    silent = await Client.open(url)
    assert await silent.closed() == (4408, "join_timeout")


async def test_a_page_of_another_origin_is_refused(hub: Hub, url: str, settings: Settings) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(url, origin="https://evil.example")  # type: ignore[arg-type]
    assert refused.value.response.status_code == 403
    own = await connect(url, origin=settings.web_url)  # type: ignore[arg-type]
    await own.close()


async def test_a_viewer_that_never_reads_is_passed_over_and_catches_up(
    joined: Joined, hub: Hub, program: Program
) -> None:
    clerk, ann, deaf = (
        await joined("clerk", "anchor"),
        await joined("ann"),
        await joined("deaf", max_size=None, compression=None, close_timeout=0.2),
    )
    gathering = (await hub.rooms.enter(program.id)).gathering
    stuck = gathering.viewers[("acc_deaf", "client-deaf")]
    deaf.socket.transport.pause_reading()
    highest = 0
    for n in range(1_800):
        gathering.room.submit(Announce(text=f"{n} {'x' * 500}"), SYSTEM, 0, lambda _: None)
        if n % 30 == 0:
            await gathering.room.ask(Announce(text=f"{n}"))
            await gathering.flush()
            highest = max(highest, stuck.open_for())
    assert SKIP_ABOVE < highest <= ABORT_ABOVE, "expected a viewer whose buffer is bounded"
    assert (await clerk.command("chat", text="still here"))["t"] == "ack"
    assert (await ann.event("chat"))["text"] == "still here"

    deaf.socket.transport.resume_reading()
    await deaf.event("chat")  # `Client.next` checks that no frame is missing between
    numbers = [event["seq"] for event in deaf.events]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))


@pytest.mark.parametrize(
    ("path", "status"), [("/healthz", 200), ("/readyz", 200), ("/metrics", 200), ("/", 404)]
)
async def test_health_is_on_the_same_port(hub: Hub, settings: Settings, path: str, status: int) -> None:
    def get() -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", settings.live_port, timeout=5)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()

    got, body = await asyncio.to_thread(get)
    assert got == status
    if path == "/metrics":
        assert b"kaibo_room_viewers" in body


async def test_garbage_on_the_port_disturbs_nobody(joined: Joined, settings: Settings) -> None:
    ann = await joined()
    _, writer = await asyncio.open_connection("127.0.0.1", settings.live_port)
    writer.write(bytes(range(256)) * 100)
    writer.close()
    assert (await ann.command("chat", text="undisturbed"))["t"] == "ack"


def test_every_word_has_both_languages() -> None:
    assert all(chinese and english for chinese, english in TEXTS.values())
    assert (text("replaced", "zh-CN"), text("replaced", "en-GB")) == TEXTS["replaced"]
    assert msgspec.json.encode(text("unheard of", "en")) == b'""'
