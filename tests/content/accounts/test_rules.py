import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.accounts import rules
from content.accounts.rules import AccountRefusal
from schemas.accounts import PLATFORM, Actor, Role
from schemas.problems import CommonRefusal

OPERATOR = Actor(id="acc_1", name="o", roles={PLATFORM: [Role.OPERATOR]})
MANAGER = Actor(id="acc_2", name="m", roles={"biz_1": [Role.BUSINESS_OPERATOR]})
ANCHOR = Actor(id="acc_3", name="a", roles={"biz_1": [Role.ANCHOR]})


@pytest.mark.parametrize(
    ("actor", "roles", "code"),
    [
        (OPERATOR, {PLATFORM: [Role.OPERATOR]}, None),
        (OPERATOR, {"biz_1": [Role.OPERATOR]}, CommonRefusal.INVALID),
        (MANAGER, {"biz_1": [Role.ANCHOR, Role.BUSINESS_OPERATOR]}, None),
        (MANAGER, {"biz_2": [Role.ANCHOR]}, AccountRefusal.ROLE_NOT_YOURS),
        (MANAGER, {PLATFORM: [Role.BUSINESS_OPERATOR]}, AccountRefusal.ROLE_NOT_YOURS),
        (MANAGER, {PLATFORM: [Role.OPERATOR]}, AccountRefusal.ROLE_NOT_YOURS),
        (ANCHOR, {"biz_1": [Role.ASSISTANT]}, AccountRefusal.ROLE_NOT_YOURS),
        (ANCHOR, {}, None),
    ],
)
def test_nobody_hands_on_more_than_she_holds(
    actor: Actor, roles: dict[str, list[Role]], code: str | None
) -> None:
    refusal = rules.check_roles(actor, roles)
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("failures", "now", "refused"), [(4, 0, False), (5, 0, True), (5, 999, True), (5, 1000, False)]
)
def test_five_wrong_passwords_close_the_window(failures: int, now: int, refused: bool) -> None:
    refusal = rules.throttle(failures, 1000, now)
    assert (refusal is not None) is refused
    if refusal:
        assert refusal.data == {"retry_after": (1000 - now) / 1000}


@given(st.text(max_size=40))
def test_folding_a_login_twice_is_folding_it_once(login: str) -> None:
    assert rules.fold_login(rules.fold_login(login)) == rules.fold_login(login)


def test_logins_that_look_alike_are_one() -> None:
    assert rules.fold_login(" Ａｌｉｃｅ ") == rules.fold_login("alice")


@pytest.mark.parametrize(
    ("password", "demo", "fine"), [("1234567", False, False), ("12345678", False, True), ("x", True, True)]
)
def test_a_password_has_eight_characters_outside_the_demo(password: str, demo: bool, fine: bool) -> None:
    assert (rules.check_password(password, demo) is None) is fine
