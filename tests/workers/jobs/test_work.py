import pytest

from infra.jobs import JobFailed
from schemas.jobs import Job
from tests.streaming.replay.shows import Take
from tests.streaming.replay.stage import Stage, quiet
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
