"""A real ffmpeg publishes over RTMP to a real media process; players read back."""

import asyncio
import re
import signal
import time
from pathlib import Path

import httpx

from infra.mongo import Database
from infra.settings import Settings
from infra.tokens import digest
from schemas.content import ProgramState
from streaming.media.recorder.layout import parse
from tests.http import plain_http
from tests.streaming.media.stage import (
    MediaProcess,
    Opened,
    Push,
    decode,
    open_program,
    reaches,
    read_flv,
    state_of,
    until,
)


async def get(url: str) -> httpx.Response:
    async with plain_http(timeout=20) as client:
        return await client.get(url)


async def test_what_ffmpeg_pushes_is_decoded_from_http_flv(
    media: MediaProcess, program: Opened, push: Push, db: Database
) -> None:
    push(program.key)

    watched = decode(await read_flv(media.play(program.id, "flv")), "flv")

    assert watched.sizes == {(640, 360)}
    assert len(watched.pictures) > 30
    assert watched.pictures == sorted(set(watched.pictures))
    assert watched.sounds > 30
    await reaches(db, program.id, "live")


async def test_the_health_of_a_show_is_told(
    media: MediaProcess, program: Opened, push: Push, db: Database
) -> None:
    async def told(query: str = "") -> httpx.Response:
        url = media.play(program.id, "json")
        return await get(url.partition("?")[0] + query if query else url)

    assert (await told("?token=x")).json()["code"] == "token_invalid"
    assert (await told()).json()["code"] == "not_on_air"
    push(program.key)
    await reaches(db, program.id, "live")

    async def steady() -> bool:
        beat = (await told()).json()
        return bool(800 < beat["key_every_ms"] < 1200 and 25 <= beat["fps"] <= 35)

    await until("the figures are those of the clip", steady)
    beat = (await told()).json()
    assert (beat["state"], beat["protocol"], beat["viewers"], beat["cut"]) == ("live", "rtmp", 0, 0)
    assert beat["video_kbps"] > 50
    assert beat["audio_kbps"] > 5
    assert beat["longest_gap_ms"] < 1000
    assert beat["connected_at"] > 0


async def test_the_key_may_stand_in_the_query_of_name_or_application(
    media: MediaProcess, push: Push, db: Database
) -> None:
    in_name, in_application = await open_program(db), await open_program(db)

    push(f"{in_name.id}?key={in_name.key}")
    push(f"?key={in_application.key}/{in_application.id}")

    await reaches(db, in_name.id, "live")
    await reaches(db, in_application.id, "live")


async def test_the_live_playlist_plays_and_the_folder_has_the_promised_layout(
    media: MediaProcess, program: Opened, push: Push, db: Database, settings: Settings
) -> None:
    before = time.time() * 1000
    assert (await get(media.play(program.id, "m3u8"))).json()["code"] == "not_on_air"
    push(program.key)
    await reaches(db, program.id, "live")

    first = await get(media.play(program.id, "m3u8"))
    assert first.status_code == 200, first.text
    assert first.headers["content-type"] == "application/vnd.apple.mpegurl"
    assert first.headers["access-control-allow-origin"] == "*"

    async def three_segments() -> bool:
        return (await get(media.play(program.id, "m3u8"))).text.count("#EXTINF") >= 3

    await until("three segments in the playlist", three_segments)
    playlist = (await get(media.play(program.id, "m3u8"))).text
    recording = await db.collection("recordings").find_one({"program": program.id})
    assert recording is not None
    folder: Path = settings.recordings_dir / recording["folder"]
    base = f"http://127.0.0.1:{settings.web_port}/seg/{recording['folder']}/"
    uris = re.findall(r"^http.*$", playlist, re.MULTILINE)

    # A page may load segments only from the host it came from itself.
    async with plain_http(headers={"Host": "kaibo.example:8020"}) as client:
        elsewhere = (await client.get(media.play(program.id, "m3u8"))).text
    assert f"http://kaibo.example:{settings.web_port}/seg/" in elsewhere

    assert playlist.startswith(
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n"
    )
    assert "#EXT-X-INDEPENDENT-SEGMENTS" in playlist
    assert f'#EXT-X-MAP:URI="{base}init-0.mp4"' in playlist
    assert playlist.count("#EXT-X-PROGRAM-DATE-TIME:") == len(uris)
    assert "#EXT-X-ENDLIST" not in playlist
    assert all(uri.startswith(base) for uri in uris)
    names = [parse(uri.removeprefix(base)) for uri in uris]
    assert [name.seq for name in names if name] == list(range(len(uris)))
    assert all(name and 1900 <= name.duration_ms <= 2100 for name in names)
    assert names[0] and before - 1000 < names[0].start_at < time.time() * 1000
    # All segments after the initialisation are one stream that decodes without a gap.
    whole = b"".join((folder / uri.removeprefix(base)).read_bytes() for uri in uris)
    played = decode((folder / "init-0.mp4").read_bytes() + whole, "mp4")
    steps = {b - a for a, b in zip(played.pictures, played.pictures[1:], strict=False)}
    assert steps <= {32, 33, 34}
    assert len(played.pictures) == 60 * len(uris)


