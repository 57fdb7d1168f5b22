"""60 and 600 drafts that are due at one moment: how late the last of them is published; and 60 on busy cores.

Articles with a text and an author of the house were drafted and planned through the actions of the API. The
clock runs from their time until a reader at majority finds all of them as drafted. Real jobs process, real
mongod (w: majority, j: true). Busy: for each core, a process that does nothing but count.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
from collections.abc import Coroutine, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from benchmarks.bulk_import import running
from benchmarks.harness import Goal, Report
from benchmarks.order import child, spent
from benchmarks.references import journaled_insert
from content.businesses.actions import create_business
from content.businesses.views import NewBusiness
from content.contents.actions import create_content
from content.contents.views import NewContent
from content.creators.actions import admit_creator
from content.creators.views import NewCreator
from content.publishing.actions import drafting, publishing
from content.publishing.ports import References
from content.publishing.views import DraftEdit
from infra.clock import now_ms
from infra.mongo import Database
from schemas.accounts import SYSTEM, Actor, Role
from schemas.content import Content
from tests.conftest import fresh_settings
from tests.web.shop import person
from workers.references import references
from workers.web.services import Services

T = TypeVar("T")
GOAL_MS, BUSY_GOAL_MS = Goal("<=", 1_000), Goal("<=", 2_000)
FEW, MANY = 60, 600
ROUNDS, ROUNDS_OF_MANY = 3, 3
AT_ONCE = 8
PLANNED_MS = 40
"""Longest that planning one takes: they are due when all are planned."""
LOOK_S = 0.02
PATIENCE_S = 60.0
BUSY = [sys.executable, "-c", "while True: pass"]


async def measure(report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="kaibo-bench-", ignore_cleanup_errors=True) as folder:
        settings = msgspec.structs.replace(fresh_settings(Path(folder)), log_level="warning")
        async with running(settings) as (services, processes):
            desk = await open_desk(services)
            reference = await journaled_insert(services.db)
            for name, goal, count, rounds in (
                ("due-60", GOAL_MS, FEW, ROUNDS),
                ("due-60-busy", BUSY_GOAL_MS, FEW, ROUNDS),
                ("due-600", BUSY_GOAL_MS, MANY, ROUNDS_OF_MANY),
            ):
                before = spent(processes)
                late = [await desk.round(count, busy=name.endswith("busy")) for _ in range(rounds)]
                after = spent(processes)
                each = {who: (after[who] - before[who]) * 1000 / (count * rounds) for who in after}
                report.note(f"{name}: last one after {', '.join(map(str, sorted(late)))} ms")
                report.note(f"CPU ms a draft, planning with it: {each}; load {os.getloadavg()[0]:.1f}")
                report.absolute(name, statistics.median(late), "ms", goal, reference)


class Desk:
    """Articles whose drafts are planned for one moment, time after time."""

    def __init__(self, db: Database, asked: References, editor: Actor, articles: list[Content]) -> None:
        self._db, self._asked, self._editor, self._articles = db, asked, editor, articles
        self._rounds = 0

    async def round(self, count: int, *, busy: bool) -> int:
        """Plan so many drafts; gives how long after their time the last was published, ms."""
        self._rounds += 1
        title = f"round {self._rounds}"
        wanted = self._articles[:count]
        revs = await several(self._draft(one, title) for one in wanted)
        at = now_ms() + PLANNED_MS * count
        await several(self._plan(one, at, rev) for one, rev in zip(wanted, revs, strict=True))
        assert now_ms() < at, "planned too slowly"
        with ExitStack() as stack:
            for _ in range((os.cpu_count() or 1) if busy else 0):
                stack.enter_context(child(BUSY, os.environ))
            return await self._published(title, count) - at

    async def _draft(self, article: Content, title: str) -> int:
        seen = await drafting.read_draft(self._db, self._editor, article.id)
        edit = DraftEdit(face={**seen.face, "title": title})
        return (await drafting.save_draft(self._db, self._editor, article.id, edit, rev=seen.rev)).rev

    async def _plan(self, article: Content, at: int, rev: int) -> None:
        await publishing.schedule_draft(self._db, self._asked, self._editor, article.id, at, rev=rev)

    async def _published(self, title: str, count: int) -> int:
        async with asyncio.timeout(PATIENCE_S):
            while await self._db.collection("contents").count({"title": title}) < count:
                await asyncio.sleep(LOOK_S)
        return now_ms()


async def open_desk(services: Services) -> Desk:
    """Open a business with an editor, an author and articles."""
    db = services.db
    business = await create_business(db, SYSTEM, NewBusiness(name="茶器", slug="tea"))
    editor = (await person(services, "editor", {business.id: [Role.BUSINESS_OPERATOR]})).actor
    author = await admit_creator(db, editor, NewCreator(business=business.id, name="陆羽"))
    new = NewContent(
        business=business.id, kind="article", title="新茶", author=author.id, body="<p>上市</p>" * 50
    )
    articles = await several(create_content(db, editor, new) for _ in range(MANY))
    return Desk(db, references(db), editor, articles)


async def several(works: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Do many things, some of them at once."""
    bound = asyncio.Semaphore(AT_ONCE)

    async def one(work: Coroutine[Any, Any, T]) -> T:
        async with bound:
            return await work

    return await asyncio.gather(*map(one, works))
