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
    }
)
