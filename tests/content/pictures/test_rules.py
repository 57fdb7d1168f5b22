import pytest

from content.pictures import rules

KEY = rules.picture_key("biz_1", "ab" * 32)


def test_a_picture_is_named_by_what_is_in_it() -> None:
    assert f"pic/biz_1/{'ab' * 16}.jpg" == KEY
    assert rules.thumbnail_key(KEY) == f"pic/biz_1/{'ab' * 16}-thumb.jpg"


@pytest.mark.parametrize(
    ("size", "fine"),
    [((16, 16), True), ((15, 16), False), ((8000, 5000), True), ((8001, 5000), False), ((0, 0), False)],
)
def test_sizes_that_can_be_shown(size: tuple[int, int], fine: bool) -> None:
    assert (rules.check_dimensions(*size) is None) is fine


@pytest.mark.parametrize(
    ("key", "fine"),
    [
        ("", True),
        (KEY, True),
        ("pic/biz_2/a.jpg", False),
        ("pic/biz_1", False),
        ("pic/biz_10/a.jpg", False),
        ("seg/x/1.mp4", False),
    ],
)
def test_only_pictures_of_the_business_become_covers(key: str, fine: bool) -> None:
    refusal = rules.check_picture_key(key, "biz_1", "/cover")
    assert (refusal is None) is fine
    if refusal:
        assert refusal.data["pointer"] == "/cover"
