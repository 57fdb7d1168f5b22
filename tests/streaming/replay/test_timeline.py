import msgspec
import pytest

from schemas.accounts import PublicAccount
from schemas.content import Content, ContentKind, Source
from schemas.problems import Refused
from schemas.room import (
    Announced,
    ChatSent,
    LikesCounted,
    OfferPinned,
    OfferUnpinned,
    RoomEvent,
    ShelfSet,
    StateChanged,
)
from streaming.live_room.log.reader import COLLECTION
from streaming.live_room.log.writer import LogWriter
from streaming.replay.timeline import MAX_DELAY_MS, Moment, first_of, timeline
from tests.streaming.replay.recorded import START
from tests.streaming.replay.shows import Take
from tests.streaming.replay.stage import OFFERS, Stage

GAP_MS = 30_000
BACK = START + 8_000 + GAP_MS
"""Four segments, an interruption, six segments."""


def said(at: int, text: str, seen_at: int | None = None) -> ChatSent:
    return ChatSent(seq=0, at=at, user=PublicAccount(id="acc_2", name="小满"), text=text, seen_at=seen_at)


def pinned(at: int, n: int) -> OfferPinned:
    return OfferPinned(seq=0, at=at, offer=f"off_{n}", product=f"prd_{n}")


def unpinned(at: int, n: int, since_at: int) -> OfferUnpinned:
    return OfferUnpinned(seq=0, at=at, offer=f"off_{n}", product=f"prd_{n}", since_at=since_at, since_seq=1)


async def log(stage: Stage, *events: RoomEvent) -> None:
    """Write a room's log in order, a few events to a batch."""
    writer = LogWriter(stage.db.collection(COLLECTION), stage.program.log)
    await writer.take_over(events[0].at)
    for start in range(0, len(events), 3):
        batch = [
            msgspec.structs.replace(event, seq=writer.tail.seq + 1 + n)
            for n, event in enumerate(events[start : start + 3])
        ]
        await writer.append(batch, [])


async def replay(stage: Stage, taken: Take) -> Content:
    await stage.film(Take(taken.init, taken.segments[:4]))
    await stage.film(Take(taken.init, taken.segments[4:]), BACK, broken=True)
    await stage.close()
    return Content(
        id="cnt_1",
        business="biz_1",
        program=stage.program.id,
        room="rm_1",
        kind=ContentKind.REPLAY,
        title="t",
        source=Source(recordings=[stage.recording.id]),
    )


def shape(moments: list[Moment]) -> list[tuple[int, str]]:
    return [
        (
            one.at_ms,
            one.event.text if isinstance(one.event, ChatSent) else str(one.event.__struct_config__.tag),
        )
        for one in moments
    ]


async def test_everything_lies_where_it_happened_in_the_picture(stage: Stage, taken: Take) -> None:
    content = await replay(stage, taken)
    await log(
        stage,
        ShelfSet(seq=0, at=START - 5_000, offers=OFFERS),
        said(START - 3_000, "before the picture"),
        pinned(START + 1_000, 1),
        said(START + 4_500, "late screen", seen_at=START + 2_000),
        unpinned(START + 7_000, 1, START + 1_000),
        said(START + 20_000, "where is she?"),
        Announced(seq=0, at=BACK + 1_000, text="下单送手套"),
        said(BACK + 2_000, "back"),
    )
    line = await timeline(stage.db, content, 0, 60_000)
    assert shape(line.moments) == [
        (1_000, "pinned"),
        (2_000, "late screen"),
        (7_000, "unpinned"),
        (8_000, "where is she?"),
        (9_000, "announced"),
        (10_000, "back"),
    ]
    assert line.duration_ms == 20_000
    assert [(c.title, c.product, c.from_ms, c.to_ms) for c in line.chapters] == [
        ("保温杯", "prd_1", 1_000, 7_000)
    ]


