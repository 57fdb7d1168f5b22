"""What a program says of its recording, and a room's permanent key, over a real RTMP publish."""

import asyncio

from infra.mongo import Database, to_doc
from infra.settings import Settings
from infra.tokens import digest
from schemas.content import RecordingPolicy, Room
from tests.http import plain_http
from tests.streaming.media.stage import MediaProcess, Push, open_program, reaches, until


async def test_a_show_that_is_not_recorded_is_watched_and_leaves_nothing(
    media: MediaProcess, push: Push, db: Database, settings: Settings
) -> None:
    program = await open_program(db, recording=RecordingPolicy.OFF)
    publisher = push(program.key)
    await reaches(db, program.id, "live")

    async def plays() -> bool:
        async with plain_http(timeout=20) as client:
            playlist = await client.get(media.play(program.id, "m3u8"))
        return "#EXTINF" in playlist.text

    await until("the live playlist plays", plays)
    recording = await db.collection("recordings").find_one({"program": program.id})
    assert recording is not None
    folder = settings.recordings_dir / recording["folder"]
    assert folder.is_dir()
    assert recording["kept"] is False
    await db.collection("programs").update_one({"_id": program.id}, {"$set": {"state": "ended"}})
    await asyncio.to_thread(publisher.wait)
    media.stop()

    assert not folder.exists()
    assert await db.collection("segments").count({}) == 0
    ended = await db.collection("recordings").find_one({"program": program.id})
    assert ended is not None
    assert ended["ended_at"]


async def test_after_a_crash_nothing_is_left_of_a_show_that_is_not_recorded(
    media: MediaProcess, push: Push, db: Database, settings: Settings
) -> None:
    program = await open_program(db, rehearsal=True)
    push(program.key)
    await reaches(db, program.id, "live")
    recording = await db.collection("recordings").find_one({"program": program.id})
    assert recording is not None
    folder = settings.recordings_dir / recording["folder"]

    async def written() -> bool:
        return folder.is_dir() and any(folder.glob("*-*.mp4"))

    await until("a segment is on the disk", written)
    media.kill()
    await db.collection("programs").update_one({"_id": program.id}, {"$set": {"state": "ended"}})
    await media.start()

    async def gone() -> bool:
        return not folder.exists()

    await until("the folder is gone", gone)
    assert await db.collection("segments").count({}) == 0


async def test_a_rooms_permanent_key_publishes_to_what_is_open_until_it_is_replaced(
    media: MediaProcess, push: Push, db: Database
) -> None:
    room = Room(id="rm_1", business="biz_1", anchor="acc_1", title="r", key_hash=digest("permanent"))
    await db.collection("rooms").insert_one(to_doc(room))
    assert "program_not_open: " in await asyncio.to_thread(push("permanent").wait)
    program = await open_program(db)
    publisher = push("permanent")
    await reaches(db, program.id, "live")
    await db.collection("rooms").update_one({"_id": room.id}, {"$set": {"key_hash": digest("next")}})
    await asyncio.to_thread(publisher.wait)
    assert media.logged('"code": "key_revoked"')
