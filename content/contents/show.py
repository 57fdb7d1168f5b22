"""Contents with what belongs to them, read in batches."""

import asyncio
from collections.abc import Sequence

from content.accounts.store import accounts
from content.contents.views import Byline, ContentView, StoryCard, byline, show_content, show_story
from content.creators.store import creators
from content.models.showing import for_strangers
from content.programs.store import programs
from infra.mongo import Database
from infra.retention import Retention
from schemas.accounts import Actor
from schemas.content import Content


async def show_contents(db: Database, actor: Actor, found: Sequence[Content]) -> list[ContentView]:
    """Show contents, without their personal data to strangers."""
    found = await for_strangers(db, actor, found)
    names = [one.program for one in found if one.program]
    of, kept, by = await asyncio.gather(
        programs.several(db, names), Retention(db).until(names), bylines(db, found)
    )
    return [
        show_content(
            one,
            of[one.program].shelf if one.program in of else [],
            kept.get(one.program),
            by.get(one.id),
        )
        for one in found
    ]


async def show_stories(db: Database, found: Sequence[Content]) -> list[StoryCard]:
    """Show articles and picture sets in a list."""
    by = await bylines(db, found)
    return [show_story(one, by.get(one.id)) for one in found]


async def bylines(db: Database, found: Sequence[Content]) -> dict[str, Byline]:
    """Tell who wrote contents, by content; those of a business itself are left out."""
    authors = {one.author for one in found if one.author}
    if not authors:
        return {}
    named, people = await asyncio.gather(
        creators.several(db, [one for one in authors if one.startswith("crt_")]),
        accounts.several(db, [one for one in authors if one.startswith("acc_")]),
    )
    told = {one.id: byline(one, named, people) for one in found}
    return {name: by for name, by in told.items() if by is not None}
