"""All rows tried before an import, and who may still import while it goes on."""

from typing import Any

import pytest

from content.bulk import actions, importing
from content.bulk.store import errors_of, imports
from content.keys.actions import create_key, revoke_key, who_uses
from content.keys.views import NewKey
from schemas.accounts import Actor, Role
from schemas.bulk import ImportState, NounName
from tests.content.bulk.conftest import Desk
from tests.content.bulk.test_importing import articles
from workers.nouns import nouns_of

N = NounName
S = ImportState


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    monkeypatch.setattr(importing, "TOLD_EVERY_S", 0)
    monkeypatch.setattr("content.bulk.rules.PREVIEWED", 10)


async def test_all_rows_are_tried_and_none_is_written(desk: Desk) -> None:
    await desk.take(N.CONTENTS, articles(2))
    table = articles(30).replace("文章 1,", "别的,").replace("k25,article", "k25,clip")
    brought = await desk.bring(N.CONTENTS, table)
    counts = {name: await desk.db.collection(name).count({}) for name in ("contents", "audit", "outbox")}

    first = await actions.preview(desk.db, desk.objects, {}, nouns_of, desk.manager, brought.id)
    assert (first.rows, first.failed) == (10, 0)
    await actions.check(desk.db, desk.manager, brought.id)
    checked = await desk.work(brought.id)

    assert (checked.state, checked.cursor) == (S.READY, 30)
    assert (checked.created, checked.updated, checked.unchanged, checked.failed) == (27, 1, 1, 1)
    assert {name: await desk.db.collection(name).count({}) for name in counts} == counts
    whole = await actions.preview(desk.db, desk.objects, {}, nouns_of, desk.manager, brought.id)
    assert (whole.rows, whole.created, whole.failed) == (30, 27, 1)
    assert whole.first[-1].row == 26
    _, errors = await actions.error_file(desk.db, desk.manager, brought.id)
    assert errors.decode().splitlines()[1].startswith("k25,clip,文章 25")

    await actions.run(desk.db, desk.manager, brought.id)
    done = await desk.work(brought.id)
    assert (done.state, done.created, done.failed, done.cursor) == (S.DONE, 27, 1, 30)
    assert [one.row for one in await errors_of(desk.db, done, 0, 9)] == [26]
    assert await desk.db.collection("import_errors").count({}) == 1


async def test_rows_that_collide_with_each_other_are_told_before(desk: Desk) -> None:
    """An account is one creator of a business: that only the index can tell."""
    await desk.db.collection("creators").ensure_index(
        [("account", 1), ("business", 1)], name="account", unique=True, partial={"account": {"$gt": ""}}
    )
    rows = [f"创作者 {number},{desk.anchor.id if number in (1, 8) else ''}" for number in range(9)]
    brought = await desk.bring(N.CREATORS, "\n".join(["name,account", *rows]))

    told = await actions.preview(desk.db, desk.objects, {}, nouns_of, desk.manager, brought.id)

    assert (told.created, told.failed) == (8, 1)
    assert [one.row for one in told.first if one.code] == [9]


async def test_a_killed_check_goes_on_and_another_mapping_ends_it(desk: Desk) -> None:
    brought = await desk.bring(N.CONTENTS, articles(35))
    await actions.check(desk.db, desk.manager, brought.id)

    class Killed(Exception):
        pass

    async def die(part: float) -> None:
        if part > 0.5:
            raise Killed

    with pytest.raises(Killed):
        await desk.work(brought.id, die)
    half = await imports.get(desk.db, brought.id)
    assert (half.state, half.cursor, half.created) == (S.CHECKING, 20, 20)
    assert (await desk.work(brought.id)).created == 35

    await actions.check(desk.db, desk.manager, brought.id)

    async def map_otherwise(_part: float) -> None:
        one = await imports.get(desk.db, brought.id)
        mapping = {**one.mapping, "body": ""}
        await actions.set_mapping(desk.db, nouns_of, desk.manager, one.id, mapping, rev=one.rev)

    mapped = await desk.work(brought.id, map_otherwise)
    assert (mapped.state, mapped.cursor, mapped.created) == (S.READY, 0, 0)


async def test_a_revoked_key_ends_its_import_at_the_next_rows(desk: Desk) -> None:
    scopes = {desk.business.id: ["bulk.import", "bulk.read", "contents.create"]}
    made = await create_key(desk.db, desk.manager, NewKey(name="k", scopes=scopes))
    actor = await who_uses(desk.db, made.secret)
    brought = await desk.bring(N.CONTENTS, articles(35), actor)
    await actions.run(desk.db, actor, brought.id)

    async def revoke(_part: float) -> None:
        await revoke_key(desk.db, desk.manager, made.key.id)

    ended = await desk.work(brought.id, revoke)

    assert (ended.state, ended.reason, ended.cursor) == (S.FAILED, "not_signed_in", 10)
    assert len(await desk.all("contents")) == 10


@pytest.mark.parametrize("roles", [[], [Role.ANCHOR], [Role.EDITOR]])
async def test_rights_that_are_taken_end_the_import_at_the_next_rows(desk: Desk, roles: list[Role]) -> None:
    brought = await desk.bring(N.CREATORS, "\n".join(["name", *(f"创作者 {n}" for n in range(35))]))
    await actions.run(desk.db, desk.manager, brought.id)

    async def take_away(_part: float) -> None:
        change = {"$set": {f"roles.{desk.business.id}": roles}}
        await desk.db.collection("accounts").update_one({"_id": desk.manager.id}, change)

    ended = await desk.work(brought.id, take_away)

    assert (ended.state, ended.reason, ended.created, ended.failed) == (S.FAILED, "may_no_longer", 10, 0)


async def test_who_maintains_a_key_lends_it_no_more_than_she_has(desk: Desk) -> None:
    scopes = {desk.business.id: ["bulk.import", "creators.admit"]}
    made = await create_key(desk.db, desk.manager, NewKey(name="k", scopes=scopes))
    actor: Actor = await who_uses(desk.db, made.secret)
    brought = await desk.bring(N.CREATORS, "\n".join(["name", *(f"创作者 {n}" for n in range(35))]), actor)
    await actions.run(desk.db, actor, brought.id)

    async def narrow(_part: Any) -> None:
        change = {"$set": {f"roles.{desk.business.id}": [Role.EDITOR]}}
        await desk.db.collection("accounts").update_one({"_id": desk.manager.id}, change)

    ended = await desk.work(brought.id, narrow)

    assert (ended.reason, ended.created, ended.failed) == ("may_no_longer", 10, 0)
