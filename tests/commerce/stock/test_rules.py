from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.stock import rules
from commerce.stock.rules import StockRefusal
from schemas.problems import Refusal
from schemas.stock import Stock

EMPTY = Stock(id="sku_1", business="biz_1", product="prd_1")
LOGS = ("log_a", "log_b")

amounts = st.integers(1, 12)
sources = st.sampled_from(["", *LOGS])
commands = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), amounts),
        st.tuples(st.just("count"), st.integers(0, 30)),
        st.tuples(
            st.just("share_out"), st.dictionaries(st.sampled_from(LOGS), st.none() | st.integers(0, 12))
        ),
        st.tuples(st.just("reserve"), sources, amounts),
        st.tuples(st.just("release")),
        st.tuples(st.just("sell")),
        st.tuples(st.just("take_back")),
    ),
    max_size=40,
)


@given(commands)
def test_every_unit_is_always_in_exactly_one_place(sequence: list[tuple[Any, ...]]) -> None:
    stock = EMPTY
    held: list[tuple[str, int]] = []
    sold: list[tuple[str, int]] = []
    in_all = 0
    for name, *given_values in sequence:
        before = stock
        after: Stock | Refusal
        if name == "reserve":
            source = rules.spends_from(stock, given_values[0])
            after = rules.reserve(stock, source, given_values[1])
            if isinstance(after, Stock):
                held.append((source, given_values[1]))
        elif name == "release":
            if not held:
                continue
            after = rules.release(stock, *held.pop())
        elif name == "sell":
            if not held:
                continue
            sold.append(held.pop())
            after = rules.sell(stock, sold[-1][1])
        elif name == "take_back":
            if not sold:
                continue
            after = rules.take_back(stock, *sold.pop())
        else:
            after = getattr(rules, name)(stock, *given_values)
        if isinstance(after, Refusal):
            continue
        if name == "receive":
            in_all += given_values[0]
        if name == "count":
            in_all = given_values[0] + sum(units for _, units in sold)
        stock = after
        assert rules.imbalance(stock) == 0, (name, before, stock)
        assert stock.total == in_all
        assert stock.reserved == sum(units for _, units in held)
        assert stock.sold == sum(units for _, units in sold)
        if name == "share_out":
            _is_fair(stock, given_values[0])
            assert rules.share_out(stock, given_values[0]) is stock


def _is_fair(stock: Stock, claims: dict[str, int | None]) -> None:
    """Nothing lies outside that a room could have, and no room has what it doesn't want."""
    assert stock.allotted.keys() == claims.keys()
    wanted = {log: units for log, units in claims.items() if units is not None}
    short = [log for log in wanted if stock.allotted[log] < wanted[log] - rules.spent(stock, log)]
    over = [log for log in wanted if stock.allotted[log] > max(0, wanted[log] - rules.spent(stock, log))]
    sharing = [stock.allotted[log] for log in claims if log not in wanted]
    assert over == []
    assert stock.free == 0 or not (short or sharing)
    assert not short or sum(sharing) == 0
    assert max(sharing, default=0) < 2 or min(sharing) > 0


def _stock(**parts: Any) -> Stock:
    return Stock(id="sku_1", business="biz_1", product="prd_1", **parts)


def test_a_room_spends_only_its_allotment() -> None:
    stock = _stock(total=10, free=7, allotted={"log_a": 3})
    assert rules.left(stock, "log_a") == 3
    refused = rules.reserve(stock, "log_a", 4)
    assert refused == Refusal(StockRefusal.STOCK_SHORT, {"sku": "sku_1", "left": 3, "wanted": 4})


def test_a_room_without_allotment_sells_free_units() -> None:
    assert rules.spends_from(_stock(total=10, free=7, allotted={"log_a": 3}), "log_b") == ""


def test_a_room_that_sold_its_allotment_out_does_not_fall_back_on_free_units() -> None:
    assert rules.left(_stock(total=10, free=7, sold=3, allotted={"log_a": 0}), "log_a") == 0


def test_units_go_back_where_they_came_from_while_that_is_there() -> None:
    stock = _stock(total=5, reserved=2, free=2, allotted={"log_a": 1}, granted={"log_a": 3})
    assert rules.release(stock, "log_a", 2).allotted == {"log_a": 3}
    assert rules.release(rules.share_out(stock, {}), "log_a", 2).free == 5


def test_shows_share_evenly_and_what_is_odd_stays_where_most_is() -> None:
    one = rules.share_out(_stock(total=9, free=9), {"log_a": None})
    assert (one.free, one.allotted, one.granted) == (0, {"log_a": 9}, {"log_a": 9})
    two = rules.share_out(one, {"log_a": None, "log_b": None})
    assert two.allotted == {"log_a": 5, "log_b": 4}


def test_a_share_moves_only_when_there_is_something_to_give_or_nothing_left() -> None:
    stock = _stock(total=9, reserved=4, allotted={"log_a": 1, "log_b": 4}, granted={"log_a": 5, "log_b": 4})
    assert rules.share_out(stock, {"log_a": None, "log_b": None}) is stock
    dry = rules.reserve(stock, "log_a", 1)
    assert isinstance(dry, Stock)
    evened = rules.share_out(dry, {"log_a": None, "log_b": None})
    assert (evened.allotted, evened.granted) == ({"log_a": 2, "log_b": 2}, {"log_a": 7, "log_b": 2})


def test_a_fixed_number_counts_what_is_spent_and_is_filled_when_units_come_in() -> None:
    asked = rules.share_out(_stock(total=3, free=3), {"log_a": 5})
    assert (asked.free, asked.allotted) == (0, {"log_a": 3})
    bought = rules.reserve(asked, "log_a", 2)
    assert isinstance(bought, Stock)
    filled = rules.receive(bought, 10)
    assert isinstance(filled, Stock)
    after = rules.share_out(filled, {"log_a": 5})
    assert (after.free, after.allotted, rules.spent(after, "log_a")) == (8, {"log_a": 3}, 2)
    assert rules.availability(after, "log_a").of == 5
    assert rules.share_out(after, {"log_a": 1}).allotted == {"log_a": 0}


def test_a_fixed_number_comes_before_even_shares_but_not_before_anothers() -> None:
    stock = _stock(total=6, allotted={"log_a": 4, "log_b": 2}, granted={"log_a": 4, "log_b": 2})
    claims = {"log_a": 4, "log_b": None, "log_c": 9}
    assert rules.share_out(stock, claims).allotted == {"log_a": 4, "log_b": 0, "log_c": 2}


def test_what_is_reserved_cannot_be_counted_away_and_what_is_missing_is_missed_by_the_rooms() -> None:
    stock = _stock(total=10, free=4, reserved=2, allotted={"log_a": 3}, granted={"log_a": 3}, sold=1)
    assert rules.count(stock, 1) == Refusal(StockRefusal.STOCK_PROMISED, {"promised": 2, "got": 1})
    assert rules.count(stock, 5) == _stock(
        total=6, free=0, reserved=2, allotted={"log_a": 3}, granted={"log_a": 3}, sold=1
    )
    missing = rules.count(stock, 4)
    assert isinstance(missing, Stock)
    assert (missing.free, missing.allotted, missing.granted) == (0, {"log_a": 2}, {"log_a": 2})


def test_a_rule_that_would_lose_units_is_a_mistake_that_shows() -> None:
    with pytest.raises(ValueError, match="expected every part"):
        rules.sell(_stock(total=1, free=1), 1)
