"""Replays over HTTP: signed playlists, the timeline, withdrawal."""

import httpx
import msgspec
import pytest

from content.contents.actions import publish_from, withdraw_content
from content.programs.actions import create_program
from content.programs.views import NewProgram
from infra.mongo import to_doc
from schemas.accounts import SYSTEM
from schemas.content import Content, ContentKind, Program, Source
from schemas.ids import new_id
from schemas.media import Recording, Segment
from tests.web.api import Api, ok, problem
from tests.web.shop import Shop
from workers.web.services import Services

BEGAN = 1_795_000_000_000


class Show(msgspec.Struct, frozen=True):
    program: Program
    replay: Content
    folder: str


@pytest.fixture
async def show(services: Services, shop: Shop) -> Show:
    """A replay of three segments of two seconds."""
    program = await create_program(services.db, SYSTEM, NewProgram(room=shop.room.id, title="春茶"))
    recording = Recording(
        id=new_id("rec"),
        program=program.id,
        business=shop.business.id,
        folder=new_id("folder"),
        started_at=BEGAN,
    )
    await services.db.collection("recordings").insert_one(to_doc(recording))
    folder = services.settings.recordings_dir / recording.folder
    folder.mkdir(parents=True)
    (folder / "init-1.mp4").write_bytes(b"init")
    for number in range(3):
        segment = Segment(
            id=f"{recording.id}:{number:06d}",
            recording=recording.id,
            program=program.id,
            seq=number,
            start_at=BEGAN + number * 2000,
            duration_ms=2000,
            file=f"{number:06d}-{BEGAN + number * 2000}-2000.mp4",
            init="init-1.mp4",
            bytes=7,
            sha256="0" * 64,
        )
        (folder / segment.file).write_bytes(b"segment")
        await services.db.collection("segments").insert_one(to_doc(segment))
    replay = await publish_from(
        services.db,
        program_id=program.id,
        kind=ContentKind.REPLAY,
        title="春茶 回看",
        duration_ms=6000,
        source=Source(recordings=[recording.id], from_at=BEGAN, to_at=BEGAN + 6000),
    )
    return Show(program, replay, recording.folder)


async def playlist(api: Api, show: Show) -> httpx.Response:
    play = ok(await api.get(f"/v1/contents/{show.replay.id}/play"))
    assert play["kind"] == "replay"
    return await api.get(play["url"])


async def test_a_replay_plays_its_recorded_segments(api: Api, show: Show) -> None:
    answer = await playlist(api, show)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.apple.mpegurl"
    lines = answer.text.splitlines()
    assert (lines[0], lines[-1]) == ("#EXTM3U", "#EXT-X-ENDLIST")
    assert [line.rpartition("/")[0] for line in lines if not line.startswith("#")] == [
        f"/seg/{show.folder}"
    ] * 3


async def test_a_members_player_needs_no_sign_in(
    api: Api, show: Show, shop: Shop, services: Services
) -> None:
    before = ok(await api.get(f"/v1/contents/{show.replay.id}/play"))["url"]
    closed = {"$set": {"visibility": "private"}}
    await services.db.collection("programs").update_one({"_id": show.program.id}, closed)
    assert (await api.get(before)).status_code == 404
    play = ok(await api.as_(shop.editor.token).get(f"/v1/contents/{show.replay.id}/play"))
    assert (await api.get(play["url"])).status_code == 200


async def test_a_playlist_needs_the_token_of_its_content(api: Api, show: Show, services: Services) -> None:
    path = f"/v1/contents/{show.replay.id}/playlist.m3u8"
    sign = services.tokens.sign
    tokens = {
        "nonsense": (403, "token_invalid"),
        sign("play", {"content": "cnt_other"}, 60): (403, "token_invalid"),
        sign("play", {"program": show.program.id}, 60): (403, "token_invalid"),
        sign("session", {"content": show.replay.id}, 60): (403, "token_invalid"),
        sign("play", {"content": show.replay.id}, -1): (403, "token_expired"),
    }
    for token, expected in tokens.items():
        assert problem(await api.get(f"{path}?token={token}")) == expected
    assert problem(await api.get(path)) == (422, "invalid")


async def test_a_withdrawn_replay_stops_for_tokens_that_are_out(
    api: Api, shop: Shop, show: Show, services: Services
) -> None:
    url = ok(await api.get(f"/v1/contents/{show.replay.id}/play"))["url"]
    await withdraw_content(services.db, SYSTEM, show.replay.id)
    assert problem(await api.get(url)) == (404, "not_found")
    assert problem(await api.get(f"/v1/contents/{show.replay.id}/timeline")) == (404, "not_found")
    assert (await playlist(api.as_(shop.manager.token), show)).status_code == 200


async def test_the_timeline_is_told_in_the_replays_time(api: Api, show: Show) -> None:
    told = ok(await api.get(f"/v1/contents/{show.replay.id}/timeline?from_ms=0&to_ms=6000"))
    assert (told["from_ms"], told["to_ms"], told["duration_ms"]) == (0, 6000, 6000)
    assert told["view"]["program"] == show.program.id
