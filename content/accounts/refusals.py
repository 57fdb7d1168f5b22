"""What the refusals of accounts mean to HTTP and to people."""

from content.accounts.rules import MIN_PASSWORD, AccountRefusal
from infra.problems import Explained, register

register(
    {
        AccountRefusal.WRONG_PASSWORD: Explained(
            401, "账号或密码不正确。", "The login or the password is wrong."
        ),
        AccountRefusal.TOO_MANY_ATTEMPTS: Explained(
            429, "密码错误次数过多，请稍后再试。", "Too many wrong passwords; please wait a while."
        ),
        AccountRefusal.ACCOUNT_DISABLED: Explained(403, "该账号已停用。", "This account is locked."),
        AccountRefusal.LOGIN_TAKEN: Explained(409, "该登录名已被使用。", "This login is taken."),
        AccountRefusal.PASSWORD_TOO_SHORT: Explained(
            422,
            f"密码至少需要 {MIN_PASSWORD} 个字符。",
            f"A password has at least {MIN_PASSWORD} characters.",
        ),
        AccountRefusal.ROLE_NOT_YOURS: Explained(
            403, "您不能授予该角色。", "This role is not yours to give."
        ),
        AccountRefusal.LAST_OPERATOR: Explained(
            409,
            "这是最后一位运营，请先指定另一位。",
            "This is the last operator; make somebody else one first.",
        ),
        AccountRefusal.WECHAT_OFF: Explained(
            404, "此处未接入微信登录。", "Signing in with WeChat is not set up here."
        ),
        AccountRefusal.WECHAT_CODE_REFUSED: Explained(
            401, "微信登录凭证已失效，请重试。", "WeChat did not accept this sign-in; please try again."
        ),
        AccountRefusal.WECHAT_TOO_OFTEN: Explained(
            429, "登录太频繁，请稍后再试。", "Too many sign-ins with WeChat; please wait a minute."
        ),
        AccountRefusal.WECHAT_BLOCKED: Explained(
            403, "微信限制了此账号的登录。", "WeChat does not let this person sign in."
        ),
        AccountRefusal.WECHAT_AWAY: Explained(
            503,
            "微信登录暂不可用，请稍后再试或使用账号登录。",
            "Signing in with WeChat is not possible right now; try again soon, or use a password.",
        ),
    }
)
