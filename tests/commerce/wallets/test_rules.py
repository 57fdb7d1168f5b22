import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.wallets import rules
from commerce.wallets.rules import Overdrawn
from schemas.problems import Refusal
from schemas.wallets import Escrow, EscrowState, Win

ESCROW = Escrow(id="env_1", business="biz_1", program="prg_1", log="log_1", amount=100)


def _wins(*amounts: int) -> list[Win]:
    return [Win(envelope="env_1", user=f"acc_{n}", slot=n, amount=fen) for n, fen in enumerate(amounts)]


@given(st.lists(st.lists(st.integers(1, 40), max_size=4), max_size=6))
def test_an_envelope_never_pays_more_than_it_holds_and_returns_the_rest(batches: list[list[int]]) -> None:
    escrow, paid = ESCROW, 0
    for batch in batches:
        try:
            escrow = rules.credit(escrow, _wins(*batch))
            paid += sum(batch)
        except Overdrawn:
            assert paid + sum(batch) > 100
    closed = rules.close(escrow)
    assert closed.credited + closed.returned == closed.amount == 100
    assert closed.credited == paid
    assert rules.close(closed) is closed


def test_a_closed_envelope_pays_nothing() -> None:
    closed = rules.close(ESCROW)
    assert (closed.state, closed.returned) == (EscrowState.CLOSED, 100)
    with pytest.raises(Overdrawn):
        rules.credit(closed, _wins(1))


def test_a_budget_pays_what_it_has() -> None:
    assert rules.check_budget(100, 100) is None
    assert isinstance(rules.check_budget(99, 100), Refusal)
