import asyncio

import pytest

from content.accounts import actions
from content.accounts.seen import KEPT_S, SignedIn, seen
from content.accounts.store import SIGN_INS, ensure_indexes
from content.accounts.views import NewAccount
from infra.mongo import Database
from infra.tokens import Tokens
from schemas.accounts import PLATFORM, SYSTEM, Actor, Role, SignIn
from schemas.problems import Refused

TOKENS = Tokens("a secret of the tests")
LIN: SignedIn = ("acc_lin", "ses_1")


def test_who_was_seen_is_known_until_something_changes(db: Database) -> None:
    kept, actor = seen(db), Actor(id="acc_lin", name="小林")
    kept.keep(LIN, actor, kept.changes)
    assert kept.find(LIN) == actor
    assert kept.find(("acc_lin", "ses_2")) is None
    kept.forget()
    assert kept.find(LIN) is None


def test_what_was_looked_up_before_a_change_is_not_kept_after_it(db: Database) -> None:
    kept = seen(db)
    changes = kept.changes
    kept.forget()
    kept.keep(LIN, Actor(id="acc_lin", name="小林"), changes)
    assert kept.find(LIN) is None


async def test_new_roles_count_at_once(db: Database) -> None:
    account, claims = await sign_in(db)
    assert (await actions.who_acts(db, claims)).roles == {}
    await actions.set_roles(db, SYSTEM, account, PLATFORM, [Role.OPERATOR])
    assert (await actions.who_acts(db, claims)).roles == {PLATFORM: [Role.OPERATOR]}


async def test_a_sign_out_in_another_process_counts_within_seconds(db: Database) -> None:
    _, claims = await sign_in(db)
    await actions.who_acts(db, claims)
    await db.collection(SIGN_INS).delete_one({"_id": claims["sid"]})
    with pytest.raises(Refused):
        async with asyncio.timeout(KEPT_S + 5):
            while True:
                await actions.who_acts(db, claims)
                await asyncio.sleep(0.05)


async def sign_in(db: Database) -> tuple[str, dict[str, str]]:
    """Admit and sign in somebody; gives the account's id and the session's claims."""
    await ensure_indexes(db)
    account = await actions.create_account(
        db, SYSTEM, NewAccount(login="lin", name="小林", password="春天的第一杯茶！")
    )
    wanted = SignIn(login="lin", password="春天的第一杯茶！")
    session = await actions.sign_in(db, TOKENS, wanted, address="192.0.2.1", hours=1.0)
    return account.id, TOKENS.verify("session", session.token)
