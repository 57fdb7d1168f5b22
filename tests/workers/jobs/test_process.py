"""The real process: events in, contents out, through kills and outages."""

import asyncio
from pathlib import Path

import pytest

from infra import outbox
from infra.clock import now_ms
from infra.jobs import retry
from infra.objects import ObjectStore
from schemas.content import ContentKind
from schemas.events import Event, ExplanationEnded, ProgramEnded, ProgramErased, ProgramWentLive
from schemas.jobs import Job, JobState, Mark
from tests.streaming.replay.recorded import START
from tests.streaming.replay.shows import Take, pictures
from tests.streaming.replay.stage import Stage, set_up
from tests.workers.jobs.running import JobsProcess, Store, job, jobs_process, until


async def tell(stage: Stage, event: Event) -> None:
    await stage.db.transact(lambda session: outbox.publish(stage.db, session, event))


async def tell_explained(stage: Stage, mark: Mark) -> None:
    await tell(
        stage,
        ExplanationEnded(mark=mark.id, program=mark.program, business=mark.business, product=mark.product),
    )


async def settled(stage: Stage, kind: str, *states: JobState) -> Job:
    async def there() -> Job | None:
        found = await job(stage.db, kind)
        return found if found and found.state in states else None

    return await until(f"job {kind} in {states}", there)


