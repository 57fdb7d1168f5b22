import io

import pytest
from PIL import Image

from content.contents.actions import publish_from, withdraw_content
from content.programs.actions import create_program
from content.programs.views import NewProgram
from schemas.accounts import SYSTEM
from schemas.content import ContentKind, Source
from tests.http import plain_http
from tests.web.api import Api, ok, problem
from tests.web.pictures import picture, png
from tests.web.shop import Shop
from workers.web.services import Services


async def fetch(api: Api, key: str) -> bytes:
    """Follow the redirect to the real object store."""
    answer = await api.get(f"/o/{key}")
    assert answer.status_code == 302, answer.text
    assert answer.headers["cache-control"] == "private, max-age=600"
    async with plain_http() as client:
        stored = await client.get(answer.headers["location"])
    assert stored.status_code == 200
    return stored.content


@pytest.mark.parametrize(
    ("form", "content_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
async def test_a_picture_is_made_anew_with_a_thumbnail(
    form: str, content_type: str, api: Api, shop: Shop
) -> None:
    body = picture(form, 2000, 1000) + b"trailing bytes of somebody"
    manager = api.as_(shop.manager.token)
    path = f"/v1/products/{shop.cup.id}/picture"
    product = ok(await manager.post(path, content=body, headers={"content-type": content_type}))
    again = ok(await manager.post(path, content=body, headers={"content-type": content_type}))
    assert again == product
    (key,) = product["pictures"]
    assert key.startswith(f"pic/{shop.business.id}/")
    large = await fetch(api, key)
    assert b"trailing" not in large
    with Image.open(io.BytesIO(large)) as opened:
        assert (opened.format, opened.size) == ("JPEG", (1600, 800))
    with Image.open(io.BytesIO(await fetch(api, key.replace(".jpg", "-thumb.jpg")))) as opened:
        assert (opened.format, opened.size) == ("JPEG", (320, 160))


async def test_what_a_camera_wrote_into_a_picture_is_gone(api: Api, shop: Shop) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010E] = "at 31.23 N 121.47 E"
    Image.new("RGB", (100, 50), (1, 2, 3)).save(out, "JPEG", exif=exif)
    made = ok(
        await api.as_(shop.anchor.token).post(
            f"/v1/pictures?business={shop.business.id}",
            content=out.getvalue(),
            headers={"content-type": "image/jpeg"},
        ),
        201,
    )
    assert (made["width"], made["height"]) == (50, 100)
    stored = await fetch(api, made["key"])
    assert b"31.23" not in stored
    with Image.open(io.BytesIO(stored)) as opened:
        assert not dict(opened.getexif())


async def test_a_see_through_picture_lies_on_white(api: Api, shop: Shop) -> None:
    made = ok(
        await api.as_(shop.anchor.token).post(
            f"/v1/pictures?business={shop.business.id}",
            content=png(colour=(255, 0, 0, 0)),
            headers={"content-type": "image/png"},
        ),
        201,
    )
    with Image.open(io.BytesIO(await fetch(api, made["key"]))) as opened:
        assert opened.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


async def test_files_are_shown_while_they_are_published_or_to_their_own(
    api: Api, shop: Shop, services: Services
) -> None:
    key = f"cnt/{shop.room.id}.mp4"
    await services.objects.put(key, b"a film", "video/mp4")
    assert problem(await api.as_(shop.operator.token).get(f"/o/{key}")) == (404, "not_found")

    program = await create_program(services.db, SYSTEM, NewProgram(room=shop.room.id, title="t"))
    content = await publish_from(
        services.db,
        program_id=program.id,
        kind=ContentKind.CLIP,
        title="t",
        media=key,
        products=[shop.cup.id],
        source=Source(mark="mrk_1"),
    )
    assert await fetch(api, key) == b"a film"
    assert ok(await api.get(f"/v1/contents/{content.id}/play"))["url"] == f"/o/{key}"
    by_product = ok(await api.get(f"/v1/contents?product={shop.cup.id}"))["items"]
    assert [one["id"] for one in by_product] == [content.id]

    await withdraw_content(services.db, SYSTEM, content.id)
    for token, status in (("", 404), (shop.rival.token, 404), (shop.viewer.token, 404)):
        assert (await api.as_(token).get(f"/o/{key}")).status_code == status
    assert await fetch(api.as_(shop.manager.token), key) == b"a film"
    assert problem(await api.get(f"/v1/contents/{content.id}")) == (404, "not_found")
    assert ok(await api.get(f"/v1/contents?product={shop.cup.id}"))["items"] == []


async def test_segments_are_not_shown_this_way(api: Api, shop: Shop, services: Services) -> None:
    await services.objects.put("seg/folder/1.mp4", b"x", "video/mp4")
    assert problem(await api.as_(shop.operator.token).get("/o/seg/folder/1.mp4")) == (404, "not_found")


async def test_a_product_is_made_with_pictures_uploaded_before(api: Api, shop: Shop) -> None:
    manager = api.as_(shop.manager.token)
    path = f"/v1/pictures?business={shop.business.id}"
    made = ok(await manager.post(path, content=png(), headers={"content-type": "image/png"}), 201)
    new = {"business": shop.business.id, "title": "t", "price": {"amount": 1}}
    product = ok(await manager.post("/v1/products", {**new, "pictures": [made["key"]]}), 201)
    assert product["pictures"] == [made["key"]]
    foreign = [f"pic/{shop.other.id}/a.jpg"]
    assert problem(await manager.post("/v1/products", {**new, "pictures": foreign})) == (422, "invalid")
