"""kill -9 of the media process in the middle of a show; the database away during one."""

import asyncio
import hashlib
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from infra.mongo import Database
from infra.settings import Settings
from streaming.media.recorder.layout import parse
from tests.http import plain_http
from tests.streaming.media.stage import MediaProcess, Opened, Push, decode, reaches, read_flv, until

pytestmark = pytest.mark.faults


async def test_every_closed_segment_is_there_after_a_kill_and_the_show_goes_on(
    media: MediaProcess, program: Opened, push: Push, db: Database
) -> None:
    segments = db.collection("segments")
    push(program.key)
    await reaches(db, program.id, "live")
    folder = await recording_folder(db, media.settings)

    async def three_closed() -> bool:
        return len(closed_files(folder)) >= 3

    await until("three closed segments", three_closed)
    media.kill()
    before = closed_files(folder)
    # The crash came before the last segments reached the database, and in the middle of writing one.
    await segments.delete_many({"seq": {"$gte": 1}})
    (folder / ".000099-1-2000.mp4.part").write_bytes(b"half a segment")

    await media.start()

    known = await segments.find({"program": program.id}, sort=[("seq", 1)])
    assert [doc["file"] for doc in known] == before
    for doc in known:
        data = (folder / doc["file"]).read_bytes()
        assert doc["sha256"] == hashlib.sha256(data).hexdigest()
        assert doc["bytes"] == len(data)
        assert decode((folder / doc["init"]).read_bytes() + data, "mp4").pictures
    assert not list(folder.glob(".*"))
    await reaches(db, program.id, "interrupted")
    assert await db.collection("streams").count({"ended_at": None}) == 0

    push(program.key)

    await reaches(db, program.id, "live")
    assert len(decode(await read_flv(media.play(program.id, "flv")), "flv").pictures) > 30

    async def continued() -> bool:
        return await segments.count({"program": program.id}) > len(before)

    await until("the recording goes on", continued)
    [following] = await segments.find({"program": program.id, "seq": len(before)})
    assert following["discontinuity"]
    assert following["init"] == "init-1.mp4"
    name = parse(following["file"])
    assert name is not None
    assert name.discontinuity
    async with plain_http() as client:
        playlist = (await client.get(media.play(program.id, "m3u8"))).text
    assert "#EXT-X-DISCONTINUITY\n" in playlist
    assert "#EXT-X-ENDLIST" not in playlist


async def test_a_clean_stop_leaves_every_segment_in_the_collection(
    media: MediaProcess, program: Opened, push: Push, db: Database
) -> None:
    push(program.key)
    await reaches(db, program.id, "live")
    folder = await recording_folder(db, media.settings)

    async def one_closed() -> bool:
        return bool(closed_files(folder))

    await until("a segment", one_closed)
    assert await asyncio.to_thread(media.stop) == 0

    known = await db.collection("segments").find({}, sort=[("seq", 1)])
    assert [doc["file"] for doc in known] == closed_files(folder)
    await reaches(db, program.id, "interrupted")


async def test_segments_closed_while_the_database_is_away_arrive_when_it_returns(
    media: MediaProcess, program: Opened, push: Push, db: Database
) -> None:
    media.stop()
    line = Line(media.settings, media.settings.data / "line.sock")
    await line.connect()
    media.settings = media.with_settings(mongodb_uri=line.uri)
    await media.start()
    push(program.key)
    await reaches(db, program.id, "live")
    folder = await recording_folder(db, media.settings)

    await line.cut()
    at_cut = await db.collection("segments").count({})

    async def three_more() -> bool:
        return len(closed_files(folder)) >= at_cut + 3

    await until("three segments on the disk", three_more)
    assert len(decode(await read_flv(media.play(program.id, "flv")), "flv").pictures) > 30
    assert await db.collection("segments").count({}) <= at_cut + 1
    await line.connect()

    async def all_known() -> bool:
        known = await db.collection("segments").find({}, sort=[("seq", 1)])
        return (
            len(known) >= at_cut + 3 and [doc["file"] for doc in known] == closed_files(folder)[: len(known)]
        )

    await until("the database knows them", all_known, timeout_s=30)
    await line.cut()


async def recording_folder(db: Database, settings: Settings) -> Path:
    recording = await db.collection("recordings").find_one({})
    assert recording is not None
    return settings.recordings_dir / str(recording["folder"])


def closed_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("0*.mp4"))


class Line:
    """A line to mongod that can be cut."""

    def __init__(self, settings: Settings, path: Path) -> None:
        host, _, options = settings.mongodb_uri.removeprefix("mongodb://").partition("/?")
        self.uri = f"mongodb://{quote(str(path), safe='')}/?{options}"
        self._path, self._server_path = path, unquote(host)
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def connect(self) -> None:
        self._server = await asyncio.start_unix_server(self._accept, self._path)

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        self._path.unlink(missing_ok=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_unix_connection(self._server_path)
        self._open |= {writer, far_writer}
        with suppress(OSError):
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        self._open -= {writer, far_writer}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()
