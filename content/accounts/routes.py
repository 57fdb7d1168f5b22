"""HTTP of accounts and sign-ins."""

from typing import Annotated

import msgspec

from content.accounts import actions, people
from content.accounts.rules import AccountRefusal
from content.accounts.store import accounts
from content.accounts.views import AccountView, NewAccount, NewRoles, show_account, show_to_itself
from content.accounts.wechat import wechat_of
from infra.http import Access, Call, Page, PageQuery, Reply, Routes
from schemas.accounts import PublicAccount, Session, SignIn, WeChatSignIn

routes = Routes("accounts")
COOKIE = "kaibo_session"


class AccountsQuery(PageQuery, frozen=True, kw_only=True):
    """Whose accounts are wanted."""

    business: Annotated[str, msgspec.Meta(pattern=r"^(\*|biz_[0-9a-z]+)$", description="Business id or `*`")]


@routes.post(
    "/v1/sessions",
    access=Access.PUBLIC,
    status=201,
    refusals=(
        AccountRefusal.WRONG_PASSWORD,
        AccountRefusal.TOO_MANY_ATTEMPTS,
        AccountRefusal.ACCOUNT_DISABLED,
    ),
)
async def sign_in(call: Call[None, SignIn]) -> Reply[Session]:
    """Sign in.

    The token goes into `Authorization: Bearer`; browsers also get it as the cookie `kaibo_session`.
    Five wrong passwords for a login from one address close that way for a quarter of an hour.
    """
    hours = call.settings.session_hours
    session = await actions.sign_in(call.db, call.tokens, call.body, address=call.address, hours=hours)
    return Reply(value=session, headers=signed_in_by(session, hours))


def signed_in_by(session: Session, hours: float) -> dict[str, str]:
    """Give the headers by which a browser keeps a session of `hours`."""
    return {"set-cookie": f"{COOKIE}={session.token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={hours * 3600}"}


@routes.post(
    "/v1/sessions/wechat",
    access=Access.PUBLIC,
    status=201,
    refusals=(
        AccountRefusal.WECHAT_OFF,
        AccountRefusal.WECHAT_CODE_REFUSED,
        AccountRefusal.WECHAT_TOO_OFTEN,
        AccountRefusal.WECHAT_BLOCKED,
        AccountRefusal.WECHAT_AWAY,
        AccountRefusal.ACCOUNT_DISABLED,
    ),
)
async def sign_in_by_wechat(call: Call[None, WeChatSignIn]) -> Session:
    """Sign in with a code of `wx.login`, in a mini-program.

    Who comes for the first time gets an account. A mini-program keeps no cookies: the token goes into
    `Authorization: Bearer`.
    """
    wechat, hours = wechat_of(call.settings), call.settings.session_hours
    return await people.sign_in_by_wechat(call.db, call.tokens, wechat, call.body.code, hours=hours)


@routes.delete("/v1/sessions", access=Access.PERSON)
async def sign_out(call: Call[None, None]) -> Reply[None]:
    """Sign out: this session ends everywhere."""
    await actions.sign_out(call.db, call.actor, call.session)
    return Reply(value=None, headers={"set-cookie": f"{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"})


@routes.get("/v1/me")
async def show_me(call: Call[None, None]) -> PublicAccount:
    """Who am I, and what may I be where."""
    return show_to_itself(await accounts.get(call.db, call.actor.id))


@routes.get("/v1/accounts")
async def list_accounts(call: Call[AccountsQuery, None]) -> Page[AccountView]:
    """List who has a role in a business."""
    query = call.query
    page = await actions.list_accounts(
        call.db, call.actor, query.business, cursor=query.cursor, limit=query.limit
    )
    return Page(
        items=[show_account(account, query.business) for account in page.items], next_cursor=page.next_cursor
    )


@routes.post(
    "/v1/accounts",
    creates=True,
    refusals=(
        AccountRefusal.LOGIN_TAKEN,
        AccountRefusal.PASSWORD_TOO_SHORT,
        AccountRefusal.ROLE_NOT_YOURS,
    ),
)
async def create_account(call: Call[None, NewAccount]) -> AccountView:
    """Admit a person."""
    return show_account(await actions.create_account(call.db, call.actor, call.body))


@routes.put(
    "/v1/accounts/{account}/roles/{business}",
    refusals=(AccountRefusal.ROLE_NOT_YOURS, AccountRefusal.LAST_OPERATOR),
)
async def set_roles(call: Call[None, NewRoles]) -> AccountView:
    """Give a person exactly these roles in a business."""
    account, business = call.path["account"], call.path["business"]
    changed = await actions.set_roles(call.db, call.actor, account, business, call.body.roles, rev=call.rev)
    return show_account(changed, business)


@routes.post("/v1/accounts/{account}/disable", refusals=(AccountRefusal.LAST_OPERATOR,))
async def disable_account(call: Call[None, None]) -> AccountView:
    """Lock a person out at once."""
    return show_account(await actions.set_disabled(call.db, call.actor, call.path["account"], True))


@routes.post("/v1/accounts/{account}/enable")
async def enable_account(call: Call[None, None]) -> AccountView:
    """Let a person in again."""
    return show_account(await actions.set_disabled(call.db, call.actor, call.path["account"], False))
