"""What the refusals of wallets mean to HTTP and to people."""

from commerce.wallets.rules import WalletRefusal
from infra.problems import Explained, register

register(
    {
        WalletRefusal.BUDGET_SHORT: Explained(
            409,
            "营销预算不足：剩余 {left} 分。",
            "The marketing budget is too small: {left} minor units left.",
        ),
    }
)
