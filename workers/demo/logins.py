"""Passwords of the demo's accounts."""

import base64
import hashlib
import hmac

from infra.secrets import signing_secret
from infra.settings import Settings
from schemas.accounts import Role

OPEN_LOGINS = {"clerk": Role.ANCHOR, "operator": Role.BUSINESS_OPERATOR, "viewer": Role.VIEWER}
"""Demo accounts for whoever tries Kaibo. Alone on this machine, their password is their login."""
_GROUPS, _GROUP = 3, 4


def may_sign_in(settings: Settings) -> bool:
    """Whether the open logins work: alone on this machine, or with made passwords on a network."""
    return settings.only_here or settings.lan


def password_of(settings: Settings, login: str) -> str:
    """The password of a demo account.

    Made ones follow from the copy's secret: nothing but their hash has to be kept to show them again.
    """
    if login in OPEN_LOGINS and settings.only_here:
        return login
    made = hmac.new(signing_secret(settings).encode(), f"demo {login}".encode(), hashlib.sha256)
    if login not in OPEN_LOGINS:
        return made.hexdigest()
    letters = base64.b32encode(made.digest()).decode().lower()
    return "-".join(letters[at * _GROUP : (at + 1) * _GROUP] for at in range(_GROUPS))
