"""Searching by extension fields: right answers, each from one range of an index."""

import itertools
from typing import Any

import pymongo
import pytest

from content.models.actions import extending, finding
from content.models.actions.finding import plan
from content.models.moving import found_by
from content.models.rules.compiled import compiled
from content.models.store import facets
from content.models.views import Search, Span
from content.programs.actions import erase_program
from infra.mongo import Database, to_doc
from infra.settings import Settings
from schemas.accounts import SYSTEM
from schemas.content import Program, ProgramState
from schemas.ids import new_id
from schemas.models import Layer, ModelVersion
from schemas.problems import CommonRefusal, Refused
from tests.content.models.making import CHOICES, Schema, field, model
from tests.content.models.office import Office

FOUND = {"filterable": True}
SCHEMA = model(
    {
        "tier": field("choice", "tier", note=FOUND),
        "fresh": field("boolean", "fresh", note=FOUND),
        "colours": field("choices", "colours", note=FOUND),
        "price": field("number", "price", note=FOUND),
        "day": field("date", "day", note=FOUND),
        "about": field("text", "about", note={"searchable": True}),
    }
)


async def shelf(office: Office) -> tuple[ModelVersion, list[tuple[str, Schema]]]:
    """Rooms with all sorts of extension fields."""
    version = await office.publish(await office.model(), SCHEMA)
    exts: list[Schema] = [
        {"tier": "红", "fresh": True, "price": 5, "about": "手工铁壶"},
        {"tier": "红", "fresh": False, "price": 9.5, "colours": ["红", "green"]},
        {"tier": "green", "fresh": True, "price": 7, "day": "2026-01-02", "about": "Iron kettle 铁"},
        {"tier": "green", "colours": ["green"], "day": "2026-01-01"},
        {},
    ]
    made = []
    for ext in exts:
        room = await office.room()
        await extending.write_extension(office.db, {}, office.manager, room.id, ext, rev=0)
        made.append((room.id, ext))
    return version, made


async def ids(office: Office, **wanted: Any) -> list[str]:
    """All that is found, page by page."""
    found: list[str] = []
    cursor = ""
    while True:
        asked = Search(business=office.business.id, layer=Layer.ROOM, cursor=cursor, limit=2, **wanted)
        hits = await finding.search(office.db, office.manager, asked)
        found += [hit.document for hit in hits.items]
        if hits.next_cursor is None:
            return found
        cursor = hits.next_cursor


async def test_lists_are_filtered_sorted_and_paged(office: Office) -> None:
    _, made = await shelf(office)
    a, b, c, d, e = (room for room, _ in made)
    assert await ids(office) == [e, d, c, b, a]
    assert await ids(office, equal={"tier": ["红"]}) == [b, a]
    assert await ids(office, equal={"tier": ["红", "green"], "fresh": [True]}) == [c, a]
    assert await ids(office, equal={"colours": ["green"]}) == [d, b]
    assert await ids(office, equal={"colours": ["红", "green"]}) == [d, b]
    assert await ids(office, sort="price") == [a, c, b]
    assert await ids(office, sort="-price") == [b, c, a]
    assert await ids(office, sort="day") == [d, c]
    assert await ids(office, within={"price": Span(at_least=6, at_most=9.5)}, sort="-price") == [b, c]
    assert await ids(office, within={"price": Span(at_least=6)}, equal={"fresh": [True]}) == [c]
    assert await ids(office, words="铁壶") == [a]
    assert await ids(office, words="iron KETTLE") == [c]
    assert await ids(office, words="kettle 铁壶") == []


async def test_a_hit_shows_the_document(office: Office) -> None:
    version, made = await shelf(office)
    wanted = Search(business=office.business.id, layer=Layer.ROOM, limit=1)
    hits = await finding.search(office.db, office.manager, wanted)
    [hit] = hits.items
    assert (hit.document, hit.title, hit.model, hit.ext) == (made[-1][0], "茶室", version.id, {})
    assert not hits.behind


@pytest.mark.parametrize(
    ("wanted", "pointer"),
    [
        ({"equal": {"price": [1]}}, "/equal/price"),
        ({"equal": {"nobody": [1]}}, "/equal/nobody"),
        ({"within": {"tier": Span()}}, "/within/tier"),
        ({"within": {"price": Span()}, "sort": "day"}, "/within/price"),
        ({"sort": "about"}, "/sort"),
        ({"words": "!"}, "/words"),
        ({"cursor": "%%%"}, "/cursor"),
        ({"cursor": "eyJhIjoxfQ"}, "/cursor"),
        ({"equal": {"tier": list("abcdefghij"), "colours": list("abcdefghij")}}, "/equal"),
    ],
)
async def test_what_can_not_be_asked_is_told_by_its_place(office: Office, wanted: Any, pointer: str) -> None:
    await office.publish(await office.model(), SCHEMA)
    with pytest.raises(Refused) as caught:
        await finding.search(
            office.db, office.manager, Search(business=office.business.id, layer=Layer.ROOM, **wanted)
        )
    assert caught.value.code is CommonRefusal.INVALID
    assert [error.pointer for error in caught.value.data["errors"]] == [pointer]


