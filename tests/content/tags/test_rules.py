import pytest

from content.tags.rules import check_given, check_place, height_below, path_under
from schemas.tags import Tag, TagCategory


def category(identifier: str, *path: str, business: str = "biz_1") -> TagCategory:
    return TagCategory(id=identifier, business=business, name=identifier, path=list(path))


def tag(identifier: str, business: str = "biz_1", *, active: bool = True) -> Tag:
    return Tag(id=identifier, business=business, category="cat_1", name=identifier, active=active)


def test_a_path_leads_from_the_top() -> None:
    assert path_under(None) == []
    assert path_under(category("c", "a", "b")) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("parent", "height", "fine"),
    [
        (None, 4, True),
        (category("b"), 0, True),
        (category("b", business="biz_2"), 0, False),
        (category("a"), 0, False),
        (category("b", "a"), 0, False),
        (category("e", "w", "x", "y"), 0, True),
        (category("e", "w", "x", "y"), 1, False),
        (category("e", "v", "w", "x", "y"), 0, False),
    ],
)
def test_where_a_category_may_stand(parent: TagCategory | None, height: int, fine: bool) -> None:
    assert (check_place("a", parent, "biz_1", height) is None) is fine


def test_levels_below_are_counted() -> None:
    tree = [category("a"), category("b", "a"), category("c", "a", "b"), category("d")]
    assert [height_below(one, tree) for one in "abcd"] == [2, 1, 0, 0]


def test_a_document_is_given_tags_that_are_there_ones_own_and_active_each_once() -> None:
    there = {one.id: one for one in (tag("t1"), tag("t2", "biz_2"), tag("t3", active=False))}
    errors = check_given(["t1", "t2", "t3", "t4", "t1"], [], there, "biz_1")
    assert [error.pointer for error in errors] == ["/tags/1", "/tags/2", "/tags/3", "/tags/4"]
    assert check_given(["t1", "t3"], ["t3"], there, "biz_1") == []