async def test_events_become_a_cover_a_clip_and_a_replay(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    mark = await stage.explain(2_000, 12_000)
    program, business = stage.program.id, stage.program.business
    async with jobs_process(stage.settings):
        await tell(stage, ProgramWentLive(program=program, business=business, at=START))
        await tell_explained(stage, mark)
        await settled(stage, "cover", JobState.DONE)
        clip = await settled(stage, "clip", JobState.DONE)
        await stage.close()
        await tell(
            stage,
            ProgramEnded(program=program, business=business, at=START + 20_000, reason="ended_by_anchor"),
        )
        await settled(stage, "replay", JobState.DONE)
    assert (clip.progress, clip.business, clip.program) == (1.0, "biz_1", stage.program.id)
    assert clip.data == {"title": "保温杯"}
    assert len(await stage.contents(ContentKind.CLIP)) == 1
    assert len(await stage.contents(ContentKind.REPLAY)) == 1
    assert (await stage.objects.head(f"cover/{stage.program.id}.jpg")).size > 1_000


async def test_an_erased_program_takes_its_recording_along(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    await stage.db.collection("programs").delete_one({"_id": stage.program.id})
    async with jobs_process(stage.settings):
        await tell(stage, ProgramErased(program=stage.program.id, business="biz_1"))
        await settled(stage, "erase", JobState.DONE)
    assert await stage.db.collection("recordings").count({}) == 0
    assert not (stage.settings.recordings_dir / stage.recording.folder).exists()


async def test_an_event_told_twice_is_one_job(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    mark = await stage.explain(2_000, 12_000)
    async with jobs_process(stage.settings):
        await tell_explained(stage, mark)
        await tell_explained(stage, mark)
        await settled(stage, "clip", JobState.DONE)
    assert len(await stage.contents(ContentKind.CLIP)) == 1


async def test_what_happened_while_it_was_away_is_done_later(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    mark = await stage.explain(2_000, 12_000)
    async with jobs_process(stage.settings) as process:
        process.kill()
        await tell_explained(stage, mark)
        await process.start()
        await settled(stage, "clip", JobState.DONE)


async def test_a_failed_job_tells_why_and_a_retry_makes_it_good(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    await stage.close()
    folder = stage.settings.recordings_dir / stage.recording.folder
    hidden = folder / stage.segments[2].file
    hidden.rename(folder / "hidden")
    mark = await stage.explain(2_000, 12_000)
    async with jobs_process(stage.settings):
        await tell_explained(stage, mark)
        failed = await settled(stage, "clip", JobState.FAILED)
        assert failed.reason == f"footage_lost: {stage.segments[2].file}"
        (folder / "hidden").rename(hidden)
        assert await retry(stage.db, failed.id)
        await settled(stage, "clip", JobState.DONE)
    assert len(await stage.contents(ContentKind.CLIP)) == 1


@pytest.mark.faults
async def test_kill_9_during_a_clip_and_it_is_there_once(stage: Stage, taken: Take, tmp_path: Path) -> None:
    """Killed while it waits for the picture, and at each later step it lets itself be caught at."""
    start_at = now_ms() - 10_000
    offset = start_at - START
    await stage.film(Take(taken.init, taken.segments[:5]), start_at)
    mark = await stage.explain(offset + 1_000, offset + 11_000)
    process = JobsProcess(stage.settings)
    try:
        await process.start()
        await tell_explained(stage, mark)
        await settled(stage, "clip", JobState.RUNNING)
        process.kill()
        await stage.film(Take(taken.init, taken.segments[5:]), start_at + 10_000)
        for progress in (0.1, 0.2, 0.5):
            await _lease_runs_out(stage)
            await process.start()
            await _reached(stage, progress)
            process.kill()
        await _lease_runs_out(stage)
        await process.start()
        done = await settled(stage, "clip", JobState.DONE)
    finally:
        process.end()
    (clip,) = await stage.contents(ContentKind.CLIP)
    assert done.attempts >= 2
    assert done.result == {"content": clip.id}
    (tmp_path / "clip.mp4").write_bytes(await stage.objects.get(clip.media))
    assert len(pictures(tmp_path / "clip.mp4")) == pytest.approx(330, abs=1)
    assert list((stage.settings.data / "media" / "cutting").iterdir()) == []


async def _lease_runs_out(stage: Stage) -> None:
    await stage.db.collection("jobs").update_one({"state": JobState.RUNNING}, {"$set": {"lease_until": 1}})


async def _reached(stage: Stage, progress: float) -> None:
    async def there() -> bool:
        found = await job(stage.db, "clip")
        return found is not None and found.progress >= progress

    await until(f"progress {progress}", there)


@pytest.mark.faults
async def test_a_clip_waits_for_a_store_that_is_away(stage: Stage, taken: Take) -> None:
    own = Store(stage.settings)
    await own.start()
    objects = ObjectStore(own.settings)
    try:
        stage = await set_up(stage.db, objects, own.settings)
        await stage.film(taken)
        mark = await stage.explain(2_000, 12_000)
        async with jobs_process(own.settings) as process:
            own.kill()
            assert await process.ask("/healthz") == (200, "ok\n")
            assert await process.ask("/readyz") == (503, "the object store does not answer\n")
            await tell_explained(stage, mark)
            await _reached(stage, 0.2)
            assert await stage.contents(ContentKind.CLIP) == []
            await own.start()
            await settled(stage, "clip", JobState.DONE)
        (clip,) = await stage.contents(ContentKind.CLIP)
        assert (await objects.head(clip.media)).size > 100_000
    finally:
        objects.close()
        own.kill()


async def test_it_stops_cleanly_and_gives_back_what_it_had(stage: Stage, taken: Take) -> None:
    start_at = now_ms() - 10_000
    await stage.film(Take(taken.init, taken.segments[:5]), start_at)
    mark = await stage.explain(start_at - START, start_at - START + 20_000)
    async with jobs_process(stage.settings) as process:
        await tell_explained(stage, mark)
        await settled(stage, "clip", JobState.RUNNING)
        code, took_s = await asyncio.to_thread(process.stop)
    assert (code, took_s < 3) == (0, True)
    given_back = await job(stage.db, "clip")
    assert given_back is not None and given_back.state is JobState.QUEUED


@pytest.mark.faults
async def test_it_stops_in_time_when_the_store_is_silent(stage: Stage, taken: Take) -> None:
    own = Store(stage.settings)
    await own.start()
    objects = ObjectStore(own.settings)
    try:
        stage = await set_up(stage.db, objects, own.settings)
        async with jobs_process(own.settings) as process:

            async def uploading() -> bool:
                return "kaibo_segments_waiting 10.0" in (await process.ask("/metrics"))[1]

            own.freeze()
            await stage.film(taken)
            await until("uploads that hang", uploading)
            code, took_s = await asyncio.to_thread(process.stop)
        assert (code, took_s < 3) == (0, True)
    finally:
        objects.close()
        own.kill()


async def test_metrics_count_segments(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    async with jobs_process(stage.settings) as process:

        async def counted() -> bool:
            return "kaibo_segments_uploaded_total 10.0" in (await process.ask("/metrics"))[1]

        await until("ten uploads counted", counted)
        assert (await process.ask("/nowhere"))[0] == 404
