from pathlib import Path

import pytest

from infra.problems import registered
from streaming.media.refusals import MediaRefusal

PAGE = Path(__file__).parents[3] / "docs/protocols/media.md"


@pytest.mark.parametrize("code", MediaRefusal)
def test_every_refusal_is_explained_and_documented(code: MediaRefusal) -> None:
    assert f"`{code}`" in PAGE.read_text(encoding="utf-8")
    explained = registered()[code]
    assert explained.zh.endswith("。")
    assert explained.en.endswith(".")
