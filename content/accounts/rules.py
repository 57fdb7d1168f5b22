"""Pure decisions about accounts: logins, passwords, roles, throttling."""

import unicodedata
from collections.abc import Mapping, Sequence

from content.authority import grant
from content.pictures.rules import PREFIX
from schemas.accounts import PLATFORM, Account, Actor, Role
from schemas.problems import CommonRefusal, Refusal, RefusalCode

CREATE = grant("accounts.create", Role.BUSINESS_OPERATOR, people_only=True)
SET_ROLES = grant("accounts.set_roles", Role.BUSINESS_OPERATOR, people_only=True)
LIST = grant("accounts.list", Role.BUSINESS_OPERATOR)
DISABLE = grant("accounts.disable", people_only=True)
SET_PASSWORD = grant("accounts.set_password", people_only=True)
GRANTS = (CREATE, SET_ROLES, LIST, DISABLE, SET_PASSWORD)

MAX_FAILURES = 5
"""Wrong passwords for one login from one address in a window."""
WINDOW_MS = 15 * 60 * 1000
MIN_PASSWORD = 8


class AccountRefusal(RefusalCode):
    """Why a sign-in or a change of an account is refused."""

    WRONG_PASSWORD = "wrong_password"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    ACCOUNT_DISABLED = "account_disabled"
    LOGIN_TAKEN = "login_taken"
    PASSWORD_TOO_SHORT = "password_too_short"
    ROLE_NOT_YOURS = "role_not_yours"
    LAST_OPERATOR = "last_operator"
    WECHAT_OFF = "wechat_off"
    WECHAT_CODE_REFUSED = "wechat_code_refused"
    WECHAT_TOO_OFTEN = "wechat_too_often"
    WECHAT_BLOCKED = "wechat_blocked"
    WECHAT_AWAY = "wechat_away"


def fold_login(login: str) -> str:
    """Bring a login to the form it is stored and looked up in (NFKC, lower case, no outer blanks)."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def check_password(password: str, demo: bool) -> Refusal | None:
    """Refuse a password that is too short; demo accounts may have any."""
    if not demo and len(password) < MIN_PASSWORD:
        return Refusal(AccountRefusal.PASSWORD_TOO_SHORT, {"expected": MIN_PASSWORD, "got": len(password)})
    return None


def check_roles(actor: Actor, roles: Mapping[str, Sequence[Role]]) -> Refusal | None:
    """Refuse roles the actor can't hand on: operators all, a business operator those of her business.

    Operator is a role of the platform alone; supplier one of a business; service comes with an API key.
    """
    for business, given in roles.items():
        elsewhere = {Role.SERVICE, Role.SUPPLIER if business == PLATFORM else Role.OPERATOR}
        if wrong := elsewhere.intersection(given):
            return Refusal(CommonRefusal.INVALID, {"pointer": f"/roles/{business}", "got": min(wrong)})
        if actor.has(PLATFORM, Role.OPERATOR):
            continue
        if business == PLATFORM or not actor.has(business, Role.BUSINESS_OPERATOR):
            return Refusal(AccountRefusal.ROLE_NOT_YOURS, {"business": business})
    return None


def operator_lost(before: Account, after: Account, business: str) -> Role | None:
    """Give the role of an operator that a change takes away in a business (or on the platform)."""
    role = Role.OPERATOR if business == PLATFORM else Role.BUSINESS_OPERATOR
    held = role in before.roles.get(business, ()) and not before.disabled
    keeps = role in after.roles.get(business, ()) and not after.disabled
    return role if held and not keeps else None


def throttle(failures: int, window_until: int, now: int) -> Refusal | None:
    """Refuse an attempt while the window holds `failures` wrong passwords already."""
    if failures < MAX_FAILURES or now >= window_until:
        return None
    return Refusal(AccountRefusal.TOO_MANY_ATTEMPTS, {"retry_after": (window_until - now) / 1000})


def check_avatar(avatar: str) -> Refusal | None:
    """Refuse to show an object that is no uploaded picture."""
    if not avatar or avatar.startswith(f"{PREFIX}/"):
        return None
    return Refusal(CommonRefusal.INVALID, {"pointer": "/avatar", "expected": f"{PREFIX}/…", "got": avatar})
