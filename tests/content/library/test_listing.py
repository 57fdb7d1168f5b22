"""Rows of the library."""

from typing import Any

import pytest

from content.library.listing import row
from schemas.library import Noun

NO_NAMES: dict[str, dict[str, str]] = {"room": {}, "program": {}, "anchor": {}}


@pytest.mark.parametrize(
    ("shown", "face"),
    [
        ({"cover": "pic/cover.jpg", "pictures": [{"key": "pic/1.jpg"}]}, "pic/cover.jpg"),
        ({"cover": "", "pictures": [{"key": "pic/1.jpg"}, {"key": "pic/2.jpg"}]}, "pic/1.jpg"),
        ({"cover": "", "pictures": []}, ""),
        ({}, ""),
    ],
)
def test_a_content_without_a_cover_is_known_by_its_first_picture(shown: dict[str, Any], face: str) -> None:
    doc = {"_id": "cnt_1", "rev": 1, "kind": "picture_set", "title": "t", "created_at": 1, "updated_at": 1}

    assert row(Noun.CONTENTS, doc | shown, NO_NAMES, {}).cover == face
