"""What is on the demo shop's desk, set once however often the demo begins."""

from content.accounts.actions import create_account
from content.accounts.views import NewAccount
from content.businesses.actions import create_business
from content.businesses.views import NewBusiness
from content.contents.actions import create_content, publish_content
from content.contents.store import contents
from content.contents.views import NewContent
from content.models.store import models
from content.publishing.actions.reviewing import list_reviews
from content.publishing.store import drafts
from content.tags.store import tags
from infra.mongo import Database
from schemas.accounts import SYSTEM, Role
from schemas.publishing import DraftState
from workers.demo.desk import HANDED_IN, set_desk
from workers.demo.fields import MODELS
from workers.demo.stories import STORIES


async def test_models_tags_and_drafts_are_there_once(db: Database) -> None:
    business = await create_business(db, SYSTEM, NewBusiness(name="良物", slug="goods"))
    editor = await create_account(
        db,
        SYSTEM,
        NewAccount(login="editor", name="阿言", password="a-long-one", roles={business.id: [Role.EDITOR]}),
    )
    for story in STORIES:
        new = NewContent(business=business.id, kind="article", title=story.title, body="<p>…</p>")
        await publish_content(db, SYSTEM, (await create_content(db, SYSTEM, new)).id)

    await set_desk(db, business, editor)
    before = await contents.collection(db).find({})
    await set_desk(db, business, editor)
    assert await contents.collection(db).find({}) == before

    assert await models.collection(db).count({"latest": 1}) == len(MODELS)
    assert await tags.collection(db).count({}) == 8
    told = await contents.find(db, {"title": STORIES[0].title})
    assert told is not None
    assert (told.ext["minutes"], len(told.tags)) == (3, 2)
    waiting = await list_reviews(
        db, SYSTEM, business=business.id, state=DraftState.SUBMITTED, layer=None, cursor="", limit=5
    )
    assert [one.title for one in waiting.items] == [HANDED_IN]
    assert await drafts.collection(db).count({"state": DraftState.SCHEDULED}) == 1
