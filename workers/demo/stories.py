"""What there is to read in the demo: an article by one of its creators, and a picture set of the shop."""

import asyncio
import io
from functools import lru_cache
from typing import NamedTuple

from content.contents.actions import create_content, publish_content
from content.contents.store import contents
from content.contents.views import NewContent
from content.creators.store import of_account
from content.pictures.actions import upload_picture
from infra.mongo import Database
from infra.objects import ObjectStore
from schemas.accounts import SYSTEM
from schemas.content import CaptionedPicture, Content
from workers.demo.art import products
from workers.demo.shop import Shop

JPEG = "image/jpeg"


class Picture(NamedTuple):
    """A product drawn large, and what is said of it."""

    drawing: str
    caption: str


class Story(NamedTuple):
    """An article (it has a text) or a picture set."""

    title: str
    intro: str
    login: str
    """The creator who wrote it; empty: the shop itself."""
    text: str
    pictures: tuple[Picture, ...]
    cover: str = ""
    """A drawing; empty: the first picture."""


STORIES = (
    Story(
        *("一盏灯，一只杯：把床头变成书房", "换一盏暖光灯，再有一杯热的，睡前半小时就有了去处。", "clerk"),
        text="""
<p>家里最小的角落，往往最值得好好布置。床头柜只有四十厘米宽，放得下一盏灯、一只杯子和一本书，就够了。</p>
<h2>光要低，也要暖</h2>
<p>顶灯太亮，人会一直醒着。2700K 的暖光从侧面来，书页是亮的，房间的其余部分慢慢暗下去。
<strong>三档调光</strong>里，我最常用的是最低的那一档。</p>
<blockquote>灯罩选褶皱的，光从缝里漏出来，墙上会有影子。</blockquote>
<h2>杯子要有点分量</h2>
<ul><li>陶的比玻璃的保温，也不烫手</li>
<li>400 毫升刚好是一壶茶的量</li>
<li>青海波的花纹，看久了也不腻</li></ul>
<p>今晚就试试：关掉顶灯，倒一杯热水，读十页。</p>
""",
        pictures=(Picture("mug", "热的，就放在手边"), Picture("candle", "周末再点一支香薰")),
        cover="lamp",
    ),
    Story(
        *("这一季的桌上好物", "从一罐春茶到一支香薰蜡烛，五件让桌面舒服起来的小东西。", ""),
        text="",
        pictures=(
            Picture("tea", "高山乌龙，清香，耐泡"),
            Picture("honey", "洋槐蜜，一年只收一季"),
            Picture("candle", "雪松和薰衣草，大约能点四十个小时"),
            Picture("thermos", "早上装的水，晚上还是热的"),
            Picture("juicer", "想喝的时候，现榨一杯"),
        ),
    ),
)


async def write_stories(db: Database, objects: ObjectStore, shop: Shop) -> None:
    """Write and publish what is missing of the stories."""
    for story in STORIES:
        if await contents.find(db, {"business": shop.business.id, "title": story.title}) is None:
            made = await _write(db, objects, shop, story)
            await publish_content(db, SYSTEM, made.id)


async def _write(db: Database, objects: ObjectStore, shop: Shop, story: Story) -> Content:
    business = shop.business.id
    pictures = [
        CaptionedPicture(key=await _upload(db, objects, business, one.drawing), caption=one.caption)
        for one in story.pictures
    ]
    writer = await of_account(db, business, shop.anchors[story.login].id) if story.login else None
    cover = await _upload(db, objects, business, story.cover) if story.cover else ""
    new = NewContent(
        business=business,
        kind="article" if story.text else "picture_set",
        title=story.title,
        intro=story.intro,
        author=writer.id if writer else "",
        cover=cover,
        body=story.text.strip(),
        pictures=pictures,
    )
    return await create_content(db, SYSTEM, new, demo=True)


async def _upload(db: Database, objects: ObjectStore, business: str, drawing: str) -> str:
    body = await asyncio.to_thread(drawn, drawing)
    return (await upload_picture(db, objects, SYSTEM, business, body, JPEG)).key


@lru_cache(maxsize=16)
def drawn(drawing: str) -> bytes:
    """Draw a product as it stands in a story: JPEG."""
    body = io.BytesIO()
    products.portrait(drawing, 1080).save(body, "JPEG", quality=90)
    return body.getvalue()
