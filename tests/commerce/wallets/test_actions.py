import random
from collections.abc import Sequence

import pytest

from commerce.wallets import actions, rules, store
from commerce.wallets.actions import TWICE, CreditedTwice
from commerce.wallets.rules import Overdrawn, WalletRefusal
from commerce.wallets.store import escrows
from content.businesses.store import businesses
from infra.mongo import Database, Session
from schemas.accounts import PLATFORM, SYSTEM, Actor, Role
from schemas.content import Business
from schemas.ids import new_id
from schemas.money import Money
from schemas.problems import CommonRefusal, Refused
from schemas.wallets import Escrow, EscrowState, Win
from tests.commerce.shop import at_once, buyer

BUDGET = 10_000


async def _business(db: Database, budget: int = BUDGET) -> str:
    await store.ensure_indexes(db)
    business = Business(id=new_id("biz"), name="云店", slug="cloud")

    async def work(session: Session) -> None:
        await businesses.insert(db, session, business)

    await db.transact(work)
    if budget:
        await actions.grant_budget(db, SYSTEM, business.id, Money(amount=budget), "first")
    return business.id


async def _open(db: Database, business: str, envelope: str = "env_1", amount: int = 1_000) -> Escrow:
    return await actions.open_escrow(
        db, envelope=envelope, business=business, program="prg_1", log="log_1", amount=amount
    )


def _wins(amounts: Sequence[int], envelope: str = "env_1", first: int = 0) -> list[Win]:
    return [
        Win(envelope=envelope, user=f"acc_buyer{slot}", slot=slot, amount=fen)
        for slot, fen in enumerate(amounts, start=first)
    ]


class Checkpoint:
    """A projection's place in its log, kept as the room keeps it: moved only from where it was."""

    def __init__(self, db: Database, at: int, to: int) -> None:
        self._db, self._at, self._to = db, at, to

    async def __call__(self, session: Session) -> bool:
        places = self._db.collection("projections")
        if self._at == 0:
            await places.update_one(
                {"_id": "log_1"}, {"$setOnInsert": {"seq": 0}}, upsert=True, session=session
            )
        moved = await places.update_one(
            {"_id": "log_1", "seq": self._at}, {"$set": {"seq": self._to}}, session=session
        )
        return moved == 1


async def _return(db: Database, envelope: str = "env_1") -> Escrow:
    async def work(session: Session) -> Escrow:
        return await actions.return_rest(db, session, envelope)

    return await db.transact(work)


async def _conserved(db: Database, business: str, granted: int = BUDGET) -> None:
    """All credit of the business that was granted is in its budget, in envelopes or in wallets."""
    balances = await store.balances(db)
    issued = balances.pop(rules.issued(business))
    assert (issued, sum(balances.values())) == (-granted, granted)
    assert all(amount >= 0 for amount in balances.values())
    assert await actions.check_ledger(db) == {}


async def test_granted_credit_is_in_the_budget_once_per_key(db: Database) -> None:
    business = await _business(db, 0)
    await at_once(*(actions.grant_budget(db, SYSTEM, business, Money(amount=500), "k") for _ in range(5)))
    budget = await actions.grant_budget(db, SYSTEM, business, Money(amount=500), "k")
    assert (budget.credit.amount, budget.held.amount) == (500, 0)
    with pytest.raises(Refused) as refused:
        await actions.grant_budget(db, SYSTEM, business, Money(amount=501), "k")
    assert refused.value.code is CommonRefusal.IDEMPOTENCY_KEY_REUSED
    await _conserved(db, business, 500)


async def test_only_the_platform_grants_and_only_operators_look(db: Database) -> None:
    business = await _business(db)
    manager = Actor(id="acc_m", name="m", roles={business: [Role.BUSINESS_OPERATOR]})
    for actor in (manager, buyer()):
        with pytest.raises(Refused):
            await actions.grant_budget(db, actor, business, Money(amount=1), "mine")
    with pytest.raises(Refused):
        await actions.read_budget(db, buyer(), business)
    operator = Actor(id="acc_o", name="o", roles={PLATFORM: [Role.OPERATOR]})
    await actions.grant_budget(db, operator, business, Money(amount=1), "theirs")
    assert (await actions.read_budget(db, manager, business)).credit.amount == BUDGET + 1


async def test_an_envelope_is_set_aside_once_and_never_beyond_the_budget(db: Database) -> None:
    business = await _business(db)
    first = await _open(db, business, amount=6_000)
    assert await _open(db, business, amount=6_000) == first
    with pytest.raises(Refused) as other:
        await _open(db, business, amount=5_000)
    assert other.value.code is CommonRefusal.CONFLICT
    with pytest.raises(Refused) as short:
        await _open(db, business, "env_2", 4_001)
    assert (short.value.code, short.value.data["left"]) == (WalletRefusal.BUDGET_SHORT, 4_000)
    assert await escrows.collection(db).count({}) == 1
    await _conserved(db, business)


async def test_envelopes_opened_at_once_share_one_budget(db: Database) -> None:
    business = await _business(db)
    answers = await at_once(*(_open(db, business, f"env_{n}", 3_000) for n in range(6)))
    assert sum(isinstance(one, Escrow) for one in answers) == 3
    assert {one.code for one in answers if isinstance(one, Refused)} == {WalletRefusal.BUDGET_SHORT}
    await _conserved(db, business)


