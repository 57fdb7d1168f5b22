from typing import Any

import pytest

from content.models.references import Tags
from content.models.rules.values import Reference
from content.tags import actions
from content.tags.rules import TagRefusal
from content.tags.store import categories
from content.tags.views import CategoryEdit, NewCategory, NewTag, TagEdit
from infra.mongo import Database
from schemas.models import FieldType
from schemas.problems import CommonRefusal, Refused
from schemas.tags import Tag, TagCategory
from tests.content.models.office import Office, open_office


@pytest.fixture
async def office(db: Database) -> Office:
    return await open_office(db)


async def category(office: Office, name: str, parent: str = "") -> TagCategory:
    new = NewCategory(business=office.business.id, name=name, parent=parent)
    return await actions.create_category(office.db, office.manager, new)


async def tag(office: Office, category: str, name: str) -> Tag:
    return await actions.create_tag(office.db, office.manager, NewTag(category=category, name=name))


async def refusal(doing: Any) -> Any:
    with pytest.raises(Refused) as caught:
        await doing
    return caught.value.code


async def test_a_branch_moves_with_all_that_stands_in_it(office: Office) -> None:
    scene, season, spring = [await category(office, name) for name in ("场景", "季节", "春")]
    move = CategoryEdit(parent=season.id)
    spring = await actions.edit_category(office.db, office.manager, spring.id, move, rev=1)
    tea = await tag(office, spring.id, "春茶")
    await actions.edit_category(office.db, office.manager, season.id, CategoryEdit(parent=scene.id), rev=1)

    tree = {
        one.id: one.path
        for one in await actions.list_categories(office.db, office.manager, office.business.id)
    }
    assert tree == {scene.id: [], season.id: [scene.id], spring.id: [scene.id, season.id]}
    found = await actions.list_tags(office.db, office.manager, category=scene.id, cursor="", limit=9)
    assert [one.id for one in found.items] == [tea.id]
    loop = actions.edit_category(office.db, office.manager, scene.id, CategoryEdit(parent=spring.id), rev=0)
    assert await refusal(loop) is TagRefusal.CATEGORY_MISPLACED


async def test_a_name_is_once_in_its_place_and_only_what_is_empty_goes(office: Office) -> None:
    scene = await category(office, "场景")
    await tag(office, scene.id, "节日")
    assert await refusal(tag(office, scene.id, "节日")) is TagRefusal.TAG_EXISTS
    assert await refusal(category(office, "场景")) is TagRefusal.TAG_EXISTS
    gone = actions.delete_category(office.db, office.manager, scene.id)
    assert await refusal(gone) is TagRefusal.CATEGORY_IN_USE
    empty = await category(office, "节日", scene.id)
    await actions.delete_category(office.db, office.manager, empty.id)
    assert await categories.collection(office.db).count({}) == 1


async def test_documents_carry_tags_and_keep_retired_ones(office: Office) -> None:
    scene, room = await category(office, "场景"), await office.room()
    old, new = await tag(office, scene.id, "旧"), await tag(office, scene.id, "新")
    given = await actions.give_tags(office.db, office.manager, room.id, [old.id], rev=1)
    assert (given.rev, given.tags) == (2, [old.id])
    await actions.edit_tag(office.db, office.manager, old.id, TagEdit(active=False), rev=1)
    await actions.give_tags(office.db, office.manager, room.id, [new.id, old.id], rev=2)
    await actions.give_tags(office.db, office.manager, room.id, [new.id], rev=3)
    again = actions.give_tags(office.db, office.manager, room.id, [old.id], rev=4)
    assert await refusal(again) is CommonRefusal.INVALID
    stale = actions.give_tags(office.db, office.manager, room.id, [], rev=1)
    assert await refusal(stale) is CommonRefusal.PRECONDITION_FAILED


async def test_a_value_names_a_tag_of_its_category_or_of_one_below(office: Office) -> None:
    scene, other = await category(office, "场景"), await category(office, "季节")
    below = await category(office, "节日", scene.id)
    deep, astray = await tag(office, below.id, "中秋"), await tag(office, other.id, "秋")
    wanted = [
        Reference(FieldType.TAG_CATEGORY, one, "/it", scene.id) for one in (deep.id, astray.id, "tag_0")
    ]
    assert await Tags(office.db).existing(office.business.id, wanted) == {deep.id}
    anywhere = [Reference(FieldType.TAG_CATEGORY, astray.id, "/it")]
    assert await Tags(office.db).existing(office.business.id, anywhere) == {astray.id}
    assert await Tags(office.db).existing("biz_else", anywhere) == set()
