"""What goes over the wire about orders, beside `schemas.orders`."""

from infra.http import Page
from schemas.orders import Order, OrderView


def show_order(order: Order) -> OrderView:
    """Show an order to its buyer or to the staff of its business."""
    return OrderView(
        id=order.id,
        business=order.business,
        account=order.account,
        buyer=order.buyer,
        program=order.program,
        lines=order.lines,
        amount=order.amount,
        delivery=order.delivery,
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


def show_orders(page: Page[Order]) -> Page[OrderView]:
    """Show a page of orders."""
    return Page(items=[show_order(order) for order in page.items], next_cursor=page.next_cursor)
