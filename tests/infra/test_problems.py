import pytest

from infra.problems import Explained, language, problem_of, register
from schemas.problems import CommonRefusal, Refused


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("", "zh-CN"),
        ("en-US,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("fr, en;q=0.2", "en"),
        ("en;q=0.1, zh;q=0.2", "zh-CN"),
        ("en;q=none", "zh-CN"),
    ],
)
def test_the_language_is_the_callers(accept: str, wanted: str) -> None:
    assert language(accept) == wanted


def test_a_refusal_says_what_was_expected_and_what_came() -> None:
    problem = problem_of(
        Refused(CommonRefusal.WRONG_STATE, expected="live", got="ended"), "en", instance="/x"
    )
    assert (problem.status, problem.code) == (409, "wrong_state")
    assert problem.title == "Wrong state: expected live, got ended."
    assert problem.data == {"expected": "live", "got": "ended"}


def test_a_pause_is_told() -> None:
    assert problem_of(Refused(CommonRefusal.TOO_MANY, retry_after=2.5), "zh-CN").retry_after == 2.5


def test_a_code_has_one_meaning() -> None:
    with pytest.raises(ValueError, match="explained twice"):
        register({CommonRefusal.NOT_FOUND: Explained(410, "", "")})
