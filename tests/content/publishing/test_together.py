"""Several jobs at one moment: one's trouble is not the others'."""

from collections.abc import Mapping, Sequence

import pytest

from content.publishing.together import do_each
from infra.jobs import JobFailed, Result
from infra.mongo import Unavailable
from schemas.jobs import Job


def jobs(*names: str) -> list[Job]:
    return [Job(id=name, kind="k", key=name, data={"document": name, "at": 1}, run_at=0) for name in names]


async def no_way(_jobs: Sequence[Job]) -> Mapping[str, Result]:
    raise Unavailable("no way for a transaction")


async def test_one_that_finds_no_way_keeps_none_of_the_others() -> None:
    async def alone(document: str, _at: int) -> Result:
        if document == "hot":
            raise Unavailable("no way for a transaction")
        return {"published": True}

    first, hot, last = await do_each(no_way, alone, jobs("a", "hot", "b"))
    assert first == last == {"published": True}
    assert isinstance(hot, JobFailed)
    assert hot.retry


async def test_a_database_that_is_away_is_no_fault_of_the_jobs() -> None:
    async def alone(_document: str, _at: int) -> Result:
        raise Unavailable("no server")

    with pytest.raises(Unavailable):
        await do_each(no_way, alone, jobs("a", "b"))
