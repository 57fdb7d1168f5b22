"""A room gets its address and people, a program its reach; a viewer reads an article and a picture set."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from infra.clock import now_ms
from tests.e2e.desk import at_the_desk
from tests.e2e.pages import PHONE, Visitor
from tests.e2e.product import Product, Shop
from tests.http import plain_http
from workers.demo.stories import STORIES, drawn

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDE = {"width": 1440, "height": 900}


async def upload(shop: Shop, where: str, file: bytes, kind: str) -> str:
    headers = {"authorization": f"Bearer {shop.admin.token}", "content-type": kind}
    async with plain_http(base_url=shop.url, headers=headers, timeout=60) as http:
        answer = await http.post(f"/v1/{where}", content=file)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


async def picture(shop: Shop, drawing: str) -> str:
    return await upload(shop, f"pictures?business={shop.business}", drawn(drawing), "image/jpeg")


async def stories(shop: Shop) -> list[dict[str, Any]]:
    """Publish the demo's stories in this shop."""
    made = []
    for story in STORIES:
        pictures = [
            {"key": await picture(shop, one.drawing), "caption": one.caption} for one in story.pictures
        ]
        new = {
            "business": shop.business,
            "kind": "article" if story.text else "picture_set",
            "title": story.title,
            "intro": story.intro,
            "cover": await picture(shop, story.cover) if story.cover else "",
            "body": story.text,
            "pictures": pictures,
        }
        content = await shop.admin.post("/v1/contents", new)
        made.append(await shop.admin.post(f"/v1/contents/{content['id']}/publish"))
    return made


async def test_a_viewer_reads_what_is_published(
    product: Product, shop: Shop, browser: Browser, demo_clip: Path
) -> None:
    article, pictures = await stories(shop)
    for language, size in (("zh-CN", PHONE), ("en", PHONE), ("zh-CN", WIDE)):
        name = f"stories-{language}-{size['width']}"
        viewer = await Visitor.arrive(browser, product, size, language)
        await viewer.speaks(language)
        await viewer.open("pages/home/home")
        await viewer.at("home-tab-stories").click()
        card = viewer.at("story-card").filter(has_text=article["title"]).first
        await expect(card).to_be_visible()
        await expect(viewer.at("story-card").filter(has_text=pictures["title"]).first).to_be_visible()
        await expect(card.locator("img").first).to_be_visible()
        await viewer.screenshot(f"{name}-home")
        await card.click()
        page = viewer.at("story-article")
        await expect(page).to_contain_text("光要低，也要暖")
        await expect(page.locator("h2").first).to_be_visible()
        await viewer.screenshot(f"{name}-article")
        await viewer.open(f"pages/story/story?id={pictures['id']}")
        await expect(viewer.at("story-picture")).to_have_count(len(pictures["pictures"]))
        await expect(viewer.at("story-picture").last).to_contain_text(pictures["pictures"][-1]["caption"])
        await viewer.screenshot(f"{name}-pictures")
        assert viewer.errors == []

    coming = await shop.admin.post(
        "/v1/programs", {"room": shop.room, "title": "周五茶会", "starts_at": now_ms() + 3_600_000}
    )
    film = await upload(
        shop,
        f"files?business={shop.business}&name=trailer.mp4&open=false",
        demo_clip.read_bytes(),
        "video/mp4",
    )
    trailer = {"kind": "trailer", "program": coming["id"], "title": "周五见", "media": film}
    announced = await shop.admin.post("/v1/contents", {"business": shop.business, **trailer})
    stranger = await Visitor.arrive(browser, product)
    assert (await stranger.page.request.get(f"{product.url}/o/{film}")).status == 404
    await shop.admin.post(f"/v1/contents/{announced['id']}/publish")
    await stranger.open(f"pages/room/room?id={coming['id']}")
    await stranger.page.get_by_text("看预告片").click()
    await stranger.plays()
    await stranger.screenshot("trailer")

    await shop.admin.patch(f"/v1/contents/{article['id']}", {"visibility": "private"})
    await stranger.open(f"pages/story/story?id={article['id']}")
    await expect(stranger.at("state-not-found")).to_be_visible()


async def test_a_room_and_a_program_say_who_and_where(product: Product, shop: Shop, browser: Browser) -> None:
    desk = await at_the_desk(browser, product, shop, WIDE)
    address = f"tea-{shop.clerk_login[-8:]}"
    await desk.page.goto(f"{product.url}/portal/rooms?open={shop.room}")
    await desk.fill("room-address", address)
    await desk.at("roles").locator("summary").click()
    await desk.choose("add-role", "阿明")
    await desk.at("key").locator("summary").click()
    await desk.at("issue-room-key").click()
    await expect(desk.at("room-key")).to_contain_text("rtmp://")
    await desk.at("save").click()
    await expect(desk.page.get_by_text(f"/r/{address}")).to_be_visible()
    await desk.screenshot("layers-room")
    room = await shop.admin.get(f"/v1/rooms/{address}")
    assert [(one["account"]["name"], one["role"]) for one in room["roles"]] == [("阿明", "assistant")]
    assert room["has_key"]

    await desk.page.goto(f"{product.url}/portal/schedule")
    await desk.at("new").click()
    await desk.fill("program-title", "内部试播")
    await desk.choose("program-room", "小云的直播间")
    await desk.at("reach").locator("summary").click()
    await desk.at("program-visibility-private").click()
    await desk.at("keep").locator("summary").click()
    await desk.at("program-recording-no_clips").click()
    await desk.screenshot("layers-program")
    await desk.at("save").click()
    await expect(desk.at("reach-said")).to_be_visible()
    await desk.screenshot("layers-program-side")
    await desk.page.get_by_role("button", name="English").click()
    await desk.at("edit").click()
    await desk.at("cast").locator("summary").click()
    await expect(desk.at("cast")).to_contain_text("Assistants")
    await desk.screenshot("layers-program-en")
    await desk.page.goto(f"{product.url}/portal/rooms?open={shop.room}")
    await expect(desk.page.get_by_text("Permanent stream key")).to_be_visible()
    await desk.screenshot("layers-room-en")
    [planned] = (await shop.admin.get(f"/v1/programs?business={shop.business}"))["items"]
    assert (planned["visibility"], planned["recording"], planned["rehearsal"]) == (
        "private",
        "no_clips",
        False,
    )
    assert desk.errors == []
