from pathlib import Path

import pytest

from streaming.replay.reasons import TEXTS, Reason, plain

PAGE = Path(__file__).resolve().parents[3] / "docs" / "replay.md"


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_told_in_two_languages_and_in_the_docs(reason: Reason) -> None:
    chinese, english = TEXTS[reason]
    assert plain(f"{reason}: detail", "zh-CN") == chinese
    assert plain(str(reason), "en") == english
    assert f"`{reason}`" in PAGE.read_text(encoding="utf-8")


def test_a_reason_without_a_code_is_told_as_it_is() -> None:
    assert plain("ValueError: boom", "zh-CN") == "ValueError: boom"
