"""The demo's process: sets up the shop, then keeps its show on air and its audience in the room."""

import asyncio
import contextlib
import signal

import uvloop

from commerce.indexes import ensure_indexes as ensure_commerce_indexes
from content.indexes import ensure_indexes as ensure_content_indexes
from infra.mongo import Unavailable, Unknown, connect
from infra.objects import ObjectStore, StoreUnavailable
from infra.secrets import signing_secret
from infra.settings import Settings
from infra.telemetry import get_logger
from infra.tokens import Tokens
from workers.demo.audience import Audience
from workers.demo.desk import set_desk
from workers.demo.shop import admit_audience, announce, keep_announcing, open_shop
from workers.demo.show import Studio, give_first_show, render_loops, stay_on_air
from workers.demo.stories import write_stories

log = get_logger("demo")


def main(settings: Settings, part: str) -> None:
    """`seed` sets up the shop and returns; `broadcast` and `audience` do one half; `all` everything."""
    uvloop.run(_until_told(settings, part))


async def _until_told(settings: Settings, part: str) -> None:
    work = asyncio.ensure_future(_work(settings, part))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work


async def _work(settings: Settings, part: str) -> None:
    objects = ObjectStore(settings)
    db = await connect(settings)
    try:
        await ensure_content_indexes(db)
        await ensure_commerce_indexes(db)
        await objects.ensure_bucket()
        async with asyncio.TaskGroup() as group:
            if part in ("all", "broadcast"):
                group.create_task(render_loops(settings))
            shop = await open_shop(db, objects, settings)
            studio = Studio(db, objects, Tokens(signing_secret(settings)), settings, shop)
            audience = Audience(studio)
            if part in ("all", "broadcast"):
                group.create_task(stay_on_air(studio, audience.hear))
                group.create_task(give_first_show(studio))
            await announce(db, objects, shop)
            await admit_audience(db, settings, shop)
            await write_stories(db, objects, shop)
            await set_desk(db, shop.business, shop.editor)
            log.info("shop_open", business=shop.business.id)
            if part == "all":
                group.create_task(keep_announcing(db, objects, shop))
            if part == "audience":
                group.create_task(audience.look_for_show())
            if part in ("all", "audience"):
                group.create_task(audience.watch())
    except* (Unavailable, Unknown, StoreUnavailable) as away:
        log.error("server_away", reason=str(away.exceptions[0])[:200])
        raise SystemExit(1) from None
    finally:
        objects.close()
        db.close()