async def test_wrong_expired_and_reused_keys_are_refused_with_a_reason(
    media: MediaProcess, program: Opened, push: Push, db: Database
) -> None:
    expired = await open_program(db, key_expires_at=1)
    ended = await open_program(db, state=ProgramState.ENDED)
    draft = await open_program(db, state=ProgramState.DRAFT)
    pushes = {
        "key_unknown": push("no-such-key"),
        "key_expired": push(expired.key),
        "program_ended": push(ended.key),
        "program_not_open": push(draft.key),
        "key_of_another_program": push(f"{draft.id}?key={program.key}"),
        "key_missing": push(program.id),
    }

    for code, pushed in pushes.items():
        said = await asyncio.to_thread(pushed.wait)
        assert f"{code}: " in said, said
        assert pushed.process.returncode != 0
        assert media.logged(f'"code": "{code}"')
    assert "key_expired: This stream key has expired." in pushes["key_expired"].log.read_text()
    assert await db.collection("streams").count({}) == 0
    assert not media.logged(program.key)


async def test_a_second_publisher_is_refused_and_the_first_goes_on(
    media: MediaProcess, program: Opened, push: Push, db: Database
) -> None:
    first = push(program.key)
    await reaches(db, program.id, "live")

    said = await asyncio.to_thread(push(program.key).wait)

    assert "publisher_active: Another publisher is connected to this program." in said
    assert first.process.poll() is None
    assert len(decode(await read_flv(media.play(program.id, "flv")), "flv").pictures) > 30


async def test_after_a_drop_the_same_viewer_sees_the_publisher_return(
    media: MediaProcess, program: Opened, push: Push, db: Database
) -> None:
    first = push(program.key)
    await reaches(db, program.id, "live")
    viewer = asyncio.create_task(read_flv(media.play(program.id, "flv"), 900_000))
    await asyncio.sleep(0)

    async def recorded() -> bool:
        return await db.collection("segments").count({"program": program.id}) >= 1

    await until("a segment", recorded)
    first.process.kill()
    await reaches(db, program.id, "interrupted")
    push(program.key)
    await reaches(db, program.id, "live")

    watched = decode(await viewer, "flv")
    steps = [b - a for a, b in zip(watched.pictures, watched.pictures[1:], strict=False)]
    assert min(steps) > 0
    assert max(steps) < 500

    async def continued() -> bool:
        return await db.collection("segments").count({"program": program.id, "discontinuity": True}) == 1

    await until("a segment after the break", continued)
    playlist = (await get(media.play(program.id, "m3u8"))).text
    assert playlist.count("#EXT-X-DISCONTINUITY\n") == 1
    assert "init-0.mp4" in playlist
    assert "init-1.mp4" in playlist
    starts = [doc["start_at"] for doc in await db.collection("segments").find({}, sort=[("seq", 1)])]
    assert starts == sorted(starts)


