import asyncio
from pathlib import Path
from typing import Any

import pytest

from content.programs.store import programs
from infra.clock import now_ms
from infra.jobs import JobFailed
from infra.objects import ObjectStore
from infra.retention import Retained
from schemas.content import ContentKind, ContentState, RecordingPolicy
from streaming.replay.actions import make_cover, make_replay
from streaming.replay.clips.actions import make_clip
from streaming.replay.erasing import erase_footage
from streaming.replay.keeping import keep_show
from streaming.replay.workshop import Workshop
from tests.streaming.replay.recorded import START
from tests.streaming.replay.shows import Take
from tests.streaming.replay.stage import Stage, quiet


async def test_an_ended_show_is_a_replay(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    await stage.close(cover="biz_1/cover.png")
    result = await make_replay(stage.shop, stage.program.id, quiet)
    (replay,) = await stage.contents(ContentKind.REPLAY)
    assert result == {"content": replay.id, "duration_ms": 20_000}
    assert (replay.title, replay.cover, replay.media) == ("秋冬上新", "biz_1/cover.png", "")
    assert (replay.duration_ms, replay.state) == (20_000, ContentState.PUBLISHED)
    assert replay.products == ["prd_1", "prd_2"]
    assert replay.source.recordings == [stage.recording.id]
    assert (replay.source.from_at, replay.source.to_at) == (START, START + 20_000)


async def test_made_twice_it_is_one_replay(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    await stage.close()
    first = await make_replay(stage.shop, stage.program.id, quiet)
    assert await make_replay(stage.shop, stage.program.id, quiet) == first
    assert len(await stage.contents(ContentKind.REPLAY)) == 1


async def test_it_waits_for_the_last_segment(stage: Stage, taken: Take) -> None:
    await stage.film(Take(taken.init, taken.segments[:9]))
    making = asyncio.create_task(make_replay(stage.shop, stage.program.id, quiet))
    done, _ = await asyncio.wait({making}, timeout=0.4)
    assert not done
    await stage.film(Take(taken.init, taken.segments[9:]), START + 18_000)
    await stage.close()
    assert (await asyncio.wait_for(making, 5))["duration_ms"] == 20_000


async def test_a_show_without_a_picture_leaves_nothing(stage: Stage) -> None:
    await stage.close()
    assert await make_replay(stage.shop, stage.program.id, quiet) == {"skipped": "nothing_recorded"}
    assert await stage.contents(ContentKind.REPLAY) == []


@pytest.mark.parametrize("policy", [{"recording": RecordingPolicy.OFF}, {"rehearsal": True}])
async def test_a_show_that_is_not_kept_leaves_nothing(
    stage: Stage, taken: Take, policy: dict[str, Any]
) -> None:
    await stage.film(taken)
    mark = await stage.explain(2_000, 14_000)
    await stage.close(**policy)
    for made in (
        make_replay(stage.shop, stage.program.id, quiet),
        make_cover(stage.shop, stage.program.id, quiet),
        make_clip(stage.shop, mark.id, quiet),
    ):
        assert await made == {"skipped": "not_kept"}
    assert await stage.contents(ContentKind.REPLAY) == await stage.contents(ContentKind.CLIP) == []


async def test_a_show_without_clips_leaves_its_replay(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    mark = await stage.explain(2_000, 14_000)
    await stage.close(cover="biz_1/cover.png", recording=RecordingPolicy.NO_CLIPS)
    assert "content" in await make_replay(stage.shop, stage.program.id, quiet)
    assert await make_clip(stage.shop, mark.id, quiet) == {"skipped": "not_kept"}


async def test_a_show_without_a_cover_gets_a_still(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    await make_cover(stage.shop, stage.program.id, quiet)
    program = await programs.get(stage.db, stage.program.id)
    assert program.cover == f"cover/{program.id}.jpg"
    stored = await stage.objects.head(program.cover)
    assert stored.content_type == "image/jpeg"
    assert (await stage.objects.get(program.cover))[:2] == b"\xff\xd8"


async def test_the_cover_waits_for_ten_seconds_of_show(stage: Stage, taken: Take) -> None:
    began_at = now_ms() - 8_000
    await stage.db.collection("programs").update_one({}, {"$set": {"went_live_at": began_at}})
    await stage.film(Take(taken.init, taken.segments[:4]), began_at)
    making = asyncio.create_task(make_cover(stage.shop, stage.program.id, quiet))
    done, _ = await asyncio.wait({making}, timeout=0.4)
    assert not done
    await stage.film(Take(taken.init, taken.segments[4:5]), began_at + 8_000)
    await asyncio.wait_for(making, 5)


async def test_a_chosen_cover_is_left_alone(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    await stage.close(cover="biz_1/cover.png")
    assert await make_cover(stage.shop, stage.program.id, quiet) == {"skipped": "has_cover"}
    assert (await programs.get(stage.db, stage.program.id)).cover == "biz_1/cover.png"


async def test_a_short_show_without_a_cover_has_one_in_the_end(stage: Stage, taken: Take) -> None:
    await stage.film(Take(taken.init, taken.segments[:2]))
    await stage.close()
    await make_replay(stage.shop, stage.program.id, quiet)
    (replay,) = await stage.contents(ContentKind.REPLAY)
    assert replay.cover == (await programs.get(stage.db, stage.program.id)).cover
    assert (await stage.objects.head(replay.cover)).size > 1_000


async def test_no_picture_no_cover(stage: Stage) -> None:
    await stage.close()
    with pytest.raises(JobFailed, match="nothing_recorded"):
        await make_cover(stage.shop, stage.program.id, quiet)


async def test_an_erased_program_leaves_nothing(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    await stage.close()
    mark = await stage.explain(2_000, 12_000)
    await make_clip(stage.shop, mark.id, quiet)
    await make_replay(stage.shop, stage.program.id, quiet)
    for path in sorted((stage.settings.recordings_dir / stage.recording.folder).iterdir()):
        await stage.objects.put(f"seg/{stage.recording.folder}/{path.name}", path, "video/mp4")
    await stage.objects.put("clip/another/1.mp4", b"x", "video/mp4")
    await stage.db.collection("programs").delete_one({"_id": stage.program.id})

    assert await erase_footage(stage.shop, stage.program.id, quiet) == {"objects": 10 + 1 + 2 + 1}
    assert await erase_footage(stage.shop, stage.program.id, quiet) == {"objects": 0}

    assert await stage.objects.keys("") == ["clip/another/1.mp4"]
    assert not (stage.settings.recordings_dir / stage.recording.folder).exists()
    for name in ("segments", "recordings", "marks"):
        assert await stage.db.collection(name).count({}) == 0


async def test_a_program_that_is_there_keeps_its_footage(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    assert await erase_footage(stage.shop, stage.program.id, quiet) == {"skipped": "program_exists"}
    assert await stage.db.collection("segments").count({}) == 10
    assert (stage.settings.recordings_dir / stage.recording.folder / "init-0.mp4").exists()


async def test_what_a_selling_show_left_outlives_the_clean_up(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    await stage.close()
    mark = await stage.explain(2_000, 12_000)
    await make_clip(stage.shop, mark.id, quiet)
    await stage.db.collection("programs").update_one(
        {"_id": stage.program.id}, {"$set": {"went_live_at": START, "ended_at": now_ms(), "demo": False}}
    )
    for _ in range(2):
        await keep_show(stage.shop, stage.program.id)
    [clip] = [key for key in await stage.objects.keys("clip/") if key.endswith(".mp4")]
    guarded = ObjectStore(stage.settings, stage.shop.retention.until_of_key)
    with pytest.raises(Retained):
        await guarded.delete(clip)
    guarded.close()

    # Were the program's document lost, its footage would stay all the same.
    await stage.db.collection("programs").delete_one({"_id": stage.program.id})
    assert await erase_footage(stage.shop, stage.program.id, quiet) == {"skipped": "retained"}
    assert await stage.db.collection("segments").count({}) == 10
    assert (stage.settings.recordings_dir / stage.recording.folder / "init-0.mp4").exists()


async def test_a_clip_made_again_under_the_lock_stays_as_it_is(stage: Stage, tmp_path: Path) -> None:
    await stage.shop.retention.keep("prg_1", "biz_1", now_ms() + 60_000, ["clip/prg_1/"])
    shop = Workshop(stage.db, ObjectStore(stage.settings, stage.shop.retention.until_of_key), stage.settings)
    piece = tmp_path / "clip.mp4"
    for body in (b"first", b"second"):
        piece.write_bytes(body)
        await shop.keep("clip/prg_1/1.mp4", piece, "video/mp4")
    assert await stage.objects.get("clip/prg_1/1.mp4") == b"first"
    shop.objects.close()
