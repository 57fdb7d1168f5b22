from typing import Any

import pytest

from commerce.orders import rules
from commerce.orders.rules import Move, OrderRefusal
from schemas.addresses import Address
from schemas.commerce import Product
from schemas.content import Offer, Program, ProgramState
from schemas.money import MAX_AMOUNT, Money
from schemas.orders import (
    Courier,
    Fulfilment,
    NewOrder,
    NewOrderLine,
    OrderLine,
    OrderState,
    PickUp,
)
from schemas.problems import CommonRefusal, Refusal

S = OrderState
LIVE, USUAL = Money(amount=1990), Money(amount=2990)
BOWL = Product(id="prd_1", business="biz_1", title="Bowl", price=USUAL, pictures=["pic/a.jpg"], rev=4)
CUP = Product(id="prd_2", business="biz_2", title="Cup", price=USUAL)
PICK_UP = PickUp(name="Li", phone="13800000000")
COURIER = Courier(address=Address(name="Li", phone="13800000000", street="1 Road"))


def _program(state: ProgramState = ProgramState.LIVE, limit: int = 0) -> Program:
    offer = Offer(
        id="off_1", number=1, product="prd_1", title="Live bowl", picture="pic/l.jpg", price=LIVE, limit=limit
    )
    return Program(
        id="prg_1",
        rev=7,
        business="biz_1",
        room="rm_1",
        anchor="acc_1",
        title="T",
        state=state,
        shelf=[offer],
    )


def _new(price: Money, program: str = "prg_1", **line: Any) -> NewOrder:
    lines = [NewOrderLine(product="prd_1", price=price, **line)]
    return NewOrder(program=program, lines=lines, delivery=PICK_UP)


def _priced(new: NewOrder, program: Program | None) -> list[OrderLine] | Refusal:
    return rules.price_lines(new, {"prd_1": BOWL, "prd_2": CUP}, program)


def test_every_way_an_order_can_go() -> None:
    ways = {(state, move) for move, leads in rules.MOVES.items() for state in leads}
    assert {state for state, _ in ways} == set(S) - {S.CANCELLED, S.EXPIRED, S.REFUNDED}
    for move in Move:
        for state in S:
            answer = rules.move(state, move)
            if (state, move) in ways:
                assert answer is rules.MOVES[move][state]
            else:
                assert isinstance(answer, Refusal)
                assert answer.code is CommonRefusal.WRONG_STATE
                assert answer.data["got"] == state


def test_on_air_the_live_price_is_sold_with_its_version() -> None:
    lines = _priced(_new(LIVE, quantity=2), _program())
    assert isinstance(lines, list)
    [line] = lines
    assert (line.price, line.title, line.picture) == (LIVE, "Live bowl", "pic/l.jpg")
    assert (line.price_version, line.quantity, line.sku) == ("prg_1@7", 2, "sku_1")


def test_outside_of_a_show_the_usual_price_is_sold() -> None:
    lines = _priced(_new(USUAL, program=""), None)
    assert isinstance(lines, list)
    assert (lines[0].price, lines[0].price_version, lines[0].picture) == (USUAL, "prd_1@4", "pic/a.jpg")


def test_a_price_that_changed_is_told_with_both() -> None:
    refused = _priced(_new(Money(amount=990)), _program())
    assert isinstance(refused, Refusal)
    assert refused.code is OrderRefusal.PRICE_CHANGED
    assert refused.data["seen"] == {"amount": 990, "currency": "CNY"}
    assert refused.data["now"] == {"amount": 1990, "currency": "CNY"}
    assert refused.data["pointer"] == "/lines/0/price"


@pytest.mark.parametrize("state", [ProgramState.READY, ProgramState.ENDED, ProgramState.CANCELLED])
def test_live_prices_end_with_the_show(state: ProgramState) -> None:
    refused = _priced(_new(LIVE), _program(state))
    assert isinstance(refused, Refusal)
    assert refused.code is OrderRefusal.PROGRAM_NOT_SELLING


def test_only_what_stands_on_the_shelf_is_sold_in_a_show() -> None:
    new = NewOrder(program="prg_1", lines=[NewOrderLine(product="prd_2", price=USUAL)], delivery=PICK_UP)
    refused = _priced(new, _program())
    assert isinstance(refused, Refusal)
    assert refused.code is OrderRefusal.NOT_ON_SALE


def test_one_order_is_of_one_business_and_names_an_sku_once() -> None:
    bowl, cup = (NewOrderLine(product=name, price=USUAL) for name in ("prd_1", "prd_2"))
    both = _priced(NewOrder(lines=[bowl, cup], delivery=PICK_UP), None)
    twice = _priced(NewOrder(lines=[bowl, bowl], delivery=PICK_UP), None)
    assert isinstance(both, Refusal)
    assert both.code is OrderRefusal.SEVERAL_BUSINESSES
    assert twice == Refusal(CommonRefusal.INVALID, {"pointer": "/lines/1/sku", "got": "sku_1"})


def test_an_order_has_a_highest_amount() -> None:
    dear = Product(id="prd_1", business="biz_1", title="Villa", price=Money(amount=MAX_AMOUNT))
    new = _new(Money(amount=MAX_AMOUNT), program="", quantity=2)
    refused = rules.price_lines(new, {"prd_1": dear}, None)
    assert isinstance(refused, Refusal)
    assert refused.code is CommonRefusal.INVALID


def test_what_a_buyer_has_counts_towards_the_limit() -> None:
    program = _program(limit=3)
    lines = _priced(_new(LIVE, quantity=2), program)
    assert isinstance(lines, list)
    assert rules.check_limits(lines, program, {"prd_1": 1}) is None
    refused = rules.check_limits(lines, program, {"prd_1": 2})
    assert refused == Refusal(
        OrderRefusal.OVER_LIMIT, {"product": "prd_1", "limit": 3, "bought": 2, "wanted": 2}
    )
    assert rules.check_limits(lines, _program(), {"prd_1": 99}) is None


def test_parcels_are_shipped_and_pick_ups_laid_ready() -> None:
    assert rules.check_delivery(COURIER, Fulfilment.SHIP) is None
    assert rules.check_delivery(PICK_UP, Fulfilment.READY) is None
    for delivery, step in ((COURIER, Fulfilment.READY), (PICK_UP, Fulfilment.SHIP)):
        refused = rules.check_delivery(delivery, step)
        assert isinstance(refused, Refusal)
        assert refused.code is OrderRefusal.WRONG_DELIVERY
    assert rules.check_delivery(PICK_UP, Fulfilment.COMPLETE) is None
