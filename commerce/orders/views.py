"""What goes over the wire about orders, beside `schemas.orders`."""

from infra.http import Page
from schemas.orders import Order, OrderView


def show_order(order: Order, reader: str) -> OrderView:
    """Show an order to its buyer or to the staff of its business; only the buyer learns the pick-up code."""
    return OrderView(
        id=order.id,
        business=order.business,
        account=order.account,
        buyer=order.buyer,
        program=order.program,
        lines=order.lines,
        amount=order.amount,
        delivery=order.delivery,
        store=order.store,
        pick_up_code=order.pick_up_code if reader == order.account else "",
        note=order.note,
        state=order.state,
        expires_at=order.expires_at,
        paid_at=order.paid_at,
        refund_asked=order.refund_asked,
        steps=order.steps,
        demo=order.demo,
        created_at=order.created_at,
        rev=order.rev,
    )


def show_orders(page: Page[Order], reader: str) -> Page[OrderView]:
    """Show a page of orders."""
    return Page(items=[show_order(order, reader) for order in page.items], next_cursor=page.next_cursor)
