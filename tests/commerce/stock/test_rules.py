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
        st.tuples(st.just("allot"), st.sampled_from(LOGS), amounts),
        st.tuples(st.just("give_back"), st.sampled_from(LOGS)),
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
    stock = _stock(total=5, reserved=2, free=2, allotted={"log_a": 1})
    assert rules.release(stock, "log_a", 2).allotted == {"log_a": 3}
    assert rules.release(rules.give_back(stock, "log_a"), "log_a", 2).free == 5


def test_what_is_promised_cannot_be_counted_away() -> None:
    stock = _stock(total=10, free=4, reserved=2, allotted={"log_a": 3}, sold=1)
    assert rules.count(stock, 4) == Refusal(StockRefusal.STOCK_PROMISED, {"promised": 5, "got": 4})
    assert rules.count(stock, 5) == _stock(total=6, free=0, reserved=2, allotted={"log_a": 3}, sold=1)


def test_a_rule_that_would_lose_units_is_a_mistake_that_shows() -> None:
    with pytest.raises(ValueError, match="expected every part"):
        rules.sell(_stock(total=1, free=1), 1)