async def test_a_window_opens_on_the_room_as_it_was(stage: Stage, taken: Take) -> None:
    content = await replay(stage, taken)
    await log(
        stage,
        StateChanged(seq=0, at=START - 6_000, state="ready"),
        ShelfSet(seq=0, at=START - 5_000, offers=OFFERS[:1]),
        Announced(seq=0, at=START, text="欢迎"),
        LikesCounted(seq=0, at=START + 500, total=12),
        pinned(START + 1_000, 1),
        ShelfSet(seq=0, at=START + 3_000, offers=OFFERS),
        unpinned(START + 6_000, 1, START + 1_000),
        StateChanged(seq=0, at=START + 9_000, state="interrupted"),
    )
    at_0 = (await timeline(stage.db, content, 0, 0)).view
    at_2 = (await timeline(stage.db, content, 2_000, 4_000)).view
    at_7 = (await timeline(stage.db, content, 7_000, 8_000)).view
    assert (len(at_0.offers), at_0.pinned, at_0.notice, at_0.state) == (1, "", "", "live")
    assert (at_2.pinned, at_2.pinned_at, len(at_2.offers)) == ("off_1", START + 1_000, 1)
    assert (at_2.notice, at_2.likes, at_2.state) == ("欢迎", 12, "live")
    assert (at_7.pinned, at_7.pinned_at, len(at_7.offers)) == ("", None, 2)


async def test_a_shelf_older_than_the_log_stands_there_from_the_start(stage: Stage, taken: Take) -> None:
    content = await replay(stage, taken)
    await log(stage, pinned(START + 1_000, 2), unpinned(START + 7_000, 2, START + 1_000))
    line = await timeline(stage.db, content, 0, 0)
    assert line.view.offers == OFFERS
    assert [chapter.title for chapter in line.chapters] == ["羊毛围巾"]


async def test_windows_laid_side_by_side_give_everything_once(stage: Stage, taken: Take) -> None:
    content = await replay(stage, taken)
    lines = [said(START + n * 700, f"line {n}", START + n * 700 - 300 * (n % 4)) for n in range(80)]
    await log(stage, *lines)
    whole = await timeline(stage.db, content, 0, 20_001)
    sides = [await timeline(stage.db, content, ms, ms + 1_000) for ms in range(0, 20_001, 1_000)]
    assert [m for side in sides for m in side.moments] == whole.moments
    assert len(whole.moments) == len({m.event.seq for m in whole.moments}) == 80


async def test_an_incredible_screen_delay_is_not_believed(stage: Stage, taken: Take) -> None:
    content = await replay(stage, taken)
    at = BACK + 11_000
    await log(stage, said(at, "forged", seen_at=START), said(at, "from the future", seen_at=at + 90_000))
    line = await timeline(stage.db, content, 0, 60_000)
    assert at - MAX_DELAY_MS < START + 1_000
    assert shape(line.moments) == [(0, "forged"), (19_000, "from the future")]


async def test_an_erased_text_is_gone(stage: Stage, taken: Take) -> None:
    content = await replay(stage, taken)
    await log(stage, said(START + 1_000, "stays"), said(START + 2_000, "is erased"))
    await stage.db.collection(COLLECTION).update_many({}, {"$unset": {"texts.3": ""}})
    line = await timeline(stage.db, content, 0, 60_000)
    assert shape(line.moments) == [(1_000, "stays")]


async def test_a_crowded_window_tells_where_to_ask_on() -> None:
    moments = [Moment(at_ms=ms, event=said(START + ms, "x")) for ms in (1, 2, 2, 2, 3)]
    assert len(first_of(moments, 5)) == 5
    assert len(first_of(moments, 3)) == 1
    assert len(first_of(moments, 4)) == 4


async def test_only_a_replay_has_a_timeline(stage: Stage, taken: Take) -> None:
    clip = msgspec.structs.replace(await replay(stage, taken), kind=ContentKind.CLIP)
    with pytest.raises(Refused, match="not_found"):
        await timeline(stage.db, clip, 0, 1_000)
