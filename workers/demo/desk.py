"""What is on the demo shop's desk: models of its own, a tag library, and drafts on their way."""

from datetime import datetime, timedelta

from commerce.stores.store import stores
from content.accounts.views import as_actor
from content.contents.actions import create_content
from content.contents.store import contents
from content.contents.views import NewContent
from content.models.actions.drafting import create_model, save_draft
from content.models.actions.extending import write_extension
from content.models.actions.publishing import publish_model
from content.models.layers import Modelled
from content.models.store import of_layer
from content.models.views import NewModel, Publication
from content.programs.store import programs
from content.publishing.actions.drafting import save_draft as save_face
from content.publishing.actions.publishing import schedule_draft
from content.publishing.actions.reviewing import submit_draft
from content.publishing.rules.face import face_of
from content.publishing.views import DraftEdit
from content.tags.actions import create_category, create_tag, give_tags
from content.tags.store import categories, tags
from content.tags.views import NewCategory, NewTag
from infra.mongo import Database
from schemas.accounts import SYSTEM, Account
from schemas.content import Business
from schemas.tags import TagCategory
from workers.demo import catalogue
from workers.demo.fields import MODELS, TAGS, model
from workers.demo.stories import STORIES
from workers.references import reference_kinds, references

HANDED_IN = "降温之前，给自己备一罐蜂蜜"
"""An article that waits for its review."""
_HANDED_IN_INTRO = "秋冬一杯蜜水，比咖啡先叫醒你。"
_HANDED_IN_TEXT = """
<p>早上第一杯水，放一勺洋槐蜜，四十度就好。太烫了香气会跑掉。</p>
<h2>怎么挑</h2>
<ul><li>看产地：一年只收一季的，花源单一</li><li>看稠度：慢慢往下流，不断线</li></ul>
""".strip()
_EXTENDED = {
    STORIES[0].title: {
        "scene": "bedroom",
        "seasons": ["autumn", "winter"],
        "minutes": 3,
        "tip": "光要低，也要暖",
    },
}
_TAGGED = {STORIES[0].title: ("卧室", "安静"), STORIES[1].title: ("书桌", "送人")}
_FROM_TOMORROW = "从一罐春茶到一支香薰蜡烛，五件让桌面舒服起来的小东西。这周到店，可以试香。"
"""How the picture set is introduced from tomorrow on."""


async def set_desk(db: Database, business: Business, editor: Account) -> None:
    """Make what is missing on the desk; what somebody has worked on since is left alone."""
    await _tag_library(db, business)
    for layer, fields in MODELS.items():
        if await of_layer(db, business.id, layer) is None:
            begun = await create_model(db, SYSTEM, NewModel(business=business.id, layer=layer))
            drafted = await save_draft(db, SYSTEM, begun.id, model(fields), rev=begun.rev)
            await publish_model(db, SYSTEM, drafted.id, Publication(rev=drafted.rev, note="demo"))
    for title in {*_TAGGED, *_EXTENDED}:
        if story := await contents.find(db, {"business": business.id, "title": title}):
            await _describe(db, story, title)
    if coming := await programs.find(db, {"business": business.id, "title": catalogue.COMING[0].title}):
        await _extend_program(db, coming)
    await _hand_in(db, business, editor)


async def _tag_library(db: Database, business: Business) -> None:
    if await categories.find(db, {"business": business.id}):
        return
    for top, below in TAGS.items():
        parent = await create_category(db, SYSTEM, NewCategory(business=business.id, name=top))
        for name, names in below.items():
            await _tags_in(db, business, parent, name, names)


async def _tags_in(
    db: Database, business: Business, parent: TagCategory, name: str, names: tuple[str, ...]
) -> None:
    category = parent
    if name:
        new = NewCategory(business=business.id, name=name, parent=parent.id)
        category = await create_category(db, SYSTEM, new)
    for one in names:
        await create_tag(db, SYSTEM, NewTag(category=category.id, name=one))


async def _describe(db: Database, story: Modelled, title: str) -> None:
    """Tags and the shop's own fields, for a story that has none yet."""
    if not story.tags and title in _TAGGED:
        named = {"business": story.business, "name": {"$in": list(_TAGGED[title])}}
        found = await tags.page(db, named, cursor="", limit=len(_TAGGED[title]))
        await give_tags(db, SYSTEM, story.id, [one.id for one in found.items], rev=story.rev)
    if not story.model and title in _EXTENDED:
        place = await stores.find(db, {"business": story.business})
        values = {**_EXTENDED[title], **({"try_at": place.id} if place else {})}
        await write_extension(db, reference_kinds(db), SYSTEM, story.id, values, rev=0)


async def _extend_program(db: Database, program: Modelled) -> None:
    if not program.model:
        steps = [
            {"at": 0, "what": "开场，试茶"},
            {"at": 20, "what": "三款乌龙对比"},
            {"at": 45, "what": "答疑"},
        ]
        values = {"scene": "desk", "target": 300, "rundown": steps}
        await write_extension(db, reference_kinds(db), SYSTEM, program.id, values, rev=0)


async def _hand_in(db: Database, business: Business, editor: Account) -> None:
    """Once only: an article that its editor has handed in, and a change that waits for its day."""
    if await contents.find(db, {"business": business.id, "title": HANDED_IN}):
        return
    new = NewContent(
        business=business.id, kind="article", title=HANDED_IN, intro=_HANDED_IN_INTRO, body=_HANDED_IN_TEXT
    )
    made = await create_content(db, as_actor(editor), new, demo=True)
    await submit_draft(db, references(db), as_actor(editor), made.id, rev=0)
    if story := await contents.find(db, {"business": business.id, "title": STORIES[1].title}):
        face = {**face_of(story), "intro": _FROM_TOMORROW}
        drafted = await save_face(db, SYSTEM, story.id, DraftEdit(face=face), rev=0)
        day = datetime.now().astimezone() + timedelta(days=1)
        morning = day.replace(hour=9, minute=0, second=0, microsecond=0)
        at = int(morning.timestamp() * 1000)
        await schedule_draft(db, references(db), SYSTEM, story.id, at, rev=drafted.rev)
