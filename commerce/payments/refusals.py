"""What the refusals of payments mean to HTTP and to people."""

from commerce.payments.rules import PaymentRefusal
from infra.problems import Explained, register

register(
    {
        PaymentRefusal.PAYMENT_UNAVAILABLE: Explained(
            503, "暂时无法支付，请稍后再试。", "Payment is not available right now; try again soon."
        ),
        PaymentRefusal.PAYMENT_UNKNOWN: Explained(404, "没有这笔支付。", "There is no such payment."),
        PaymentRefusal.PROVIDER_UNKNOWN: Explained(
            404, "没有这个支付渠道。", "There is no such payment provider."
        ),
        PaymentRefusal.CALLBACK_FORGED: Explained(
            401, "签名验证失败。", "The signature is not the provider's."
        ),
        PaymentRefusal.CALLBACK_LATE: Explained(
            401,
            "签名时间超出允许范围。",
            "The time of the signature is outside of the window.",
        ),
        PaymentRefusal.CALLBACK_MISMATCH: Explained(
            409,
            "支付金额不符：应为 {expected} 分。",
            "The amount is not the payment's: expected {expected} minor units.",
        ),
    }
)
