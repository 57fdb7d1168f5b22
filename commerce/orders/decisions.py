"""What each command comes to, decided on the book. Pure: no call leaves this module.

A decision either changes the book and gives the id of its order, or gives a refusal and has
changed nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from commerce.orders import rules
from commerce.orders.book import Book
from commerce.orders.commands import (
    ApplyEvent,
    AskRefund,
    Close,
    Command,
    Fulfil,
    NoteRefunded,
    OpenPayment,
    Place,
    Refund,
)
from commerce.orders.rules import Move, OrderRefusal
from commerce.payments import rules as payment_rules
from commerce.stock import rules as stock_rules
from commerce.stock.rules import StockRefusal
from content.programs.sight import is_open_to
from schemas.orders import Fulfilment, Order, OrderLine, OrderState, RefundAsked
from schemas.payments import Payment, PaymentState
from schemas.problems import CommonRefusal, Refusal
from schemas.stock import Stock

Decided = str | Refusal


def place(book: Book, command: Place) -> Decided:
    """Place an order: its price agreed, its units reserved, once per key."""
    if (known := book.placed.get((command.by, command.key))) is not None:
        same = book.orders.now[known].request == command.request
        return known if same else Refusal(CommonRefusal.IDEMPOTENCY_KEY_REUSED)
    if book.unpaid.get(command.by, 0) >= rules.MAX_UNPAID:
        return Refusal(OrderRefusal.TOO_MANY_UNPAID, {"limit": rules.MAX_UNPAID})
    program = book.programs.get(command.new.program)
    if program is not None and not is_open_to(command.actor, program):
        program = None
    lines = rules.price_lines(command.new, book.products, program)
    if isinstance(lines, Refusal):
        return lines
    had = {
        line.product: book.bought.get((command.new.program, command.by, line.product), 0) for line in lines
    }
    if refusal := rules.check_limits(lines, program, had):
        return refusal
    business = book.products[lines[0].product].business
    store = rules.collect_at(command.new.delivery, book.stores, business)
    if isinstance(store, Refusal):
        return store
    log = program.log if program else ""
    reserved = _reserve(book, lines, log)
    if isinstance(reserved, Refusal):
        return reserved
    for stock in reserved.values():
        book.stocks.put(stock)
    order = Order(
        id=command.order,
        created_at=command.at,
        business=business,
        account=command.by,
        buyer=command.buyer,
        program=command.new.program,
        log=log,
        lines=[
            msgspec.structs.replace(line, allotment=stock_rules.spends_from(reserved[line.sku], log))
            for line in lines
        ],
        amount=rules.total(lines),
        delivery=command.new.delivery,
        store=store,
        note=command.new.note,
        expires_at=command.expires_at,
        payment=command.payment,
        key=command.key,
        request=command.request,
        demo=program.demo if program else book.products[lines[0].product].demo,
    )
    book.place(order)
    if command.provider:
        book.payments.put(_payment(order, command.payment, command.provider, command.at))
    return command.order


def open_payment(book: Book, command: OpenPayment) -> Decided:
    """Begin to pay; a payment that is open with this provider goes on."""
    order = _own(book, command)
    if isinstance(order, Refusal):
        return order
    if refusal := rules.check_payable(order, command.at):
        return refusal
    if payment_rules.goes_on(book.payment(order.payment), command.provider):
        return order.id
    book.payments.put(_payment(order, command.payment, command.provider, command.at))
    book.orders.put(msgspec.structs.replace(order, payment=command.payment))
    return order.id


def apply_event(book: Book, command: ApplyEvent) -> Decided:
    """Take in a provider's event.

    Money for an order that waits for it pays the order. Money for one that is over, or that is
    paid already, goes back.
    """
    payment = book.payment(command.payment)
    if refusal := payment_rules.check_event(payment, command.event, command.provider):
        return refusal
    assert payment is not None
    after = payment_rules.apply(payment, command.event)
    order = book.orders.now[payment.order]
    if after is payment:
        return order.id
    if after.state is PaymentState.SUCCEEDED and payment.state is not PaymentState.SUCCEEDED:
        state = rules.move(order.state, Move.PAY)
        if isinstance(state, Refusal):
            after = payment_rules.send_back(after, payment_rules.why_sent_back(order.state), command.at)
        else:
            for line in order.lines:
                book.stocks.put(stock_rules.sell(book.stock(line.sku), line.quantity))
            paid = msgspec.structs.replace(order, payment=payment.id, paid_at=command.at)
            book.move(paid, state, command.at, command.by)
    book.payments.put(after)
    return order.id


def close(book: Book, command: Close) -> Decided:
    """Give an unpaid order up and its units back. Expiring one that is not overdue is refused.

    A payment that is open stays so: only its provider knows whether money is on its way.
    """
    order = book.orders.now.get(command.order)
    if order is None:
        return Refusal(CommonRefusal.NOT_FOUND, {"id": command.order})
    state = rules.move(order.state, command.move)
    if isinstance(state, Refusal):
        return state
    if command.move is Move.EXPIRE and command.at < order.expires_at:
        return Refusal(CommonRefusal.WRONG_STATE, {"expected": "overdue", "got": order.state})
    for line in order.lines:
        book.stocks.put(stock_rules.release(book.stock(line.sku), line.allotment, line.quantity))
    book.move(order, state, command.at, command.by, command.reason)
    return order.id


def fulfil(book: Book, command: Fulfil) -> Decided:
    """Take the next step towards the buyer: a pick-up gets its code when it is ready, and needs it to end."""
    order = book.orders.now[command.order]
    if refusal := rules.check_delivery(order.delivery, command.step):
        return refusal
    state = rules.move(order.state, rules.FULFILMENT[command.step])
    if isinstance(state, Refusal):
        return state
    if command.step is Fulfilment.READY:
        order = msgspec.structs.replace(order, pick_up_code=command.code)
    elif refusal := rules.check_code(order, command.code):
        return refusal
    book.move(order, state, command.at, command.by)
    return order.id


def ask_refund(book: Book, command: AskRefund) -> Decided:
    """Refund what has not left the store at once; otherwise note the wish for an operator."""
    order = _own(book, command)
    if isinstance(order, Refusal):
        return order
    if order.state in (OrderState.REFUNDING, OrderState.REFUNDED):
        return order.id
    if isinstance(refusal := rules.move(order.state, Move.REFUND), Refusal):
        return refusal
    if order.state in rules.IN_STORE:
        return _send_back(book, order, command, command.reason)
    if order.refund_asked is None:
        asked = RefundAsked(at=command.at, reason=command.reason)
        book.orders.put(msgspec.structs.replace(order, refund_asked=asked))
    return order.id


def refund(book: Book, command: Refund) -> Decided:
    """Give the money back, in any state after it came."""
    order = book.orders.now[command.order]
    if order.state in (OrderState.REFUNDING, OrderState.REFUNDED):
        return order.id
    if isinstance(refusal := rules.move(order.state, Move.REFUND), Refusal):
        return refusal
    return _send_back(book, order, command, command.reason)


def note_refunded(book: Book, command: NoteRefunded) -> Decided:
    """Note that the money is back."""
    payment = book.payments.now[command.payment]
    order = book.orders.now[payment.order]
    if payment.state is not PaymentState.REFUNDING:
        return order.id
    book.payments.put(msgspec.structs.replace(payment, state=PaymentState.REFUNDED))
    state = rules.move(order.state, Move.REFUNDED)
    if payment.id == order.payment and not isinstance(state, Refusal):
        book.move(order, state, command.at, command.by)
    return order.id


def _payment(order: Order, identifier: str, provider: str, at: int) -> Payment:
    return Payment(
        id=identifier,
        order=order.id,
        business=order.business,
        account=order.account,
        provider=provider,
        amount=order.amount,
        title=order.lines[0].title,
        expires_at=order.expires_at,
        next_try_at=at + payment_rules.QUERY_AFTER_MS,
    )


def _reserve(book: Book, lines: list[OrderLine], log: str) -> dict[str, Stock] | Refusal:
    """Reserve all lines or none; the stock as it would be."""
    found: dict[str, Stock] = {}
    for line in lines:
        stock = book.stocks.now.get(line.sku)
        if stock is None:
            return Refusal(StockRefusal.STOCK_SHORT, {"sku": line.sku, "left": 0, "wanted": line.quantity})
        after = stock_rules.reserve(stock, stock_rules.spends_from(stock, log), line.quantity)
        if isinstance(after, Refusal):
            return after
        found[line.sku] = after
    return found


def _send_back(book: Book, order: Order, command: Command, reason: str) -> Decided:
    payment = book.payments.now[order.payment]
    if order.state in rules.IN_STORE:
        for line in order.lines:
            back = stock_rules.take_back(book.stock(line.sku), line.allotment, line.quantity)
            book.stocks.put(back)
        order = msgspec.structs.replace(order, restocked=True)
    book.payments.put(payment_rules.send_back(payment, reason or "asked", command.at))
    book.move(order, OrderState.REFUNDING, command.at, command.by, reason)
    return order.id


def _own(book: Book, command: Command) -> Order | Refusal:
    """Give the order if it is the asker's; nobody learns of others' orders."""
    order = book.orders.now.get(command.order)
    if order is None or order.account != command.by:
        return Refusal(CommonRefusal.NOT_FOUND, {"id": command.order})
    return order


DECISIONS: Mapping[type[Command], Callable[[Book, Any], Decided]] = {
    Place: place,
    OpenPayment: open_payment,
    ApplyEvent: apply_event,
    Close: close,
    Fulfil: fulfil,
    AskRefund: ask_refund,
    Refund: refund,
    NoteRefunded: note_refunded,
}


def decide(book: Book, command: Command) -> Decided:
    """Decide one command."""
    return DECISIONS[type(command)](book, command)
