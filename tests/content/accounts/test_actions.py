import asyncio

import pytest

from content.accounts import actions, passwords
from content.accounts.rules import AccountRefusal
from content.accounts.store import accounts, ensure_indexes
from content.accounts.views import NewAccount
from infra.mongo import Database
from infra.tokens import Tokens
from schemas.accounts import PLATFORM, SYSTEM, Account, Role, SignIn
from schemas.problems import CommonRefusal, Refused

TOKENS = Tokens("a secret of the tests")
HOURS = 1.0


@pytest.fixture(autouse=True)
async def _indexes(db: Database) -> None:
    await ensure_indexes(db)


@pytest.fixture
async def lin(db: Database) -> Account:
    new = NewAccount(login="Lin", name="小林", password="春天的第一杯茶！")
    return await actions.create_account(db, SYSTEM, new)


async def attempt(db: Database, login: str, password: str, address: str = "192.0.2.1") -> str:
    """Sign in; give the code of the refusal, or an empty text."""
    try:
        wanted = SignIn(login=login, password=password)
        await actions.sign_in(db, TOKENS, wanted, address=address, hours=HOURS)
    except Refused as refused:
        return str(refused.code)
    return ""


async def test_a_session_stands_for_its_account_until_it_is_ended(db: Database, lin: Account) -> None:
    wanted = SignIn(login="LIN ", password="春天的第一杯茶！")
    session = await actions.sign_in(db, TOKENS, wanted, address="192.0.2.1", hours=HOURS)
    claims = TOKENS.verify("session", session.token)
    actor = await actions.who_acts(db, claims)
    assert (actor.id, actor.name) == (lin.id, "小林")

    await actions.sign_out(db, actor, claims["sid"])
    with pytest.raises(Refused) as refused:
        await actions.who_acts(db, claims)
    assert refused.value.code is CommonRefusal.NOT_SIGNED_IN


async def test_the_password_is_kept_as_a_hash_only(db: Database, lin: Account) -> None:
    doc = await db.collection("accounts").find_one({"_id": lin.id})
    assert doc is not None
    assert "春天的第一杯茶！" not in str(doc)
    assert doc["password_hash"].startswith("$argon2id$")
    assert not passwords.outdated(doc["password_hash"])


async def test_a_wrong_password_and_an_unknown_login_answer_alike(db: Database, lin: Account) -> None:
    assert await attempt(db, "lin", "wrong") == AccountRefusal.WRONG_PASSWORD
    assert await attempt(db, "nobody", "wrong") == AccountRefusal.WRONG_PASSWORD


async def test_guessing_in_parallel_gets_five_tries(db: Database, lin: Account) -> None:
    outcomes = await asyncio.gather(*(attempt(db, "lin", f"guess {number}") for number in range(8)))
    assert sorted(outcomes) == sorted(
        [AccountRefusal.WRONG_PASSWORD] * 5 + [AccountRefusal.TOO_MANY_ATTEMPTS] * 3
    )
    assert await attempt(db, "lin", "春天的第一杯茶！") == AccountRefusal.TOO_MANY_ATTEMPTS
    assert await attempt(db, "lin", "春天的第一杯茶！", address="192.0.2.2") == ""


async def test_the_right_password_begins_the_count_anew(db: Database, lin: Account) -> None:
    for _ in range(4):
        assert await attempt(db, "lin", "wrong") == AccountRefusal.WRONG_PASSWORD
    assert await attempt(db, "lin", "春天的第一杯茶！") == ""
    assert await attempt(db, "lin", "wrong") == AccountRefusal.WRONG_PASSWORD


async def test_a_locked_account_is_out_at_once(db: Database, lin: Account) -> None:
    wanted = SignIn(login="lin", password="春天的第一杯茶！")
    session = await actions.sign_in(db, TOKENS, wanted, address="192.0.2.1", hours=HOURS)
    await actions.set_disabled(db, SYSTEM, lin.id, True)
    with pytest.raises(Refused):
        await actions.who_acts(db, TOKENS.verify("session", session.token))
    assert await attempt(db, "lin", "春天的第一杯茶！") == AccountRefusal.ACCOUNT_DISABLED
    await actions.set_disabled(db, SYSTEM, lin.id, False)
    assert await attempt(db, "lin", "春天的第一杯茶！") == ""


async def test_a_login_is_taken_once(db: Database, lin: Account) -> None:
    with pytest.raises(Refused) as refused:
        await actions.create_account(db, SYSTEM, NewAccount(login=" LIN", name="x", password="12345678"))
    assert refused.value.code is AccountRefusal.LOGIN_TAKEN
    assert await db.collection("accounts").count({}) == 1


async def test_the_first_operator_is_made_once(db: Database) -> None:
    made = await asyncio.gather(*(actions.ensure_operator(db) for _ in range(2)))
    assert sorted(password is None for password in made) == [False, True]
    password = next(password for password in made if password)
    operator = await accounts.find(db, {"login": "admin"})
    assert operator is not None
    assert operator.roles == {PLATFORM: [Role.OPERATOR]}
    assert await attempt(db, "admin", password) == ""
    assert await actions.ensure_operator(db, "another password") is None
    assert await attempt(db, "admin", "another password") == AccountRefusal.WRONG_PASSWORD


async def test_a_weaker_hash_is_made_stronger_at_the_next_sign_in(db: Database, lin: Account) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8192).hash("春天的第一杯茶！")
    await db.collection("accounts").update_one({"_id": lin.id}, {"$set": {"password_hash": weak}})
    assert await attempt(db, "lin", "春天的第一杯茶！") == ""
    stored = await accounts.get(db, lin.id)
    assert not passwords.outdated(stored.password_hash)
    assert await attempt(db, "lin", "春天的第一杯茶！") == ""
