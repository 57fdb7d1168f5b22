"""The page on which a buyer pays: one amount, one button to pay, one to cancel."""

from html import escape
from typing import Literal

from commerce.payments.sandbox import PaymentAsked
from schemas.payments import PaymentEvent, PaymentEventKind

Language = Literal["zh-CN", "en"]

TEXTS: dict[Language, dict[str, str]] = {
    "zh-CN": {
        "title": "演示收银台",
        "pay": "支付",
        "cancel": "取消",
        "demo": "这是演示环境的支付页面，不会真的扣款。",
        "paid": "支付成功",
        "closed": "支付已取消",
        "over": "支付已超时",
        "back": "返回商家",
        "unknown": "没有这笔支付",
    },
    "en": {
        "title": "Demo cashier",
        "pay": "Pay",
        "cancel": "Cancel",
        "demo": "This page belongs to the demo: no money is taken.",
        "paid": "Paid",
        "closed": "Payment cancelled",
        "over": "The time to pay is over",
        "back": "Back to the shop",
        "unknown": "There is no such payment",
    },
}

STYLE = """
:root { color-scheme: light; font-family: "PingFang SC", "Noto Sans CJK SC", Inter, system-ui, sans-serif }
* { box-sizing: border-box }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center;
       background: #FFF8F3; color: #1B1D22 }
main { width: min(100% - 32px, 380px); padding: 32px 24px 24px; background: #fff; border-radius: 12px;
       box-shadow: 0 8px 24px rgb(27 29 34 / 8%); text-align: center }
h1 { margin: 0 0 24px; font-size: 16px; font-weight: 600 }
.what { margin: 0 0 8px; color: #5B606B; overflow-wrap: anywhere }
.amount { margin: 0 0 32px; font-variant-numeric: tabular-nums; font-size: 20px; font-weight: 700 }
.amount b { font-size: 44px; letter-spacing: -.02em }
.outcome { margin: 0 0 24px; font-size: 20px; font-weight: 600 }
.outcome.paid { color: #157A4B }
form { display: grid; gap: 12px }
button, .back { display: block; width: 100%; min-height: 48px; padding: 12px; border: 0; border-radius: 999px;
       font: inherit; font-weight: 600; text-decoration: none; cursor: pointer }
.go { background: #F5B841; color: #1B1D22 }
.stay { background: transparent; color: #5B606B }
button:focus-visible, .back:focus-visible { outline: 3px solid #1F55D6; outline-offset: 2px }
.note { margin: 24px 0 0; font-size: 13px; color: #5B606B }
"""


def pay_page(asked: PaymentAsked, event: PaymentEvent | None, now: int, language: Language) -> str:
    """Render a payment: the buttons while it is open, else what became of it."""
    say = TEXTS[language]
    whole, fraction = divmod(asked.amount.amount, 100)
    sign = "¥" if asked.amount.currency == "CNY" else f"{asked.amount.currency} "
    amount = f'<p class="amount">{escape(sign)}<b>{whole:,}</b>.{fraction:02d}</p>'
    if event is None and now < asked.expires_at:
        below = (
            '<form method="post">'
            f'<button class="go" name="choice" value="pay" autofocus>{say["pay"]}</button>'
            f'<button class="stay" name="choice" value="cancel">{say["cancel"]}</button></form>'
        )
    else:
        paid = event is not None and event.kind is PaymentEventKind.SUCCEEDED
        outcome = "paid" if paid else "over" if event is None else "closed"
        below = (
            f'<p class="outcome {outcome}" role="status">{say[outcome]}</p>'
            f'<a class="back go" href="{escape(asked.return_url)}">{say["back"]}</a>'
        )
    what = f'<p class="what">{escape(asked.title)}</p>'
    return _frame(say, f"{what}{amount}{below}", language)


def unknown_page(language: Language) -> str:
    """Render that there is no such payment."""
    say = TEXTS[language]
    return _frame(say, f'<p class="outcome" role="status">{say["unknown"]}</p>', language)


def _frame(say: dict[str, str], inner: str, language: Language) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{say['title']}</title><style>{STYLE}</style></head>"
        f'<body><main><h1>{say["title"]}</h1>{inner}<p class="note">{say["demo"]}</p></main></body></html>'
    )
