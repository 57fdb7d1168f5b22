"""What the refusals of API keys mean to HTTP and to people."""

from content.keys.rules import MOST_LIVE, KeyRefusal
from infra.problems import Explained, register

register(
    {
        KeyRefusal.SCOPE_UNKNOWN: Explained(
            422, "密钥不能拥有“{got}”这项权限。", "A key can't have the scope {got}."
        ),
        KeyRefusal.SCOPE_NOT_YOURS: Explained(
            403, "您没有“{got}”这项权限，不能交给密钥。", "{got} is not yours to give to a key."
        ),
        KeyRefusal.TOO_MANY_KEYS: Explained(
            409,
            f"有效密钥最多 {MOST_LIVE} 个，请先撤销一些。",
            f"At most {MOST_LIVE} keys can be good at a time; revoke some first.",
        ),
    }
)