async def test_winners_are_paid_once_per_log_batch_and_the_rest_returns(db: Database) -> None:
    business = await _business(db)
    await _open(db, business, amount=1_000)
    for _ in range(2):
        paid = await actions.project_winners(db, _wins([100, 250]), Checkpoint(db, 0, 10))
    assert paid is False
    assert await actions.project_winners(db, _wins([50], first=2), Checkpoint(db, 10, 11))
    await _conserved(db, business)
    closed = await _return(db)
    assert (closed.state, closed.credited, closed.returned) == (EscrowState.CLOSED, 400, 600)
    assert await _return(db) == closed
    wallet = await actions.read_wallet(db, buyer(1))
    assert [(one.business, one.credit.amount) for one in wallet.balances] == [(business, 250)]
    assert [(one.kind, one.credit.amount, one.envelope) for one in wallet.entries] == [("win", 250, "env_1")]
    assert (await actions.read_budget(db, SYSTEM, business)).credit.amount == BUDGET - 400
    await _conserved(db, business)


async def test_two_projectors_of_one_log_pay_once(db: Database) -> None:
    business = await _business(db)
    await _open(db, business)
    wins = _wins([10] * 50)
    await db.collection("projections").insert_one({"_id": "log_1", "seq": 5})
    answers = await at_once(*(actions.project_winners(db, wins, Checkpoint(db, 5, 55)) for _ in range(4)))
    assert sorted(str(one) for one in answers) == ["False", "False", "False", "True"]
    assert await db.collection(store.ENTRIES).count({"kind": "win"}) == 50
    await _conserved(db, business)


@pytest.mark.parametrize("again", ["user", "slot"])
async def test_a_hole_in_the_fence_is_caught_by_the_second_net_and_alarms(db: Database, again: str) -> None:
    business = await _business(db)
    await _open(db, business)
    await actions.project_winners(db, _wins([100, 200]), Checkpoint(db, 0, 2))
    slot, user = (7, "acc_buyer1") if again == "user" else (1, "acc_new")
    twice = [*_wins([5], first=8), Win(envelope="env_1", user=user, slot=slot, amount=5)]
    before = TWICE._value.get()
    with pytest.raises(CreditedTwice):
        await actions.project_winners(db, twice, Checkpoint(db, 2, 4))
    assert TWICE._value.get() == before + 1
    assert await db.collection(store.ENTRIES).count({"kind": "win"}) == 2
    place = await db.collection("projections").find_one({"_id": "log_1"})
    assert place is not None
    assert place["seq"] == 2
    await _conserved(db, business)


async def test_a_log_that_pays_more_than_was_set_aside_is_stopped(db: Database) -> None:
    business = await _business(db)
    await _open(db, business, amount=100)
    with pytest.raises(Overdrawn):
        await actions.project_winners(db, _wins([60, 41]), Checkpoint(db, 0, 2))
    await _return(db)
    with pytest.raises(Overdrawn):
        await actions.project_winners(db, _wins([1]), Checkpoint(db, 0, 1))
    assert (await actions.read_budget(db, SYSTEM, business)).credit.amount == BUDGET
    await _conserved(db, business)


async def test_a_whole_rain_in_batches_by_rival_projectors_is_exact(db: Database) -> None:
    business = await _business(db)
    await _open(db, business, amount=5_000)
    numbers = random.Random(3)
    packets = [numbers.randint(1, 20) for _ in range(300)]
    for first in range(0, 300, 60):
        batch = _wins(packets[first : first + 60], first=first)
        await at_once(
            *(actions.project_winners(db, batch, Checkpoint(db, first, first + 60)) for _ in range(3))
        )
    closed = await _return(db)
    balances = await store.balances(db)
    wallets = sum(amount for name, amount in balances.items() if name.startswith("wallet:"))
    assert wallets == sum(packets) == 5_000 - closed.returned
    await _conserved(db, business)


async def test_a_wallet_is_read_page_by_page_and_by_its_owner(db: Database) -> None:
    business = await _business(db)
    for n in range(5):
        await _open(db, business, f"env_{n}", 100)
        win = Win(envelope=f"env_{n}", user=buyer().id, slot=0, amount=n + 1, at=1_000 + n // 2)
        await actions.project_winners(db, [win], Checkpoint(db, n, n + 1))
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await actions.read_wallet(db, buyer(), cursor=cursor, limit=2)
        seen += [one.credit.amount for one in page.entries]
        cursor = page.next_cursor
    assert seen == [5, 4, 3, 2, 1]
    assert page.balances[0].credit.amount == 15
    assert (await actions.read_wallet(db, buyer(2))).balances == []
    with pytest.raises(Refused) as guest:
        await actions.read_wallet(db, Actor(id="guest", name="", guest=True))
    assert guest.value.code is CommonRefusal.NOT_SIGNED_IN


async def test_a_balance_that_is_not_its_entries_is_found(db: Database) -> None:
    business = await _business(db)
    account = rules.budget(business)
    await db.collection(store.BALANCES).update_one({"_id": account}, {"$inc": {"balance": 5}})
    assert await actions.check_ledger(db) == {account: (BUDGET + 5, BUDGET)}
