"""What the refusals of orders mean to HTTP and to people."""

from commerce.orders.rules import OrderRefusal
from infra.problems import Explained, register

register(
    {
        OrderRefusal.PRICE_CHANGED: Explained(
            409,
            "价格刚刚变动，请确认新价格后再下单。",
            "The price has just changed; please look at the new one.",
        ),
        OrderRefusal.NOT_ON_SALE: Explained(
            409, "商品已不在售。", "This product is not on sale here any more."
        ),
        OrderRefusal.PROGRAM_NOT_SELLING: Explained(
            409,
            "直播未在进行，无法以直播价下单。",
            "The show is not on air, so its live prices are not on sale.",
        ),
        OrderRefusal.OVER_LIMIT: Explained(
            409, "每人限购 {limit} 件，您已购 {bought} 件。", "At most {limit} per person; you have {bought}."
        ),
        OrderRefusal.TOO_MANY_UNPAID: Explained(
            409,
            "您有 {limit} 笔待支付订单，请先支付或取消。",
            "You have {limit} unpaid orders; pay or cancel one first.",
        ),
        OrderRefusal.SEVERAL_BUSINESSES: Explained(
            422, "一笔订单只能包含同一商家的商品。", "One order holds products of one business only."
        ),
        OrderRefusal.WRONG_DELIVERY: Explained(
            409, "此操作与订单的配送方式不符。", "This step does not fit how the order is delivered."
        ),
        OrderRefusal.PAYMENT_OVERDUE: Explained(
            409, "订单已超过支付时限。", "The time to pay this order is over."
        ),
        OrderRefusal.PICK_UP_CODE_WRONG: Explained(
            422, "取货码不对，请买家打开订单再看一次。", "This is not the order's pick-up code."
        ),
    }
)
