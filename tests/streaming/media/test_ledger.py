import pytest

from infra.mongo import Unavailable, Unknown
from schemas.problems import CommonRefusal, Refused
from streaming.media import ledger as module
from streaming.media.ledger import Ledger


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FIRST_WAIT_S", 0.001)


async def test_facts_arrive_in_order_however_long_the_database_is_away() -> None:
    taken: list[str] = []
    failures: list[Exception] = [Unavailable("down"), Unknown("lost"), Unavailable("down")]

    async def first() -> None:
        if failures:
            raise failures.pop()
        taken.append("first")

    async def second() -> None:
        taken.append("second")

    ledger = Ledger("prg_1")
    ledger.submit(first)
    ledger.submit(second)

    assert await ledger.settled(5)
    assert taken == ["first", "second"]
    assert ledger.pending == 0


async def test_a_refused_fact_is_told_and_passed_over() -> None:
    taken: list[str] = []
    told: list[Refused] = []

    async def refused() -> None:
        raise Refused(CommonRefusal.WRONG_STATE)

    async def following() -> None:
        taken.append("following")

    ledger = Ledger("prg_1")
    ledger.submit(refused, told.append)
    ledger.submit(following)

    assert await ledger.settled(5)
    assert [no.code for no in told] == [CommonRefusal.WRONG_STATE]
    assert taken == ["following"]


async def test_what_never_works_does_not_hold_up_the_rest() -> None:
    attempts: list[int] = []

    async def broken() -> None:
        attempts.append(1)
        raise RuntimeError("a mistake")

    async def following() -> None:
        attempts.append(2)

    ledger = Ledger("prg_1")
    ledger.submit(broken)
    ledger.submit(following)

    assert await ledger.settled(5)
    assert attempts == [1] * 5 + [2]
