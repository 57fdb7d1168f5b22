import pytest

from infra.jobs import JobFailed
from infra.objects import ObjectStore
from schemas.content import ContentKind
from schemas.jobs import Job
from tests.streaming.replay.shows import Take
from tests.streaming.replay.stage import Stage, quiet, set_up
from tests.workers.jobs.running import Store
from workers.jobs.work import handlers


@pytest.mark.parametrize("kind", ["cover", "replay", "clip"])
async def test_a_program_erased_meanwhile_fails_its_jobs_for_good(
    stage: Stage, taken: Take, kind: str
) -> None:
    await stage.film(taken)
    await stage.close()
    mark = await stage.explain(2_000, 12_000)
    await stage.db.collection("programs").delete_many({})
    job = Job(id="job_1", kind=kind, key=mark.id if kind == "clip" else stage.program.id)
    with pytest.raises(JobFailed, match="source_gone") as failure:
        await handlers(stage.shop)[kind](job, quiet)
    assert not failure.value.retry


@pytest.mark.faults
async def test_a_store_that_stays_away_is_the_plain_reason(
    stage: Stage, taken: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streaming.replay.workshop.STORE_PATIENCE_S", 0)
    own = Store(stage.settings)
    await own.start()
    objects = ObjectStore(own.settings)
    stage = await set_up(stage.db, objects, own.settings)
    await stage.film(taken)
    mark = await stage.explain(2_000, 12_000)
    own.kill()
    try:
        with pytest.raises(JobFailed, match="store_away") as failure:
            await handlers(stage.shop)["clip"](Job(id="job_1", kind="clip", key=mark.id), quiet)
    finally:
        objects.close()
    assert failure.value.retry
    assert await stage.contents(ContentKind.CLIP) == []