async def test_ending_the_program_elsewhere_closes_publisher_viewers_and_playlist(
    media: MediaProcess, program: Opened, push: Push, db: Database
) -> None:
    publisher = push(program.key)
    await reaches(db, program.id, "live")
    viewer = asyncio.create_task(read_flv(media.play(program.id, "flv"), 1 << 30))

    async def recorded() -> bool:
        return await db.collection("segments").count({"program": program.id}) >= 1

    await until("a segment", recorded)
    await db.collection("programs").update_one({"_id": program.id}, {"$set": {"state": "ended"}})
    ended_at = time.monotonic()

    await asyncio.to_thread(publisher.wait)
    assert time.monotonic() - ended_at < 3
    assert len(decode(await viewer, "flv").pictures) > 30

    async def finished() -> bool:
        return await db.collection("recordings").count({"ended_at": {"$ne": None}}) == 1

    await until("the recording is finished", finished)
    playlist = (await get(media.play(program.id, "m3u8"))).text
    assert playlist.endswith("#EXT-X-ENDLIST\n")
    assert playlist.count("#EXTINF") == await db.collection("segments").count({})
    late = await get(media.play(program.id, "flv"))
    assert (late.status_code, late.json()["code"]) == (410, "program_over")
    assert media.logged("program_over")


async def test_a_publisher_that_does_not_return_ends_the_program(
    media: MediaProcess, program: Opened, push: Push, db: Database
) -> None:
    media.stop()
    media.settings = media.with_settings(grace_s=1.0)
    await media.start()
    publisher = push(program.key)
    await reaches(db, program.id, "live")

    publisher.process.kill()

    await reaches(db, program.id, "interrupted")
    await reaches(db, program.id, "ended")
    ended = await db.collection("programs").find_one({"_id": program.id})
    assert ended is not None
    assert ended["end_reason"] == "grace_over"
    said = await asyncio.to_thread(push(program.key).wait)
    assert "program_ended: " in said or "program_over: " in said


async def test_a_viewer_may_come_before_the_publisher(
    media: MediaProcess, program: Opened, push: Push, db: Database
) -> None:
    viewer = asyncio.create_task(read_flv(media.play(program.id, "flv")))
    async with plain_http() as client:

        async def waiting() -> bool:
            return "kaibo_media_viewers 1.0" in (await client.get(media.http("/metrics"))).text

        await until("the viewer waits", waiting)
    push(program.key)

    assert len(decode(await viewer, "flv").pictures) > 30


async def test_video_without_sound_is_announced_as_such(
    media: MediaProcess, program: Opened, push: Push
) -> None:
    push(program.key, options=("-an",))

    data = await read_flv(media.play(program.id, "flv"), 200_000)

    assert data[:5] == b"FLV\x01\x01"
    watched = decode(data, "flv")
    assert len(watched.pictures) > 10
    assert watched.sounds == 0


async def test_hevc_and_pictureless_streams_are_refused_with_a_reason(
    media: MediaProcess, program: Opened, push: Push, db: Database, ffmpeg: str, tmp_path: Path
) -> None:
    hevc = tmp_path / "hevc.mp4"
    made = await asyncio.create_subprocess_exec(
        *(ffmpeg, "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10", "-t", "5"),
        *("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", str(hevc)),
    )
    assert await made.wait() == 0
    silent = await open_program(db)

    push(program.key, hevc)
    push(silent.key, options=("-vn",))

    async def refused() -> bool:
        return media.logged("Expected H.264 video, got HEVC.") and media.logged(
            "No key frame arrived within 10 s."
        )

    await until("both are refused", refused, timeout_s=20)
    assert await state_of(db, program.id) == "ready"
    assert await state_of(db, silent.id) == "ready"


async def test_a_silent_publisher_is_taken_over(
    media: MediaProcess, program: Opened, push: Push, db: Database
) -> None:
    first = push(program.key)
    await reaches(db, program.id, "live")
    first.process.send_signal(signal.SIGSTOP)

    async def another_is_admitted() -> bool:
        """A phone that changed networks tries again until its old connection is given up."""
        push(program.key)
        return media.logged('"code": "taken_over"')

    await until("another publisher takes over", another_is_admitted, timeout_s=30, every_s=1)
    await reaches(db, program.id, "live")
    assert await db.collection("streams").count({"program": program.id, "ended_at": None}) == 1


async def test_rotating_the_key_ends_the_publish_made_with_the_old_one(
    media: MediaProcess, program: Opened, push: Push, db: Database
) -> None:
    thief = push(program.key)
    await reaches(db, program.id, "live")

    await db.collection("programs").update_one({"_id": program.id}, {"$set": {"key_hash": digest("new key")}})

    await asyncio.to_thread(thief.wait)
    assert media.logged('"code": "key_revoked"')
    await reaches(db, program.id, "interrupted")
    assert "key_unknown: " in await asyncio.to_thread(push(program.key).wait)
