from typing import Annotated

import msgspec
import pytest

from content.forms.telling import field, form
from schemas.models import FieldType as T


class New(msgspec.Struct, kw_only=True):
    business: str
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=9)]
    slug: str = ""
    kind: str = "plain"


class Edit(msgspec.Struct, kw_only=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=9)] | msgspec.UnsetType = msgspec.UNSET
    open: bool | msgspec.UnsetType = msgspec.UNSET


NAME = field(T.TEXT, "名称", "Name")


def test_limits_and_what_is_needed_come_from_what_the_action_takes() -> None:
    told = form("thing", {"name": NAME}, new=New, edit=Edit, known=("business",)).schema
    assert told["required"] == ["name"]
    assert told["properties"]["name"]["maxLength"] == 9
    assert "given" not in told["properties"]["name"]["kaibo"]


def test_a_field_of_new_things_is_given_once_and_one_of_edits_later() -> None:
    fields = {
        "name": NAME,
        "slug": field(T.TEXT, "短名", "Slug"),
        "open": field(T.BOOLEAN, "开", "Open"),
    }
    told = form("thing", fields, new=New, edit=Edit, known=("business",)).schema["properties"]
    assert told["slug"]["kaibo"]["given"] == "once"
    assert told["open"]["kaibo"]["given"] == "later"


def test_a_field_that_nothing_takes_is_an_error_at_once() -> None:
    with pytest.raises(ValueError, match="nothing takes colour"):
        form("thing", {"name": NAME, "colour": NAME}, new=New, known=("business",))


def test_so_is_one_that_is_needed_and_nobody_asks_for() -> None:
    with pytest.raises(ValueError, match=r"nobody asks for \['business'\]"):
        form("thing", {"name": NAME}, new=New)


def test_a_form_never_asks_for_more_than_the_action_takes() -> None:
    with pytest.raises(ValueError, match="maxLength 10 where the action takes 9"):
        form("thing", {"name": field(T.TEXT, "名称", "Name", maxLength=10)}, new=New, known=("business",))


def test_choices_are_those_of_the_action() -> None:
    kind = field(T.CHOICE, "类型", "Kind", choices={"plain": ("素", "Plain")})
    with pytest.raises(ValueError, match="choices"):
        form("thing", {"name": NAME, "kind": kind}, new=New, known=("business",))
