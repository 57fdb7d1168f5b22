"""Drafts tried on more documents than one may wait for."""

from typing import Any

import pytest

from content.models import dry_run, trying
from content.models.actions import drafting, publishing, rehearsing
from content.models.rules import ModelRefusal
from content.models.store import dry_runs
from content.models.views import Publication
from schemas.models import ContentModel, DryRunState, Effect
from schemas.problems import Refused
from tests.content.models.making import field, model
from tests.content.models.office import Office
from tests.content.models.test_publishing import write

ROOMS = 7
WIDE = model({"size": field("integer", "size")})
NARROW = model({"size": field("integer", "size", maximum=4)})


async def nothing(_part: float) -> None:
    pass


@pytest.fixture
async def crowded(office: Office, monkeypatch: pytest.MonkeyPatch) -> ContentModel:
    """More rooms than a rehearsal looks at, and a draft that two of them don't fit."""
    monkeypatch.setattr(trying, "BATCH", 2)
    monkeypatch.setattr(publishing, "LOOKED_AT", 4)
    made = await office.model()
    await office.publish(made, WIDE)
    for size in range(ROOMS):
        await write(office, (await office.room(title=f"茶室{size}")).id, {"size": size})
    current = await drafting.read_model(office.db, office.manager, made.id)
    return await drafting.save_draft(office.db, office.manager, made.id, NARROW, rev=current.rev)


async def publish(office: Office, made: ContentModel) -> Any:
    return await publishing.publish_model(office.db, office.manager, made.id, Publication(rev=made.rev))


async def test_a_rehearsal_says_that_it_did_not_see_all(office: Office, crowded: ContentModel) -> None:
    seen = await publishing.rehearse(office.db, office.manager, crowded.id)
    assert (seen.complete, seen.documents, seen.failing, seen.effect) == (False, 4, 0, Effect.COMPATIBLE)
    with pytest.raises(Refused) as caught:
        await publish(office, crowded)
    assert caught.value.code is ModelRefusal.DRY_RUN_NEEDED


async def test_a_dry_run_sees_all_and_says_which_field_is_to_blame(
    office: Office, crowded: ContentModel
) -> None:
    begun = await rehearsing.start_dry_run(office.db, office.manager, crowded.id)
    again = await rehearsing.start_dry_run(office.db, office.manager, crowded.id)
    assert (begun.id, begun.total) == (again.id, ROOMS)
    done = await dry_run.run(office.db, begun.id, nothing)
    assert done == {"state": DryRunState.DONE, "documents": ROOMS, "failing": 2}

    seen = await publishing.rehearse(office.db, office.manager, crowded.id)
    assert (seen.complete, seen.documents, seen.failing, seen.effect) == (True, ROOMS, 2, Effect.BREAKS)
    assert (seen.holding, seen.failing_at) == ({"size": ROOMS}, {"size": 2})
    assert [one.errors[0].pointer for one in seen.left_behind] == ["/size", "/size"]
    with pytest.raises(Refused) as caught:
        await publish(office, crowded)
    assert caught.value.code is ModelRefusal.MODEL_BREAKS


async def test_killed_half_way_it_goes_on_and_counts_each_document_once(
    office: Office, crowded: ContentModel
) -> None:
    begun = await rehearsing.start_dry_run(office.db, office.manager, crowded.id)

    async def dies(part: float) -> None:
        if part > 0.5:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await dry_run.run(office.db, begun.id, dies)
    half = await dry_runs.get(office.db, begun.id)
    assert (half.state, half.counts.documents) == (DryRunState.RUNNING, 4)
    done = await dry_run.run(office.db, begun.id, nothing)
    assert (done["documents"], done["failing"]) == (ROOMS, 2)


async def test_another_draft_is_not_vouched_for(office: Office, crowded: ContentModel) -> None:
    begun = await rehearsing.start_dry_run(office.db, office.manager, crowded.id)
    await dry_run.run(office.db, begun.id, nothing)
    other = model({"size": field("integer", "size", maximum=3)})
    changed = await drafting.save_draft(office.db, office.manager, crowded.id, other, rev=crowded.rev)
    seen = await publishing.rehearse(office.db, office.manager, changed.id)
    assert (seen.complete, seen.dry_run) == (False, "")
    fresh = await rehearsing.start_dry_run(office.db, office.manager, changed.id)
    assert fresh.id != begun.id
    assert await dry_run.run(office.db, begun.id, nothing) == {"state": "forgotten"}
