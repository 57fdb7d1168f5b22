import asyncio
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.mongo import Database
from schemas.media import Recording, Segment
from streaming.media.hls.segmenter import ClosedSegment
from streaming.media.recorder import disk
from streaming.media.recorder.layout import SegmentName, parse
from streaming.media.recorder.reconcile import describe, missing, reconcile
from streaming.media.recorder.recorder import MAX_WAITING, WITHIN_REACH, Recorder
from streaming.media.recorder.store import RecordStore

RECORDING = Recording(id="rec_1", program="prg_1", business="biz_1", folder="folder", started_at=1)


def closed(at: int, *, init: bytes | None = None, broken: bool = False, data: bytes = b"x") -> ClosedSegment:
    return ClosedSegment(at, 2000, broken, init, data)


names = st.builds(
    SegmentName, st.integers(0, 999_999), st.integers(0, 10**13), st.integers(0, 10**6), st.booleans()
)


@given(names)
def test_a_file_name_tells_the_segment(name: SegmentName) -> None:
    assert parse(name.file) == name


@pytest.mark.parametrize(
    "file", ["init-0.mp4", "000001-1-2.m4s", ".000001-1-2.mp4.part", "1-1-2.mp4", "000001-1-2-x.mp4", "a"]
)
def test_other_files_are_no_segments(file: str) -> None:
    assert parse(file) is None


def test_the_layout_is_the_promised_one() -> None:
    assert SegmentName(7, 1_795_327_200_000, 2000, False).file == "000007-1795327200000-2000.mp4"
    assert SegmentName(8, 1_795_327_202_000, 2000, True).file == "000008-1795327202000-2000-d.mp4"


def test_what_is_missing_gets_the_initialisation_in_force() -> None:
    on_disk = [SegmentName(seq, seq * 2000, 2000, seq in (2, 4)) for seq in range(1, 6)]
    known = [
        describe(RECORDING, SegmentName(0, 0, 2000, False), "init-0.mp4", b""),
        describe(RECORDING, on_disk[1], "init-1.mp4", b""),
    ]

    assert [(name.seq, init) for name, init in missing(known, on_disk)] == [
        (1, "init-0.mp4"),
        (3, "init-1.mp4"),
        (4, "init-2.mp4"),
        (5, "init-2.mp4"),
    ]


def test_half_written_files_are_removed_and_never_listed(tmp_path: Path) -> None:
    disk.write_durably(tmp_path / "000000-1-2000.mp4", b"whole")
    (tmp_path / ".000001-2001-2000.mp4.part").write_bytes(b"half")

    assert disk.closed_segments(tmp_path) == [SegmentName(0, 1, 2000, False)]
    assert [path.name for path in tmp_path.iterdir()] == ["000000-1-2000.mp4"]
    assert disk.closed_segments(tmp_path / "elsewhere") == []


async def test_segments_are_on_disk_before_anybody_is_told(tmp_path: Path) -> None:
    told: list[Segment] = []

    def tell(segment: Segment) -> None:
        assert (tmp_path / "folder" / segment.file).read_bytes() == b"x"
        assert (tmp_path / "folder" / segment.init).exists()
        told.append(segment)

    recorder = Recorder(RECORDING, tmp_path, [], tell)
    recorder.add(closed(10_000, init=b"one"))
    recorder.add(closed(12_000))
    recorder.add(closed(30_000, init=b"two", broken=True))
    await recorder.settled()

    assert [segment.id for segment in told] == ["rec_1:000000", "rec_1:000001", "rec_1:000002"]
    assert [segment.init for segment in told] == ["init-0.mp4", "init-0.mp4", "init-1.mp4"]
    assert (tmp_path / "folder" / "init-1.mp4").read_bytes() == b"two"
    assert await recorder.wait_for_segment(0)


async def test_of_a_show_that_is_not_kept_only_what_players_need_is_there(
    tmp_path: Path, db: Database
) -> None:
    told: list[Segment] = []
    passing = msgspec.structs.replace(RECORDING, kept=False)
    recorder = Recorder(passing, tmp_path, [], told.append)
    for number in range(WITHIN_REACH + 5):
        recorder.add(closed(10_000 + number * 2000, init=b"one" if number == 0 else None))
    await recorder.settled()

    assert told == []
    files = sorted(path.name for path in (tmp_path / "folder").iterdir())
    assert len(files) == WITHIN_REACH + 1
    assert files[-1] == "init-0.mp4"
    assert [one.file for one in recorder.segments] == files[:-1]
    assert recorder.segments[0].seq == 5

    assert await reconcile(RecordStore(db), passing, tmp_path) == []
    assert not (tmp_path / "folder").exists()
    assert await db.collection("segments").count({}) == 0


async def test_program_date_time_never_goes_back(tmp_path: Path) -> None:
    recorder = Recorder(RECORDING, tmp_path, [], lambda _: None)

    recorder.add(closed(10_000, init=b""))
    recorder.add(closed(9_000))
    await recorder.settled()

    assert [segment.start_at for segment in recorder.segments] == [10_000, 10_001]


async def test_a_full_disk_is_waited_out_and_what_is_lost_is_marked(tmp_path: Path) -> None:
    in_the_way = tmp_path / "folder"
    in_the_way.write_bytes(b"no folder can be made here")
    recorder = Recorder(RECORDING, tmp_path, [], lambda _: None)
    recorder.add(closed(2000, init=b"one"))
    await asyncio.sleep(0.05)
    for index in range(1, MAX_WAITING + 2):
        recorder.add(closed(2000 + index * 2000))
    assert recorder.lost == 2

    in_the_way.unlink()
    await recorder.settled()

    assert len(recorder.segments) == MAX_WAITING
    assert [segment.seq for segment in recorder.segments] == list(range(MAX_WAITING))
    first, second, third = recorder.segments[:3]
    assert (first.start_at, first.init) == (2000, "init-0.mp4")
    assert (second.start_at, second.discontinuity, second.init) == (8000, True, "init-1.mp4")
    assert not third.discontinuity
    assert (tmp_path / "folder" / "init-1.mp4").read_bytes() == b"one"


async def test_reconciling_twice_adds_once(db: Database, tmp_path: Path) -> None:
    store = RecordStore(db)
    await store.ensure_indexes()
    recorder = Recorder(RECORDING, tmp_path, [], lambda _: None)
    recorder.add(closed(10_000, init=b"one", data=b"first"))
    recorder.add(closed(12_000, data=b"second"))
    await recorder.settled()
    await store.add_segment(recorder.segments[0])

    for _ in range(2):
        assert await reconcile(store, RECORDING, tmp_path) == recorder.segments
    assert await store.segments("rec_1") == recorder.segments


async def test_a_program_has_one_recording_however_many_ask(db: Database) -> None:
    store = RecordStore(db)
    await store.ensure_indexes()

    opened = await asyncio.gather(*(store.open_recording("prg_1", "biz_1", 1) for _ in range(5)))

    assert len({recording.id for recording in opened}) == 1
    assert await store.unfinished() == [opened[0]]
    await store.end_recording(opened[0].id, 9)
    assert await store.unfinished() == []