async def test_a_new_filter_says_that_older_documents_are_behind(office: Office) -> None:
    room_model = await office.model()
    await office.publish(room_model, model({"tier": field("choice", "tier")}))
    room = await office.room()
    await extending.write_extension(office.db, {}, office.manager, room.id, {"tier": "红"}, rev=0)
    await office.publish(room_model, model({"tier": field("choice", "tier", note=FOUND)}))
    wanted = Search(business=office.business.id, layer=Layer.ROOM, equal={"tier": ["红"]})
    hits = await finding.search(office.db, office.manager, wanted)
    assert (hits.items, hits.behind) == ([], True)
    await extending.write_extension(office.db, {}, office.manager, room.id, {"tier": "红"}, rev=0)
    hits = await finding.search(office.db, office.manager, wanted)
    assert ([hit.document for hit in hits.items], hits.behind) == ([room.id], False)


async def crowd(db: Database, business: str, version: ModelVersion, count: int) -> None:
    """What many documents are found by, spread evenly."""
    kinds = itertools.cycle(itertools.product(CHOICES, (True, False), range(50)))
    made = []
    for (tier, fresh, price), _ in zip(kinds, range(count), strict=False):
        ext = {"tier": tier, "fresh": fresh, "price": price, "about": f"word{price}"}
        made.append(to_doc(found_by(version, new_id("rm"), ext)))
    await db.collection("facets").insert_many(made)


EXPLAINED: list[tuple[dict[str, Any], str]] = [
    ({}, "newest"),
    ({"equal": {"tier": ["红"]}}, "newest"),
    ({"equal": {"tier": ["红"], "fresh": [True]}}, "newest"),
    ({"equal": {"tier": ["红", "green"], "fresh": [True]}}, "newest"),
    ({"sort": "price"}, "by_n1"),
    ({"equal": {"tier": ["红"], "fresh": [True]}, "sort": "-price"}, "by_n1"),
    ({"within": {"price": Span(at_least=10, at_most=11)}}, "by_n1"),
    (
        {"equal": {"tier": ["红"]}, "within": {"price": Span(at_least=10, at_most=40)}, "sort": "-price"},
        "by_n1",
    ),
]


async def test_every_filter_reads_one_range_of_an_index(office: Office, settings: Settings) -> None:
    version = await office.publish(await office.model(), SCHEMA)
    await crowd(office.db, office.business.id, version, 3_000)
    with pymongo.MongoClient[dict[str, Any]](settings.mongodb_uri) as client:
        collection = client[settings.mongodb_database][facets.name]
        for wanted, index in EXPLAINED:
            asked = Search(business=office.business.id, layer=Layer.ROOM, **wanted)
            made = plan(compiled(version.text), asked)
            sort = [(made.by, made.order), ("_id", made.order)] if made.by else [("_id", made.order)]
            explained = collection.find(made.where).sort(sort).limit(21).explain()
            stages = stage_names(explained["queryPlanner"]["winningPlan"])
            stats = explained["executionStats"]
            assert "COLLSCAN" not in stages, wanted
            assert "SORT" not in stages, wanted
            assert index_names(explained["queryPlanner"]["winningPlan"]) == {index}, wanted
            assert stats["nReturned"] == 21, wanted
            assert stats["totalKeysExamined"] <= 45, (wanted, stats["totalKeysExamined"])


async def test_words_are_looked_up_in_an_index(office: Office, settings: Settings) -> None:
    version = await office.publish(await office.model(), SCHEMA)
    await crowd(office.db, office.business.id, version, 3_000)
    asked = Search(business=office.business.id, layer=Layer.ROOM, words="word7")
    with pymongo.MongoClient[dict[str, Any]](settings.mongodb_uri) as client:
        collection = client[settings.mongodb_database][facets.name]
        where = plan(compiled(version.text), asked).where
        explained = collection.find(where).sort([("_id", -1)]).limit(21).explain()
    assert index_names(explained["queryPlanner"]["winningPlan"]) == {"words"}
    assert explained["executionStats"]["totalKeysExamined"] <= 45


def nodes(at: Any) -> list[dict[str, Any]]:
    if isinstance(at, dict):
        own = [at] if "stage" in at else []
        return own + [one for value in at.values() for one in nodes(value)]
    return [one for value in at for one in nodes(value)] if isinstance(at, list) else []


def stage_names(at: Any) -> set[str]:
    return {one["stage"] for one in nodes(at)}


def index_names(at: Any) -> set[str]:
    return {one["indexName"] for one in nodes(at) if "indexName" in one}


async def test_an_erased_show_is_found_no_more(office: Office) -> None:
    version = await office.publish(await office.model(Layer.PROGRAM), SCHEMA)
    room = await office.room()
    show = Program(
        id=new_id("prg"),
        business=office.business.id,
        room=room.id,
        anchor=office.anchor.id,
        title="演示",
        state=ProgramState.ENDED,
        demo=True,
        ext={"tier": "红"},
        model=version.id,
    )
    await office.db.collection("programs").insert_one(to_doc(show))
    await office.db.collection("facets").insert_one(to_doc(found_by(version, show.id, show.ext)))
    wanted = Search(business=office.business.id, layer=Layer.PROGRAM, equal={"tier": ["红"]})
    hits = await finding.search(office.db, office.manager, wanted)
    assert [hit.document for hit in hits.items] == [show.id]
    await erase_program(office.db, SYSTEM, show.id)
    assert await office.db.collection("facets").count({}) == 0
    assert (await finding.search(office.db, office.manager, wanted)).items == []
