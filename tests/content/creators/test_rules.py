import pytest

from content.creators.rules import (
    MOVES,
    CreatorRefusal,
    Verdict,
    check_application,
    check_named,
    judge,
)
from schemas.creators import Creator, CreatorState
from schemas.problems import CommonRefusal, Refusal

S = CreatorState


def creator(state: CreatorState, business: str = "biz_1") -> Creator:
    return Creator(id="crt_1", business=business, account="acc_1", name="小林", state=state)


def test_the_whole_way() -> None:
    led = {(state, verdict): judge(state, verdict, "why") for state in S for verdict in Verdict}
    assert {pair: to for pair, to in led.items() if not isinstance(to, Refusal)} == {
        (S.APPLIED, Verdict.APPROVE): S.APPROVED,
        (S.APPLIED, Verdict.REJECT): S.REJECTED,
        (S.REJECTED, Verdict.APPROVE): S.APPROVED,
        (S.APPROVED, Verdict.SUSPEND): S.SUSPENDED,
        (S.SUSPENDED, Verdict.APPROVE): S.APPROVED,
    }
    refused = [to for to in led.values() if isinstance(to, Refusal)]
    assert {one.code for one in refused} == {CommonRefusal.WRONG_STATE}


def test_a_wrong_move_says_what_was_expected() -> None:
    refusal = judge(S.APPLIED, Verdict.SUSPEND, "why")
    assert refusal == Refusal(
        CommonRefusal.WRONG_STATE, {"move": "suspend", "expected": "approved", "got": "applied"}
    )


@pytest.mark.parametrize(("state", "verdict"), [(S.APPLIED, Verdict.REJECT), (S.APPROVED, Verdict.SUSPEND)])
def test_who_is_turned_away_is_told_why(state: CreatorState, verdict: Verdict) -> None:
    for nothing in ("", "  "):
        refusal = judge(state, verdict, nothing)
        assert isinstance(refusal, Refusal)
        assert refusal.code is CreatorRefusal.REASON_NEEDED
    assert judge(state, verdict, "资料不全") is MOVES[verdict][state]


def test_approval_needs_no_reason() -> None:
    assert judge(S.APPLIED, Verdict.APPROVE, "") is S.APPROVED


@pytest.mark.parametrize(
    ("earlier", "may"),
    [(None, True), (S.REJECTED, True), (S.APPLIED, False), (S.APPROVED, False), (S.SUSPENDED, False)],
)
def test_one_application_at_a_time(earlier: CreatorState | None, may: bool) -> None:
    refusal = check_application(None if earlier is None else creator(earlier))
    assert (refusal is None) is may
    assert refusal is None or refusal.code is CreatorRefusal.ALREADY_APPLIED


def test_only_an_approved_creator_of_the_business_is_named() -> None:
    assert check_named(creator(S.APPROVED), "biz_1") is None
    wrong = [None, creator(S.APPROVED, "biz_2")]
    wrong += [creator(state) for state in S if state is not S.APPROVED]
    for one in wrong:
        refusal = check_named(one, "biz_1")
        assert refusal is not None
        assert refusal.code is CreatorRefusal.CREATOR_NOT_APPROVED
