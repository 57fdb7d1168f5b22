"""HTTP of models, of extension fields and of searching by them."""

from typing import Any

from content.models.actions import drafting, extending, finding, migrating, publishing, rehearsing
from content.models.ports import Kinds
from content.models.rules import ModelRefusal as No
from content.models.views import (
    Checked,
    DryRunView,
    ExtensionEdit,
    ExtensionView,
    Hits,
    ModelView,
    NewDraft,
    NewModel,
    Publication,
    Rehearsal,
    Search,
    VersionView,
    show_dry_run,
    show_model,
    show_version,
)
from infra.http import Call, Page, PageQuery, Reply, Routes
from schemas.models import Layer, Migration, ModelHead
from schemas.problems import CommonRefusal, Refused

SCHEMA_LIMIT = 256 * 1024


class ModelsQuery(PageQuery, frozen=True, kw_only=True):
    """Which models are wanted."""

    business: str = ""
    layer: Layer | None = None


def model_routes(kinds: Kinds) -> Routes:
    """Make the routes; `kinds` answers for what values name."""
    routes = Routes("models")
    _drafts(routes)
    _versions(routes)
    _migrations(routes)
    _documents(routes, kinds)
    return routes


def _drafts(routes: Routes) -> None:
    @routes.get("/v1/models")
    async def list_models(call: Call[ModelsQuery, None]) -> Page[ModelHead]:
        """List the content models of my businesses, without their drafts."""
        query = call.query
        return await drafting.list_models(
            call.db,
            call.actor,
            business=query.business,
            layer=query.layer,
            cursor=query.cursor,
            limit=query.limit,
        )

    @routes.post("/v1/models", creates=True, refusals=(No.MODEL_EXISTS,))
    async def create_model(call: Call[None, NewModel]) -> ModelView:
        """Begin the model of a layer."""
        return show_model(await drafting.create_model(call.db, call.actor, call.body))

    @routes.get("/v1/models/{model}")
    async def read_model(call: Call[None, None]) -> ModelView:
        """Read a model with its draft."""
        return show_model(await drafting.read_model(call.db, call.actor, call.path["model"]))

    @routes.put("/v1/models/{model}/draft", body_limit=SCHEMA_LIMIT)
    async def save_draft(call: Call[None, NewDraft]) -> ModelView:
        """Replace the draft, or import one.

        It may be unfinished. References inside the document are written out, those that loop or lead
        outside are refused; fields without an id are given one.
        """
        identifier = call.path["model"]
        return show_model(
            await drafting.save_draft(call.db, call.actor, identifier, call.body.schema, rev=call.rev)
        )

    @routes.post("/v1/models/{model}/check", body_limit=SCHEMA_LIMIT, repeatable=True)
    async def check_draft(call: Call[None, NewDraft]) -> Checked:
        """Tell what is wrong with a draft and what it changes, before it is saved."""
        return await publishing.check_draft(call.db, call.actor, call.path["model"], call.body.schema)

    @routes.get("/v1/models/{model}/rehearsal")
    async def rehearse_model(call: Call[None, None]) -> Rehearsal:
        """Check the draft, and tell what publishing it would do to the documents that are there."""
        return await publishing.rehearse(call.db, call.actor, call.path["model"])

    @routes.post("/v1/models/{model}/dry-runs", creates=True, refusals=(No.MODEL_NOT_SOUND,))
    async def start_dry_run(call: Call[None, None]) -> DryRunView:
        """Try the draft on all documents, aside: of more than 20 000 a rehearsal sees a part only."""
        return show_dry_run(await rehearsing.start_dry_run(call.db, call.actor, call.path["model"]))

    @routes.get("/v1/dry-runs/{run}")
    async def read_dry_run(call: Call[None, None]) -> DryRunView:
        """Read how far a dry run is."""
        return show_dry_run(await rehearsing.read_dry_run(call.db, call.actor, call.path["run"]))

    @routes.post(
        "/v1/models/{model}/publish",
        creates=True,
        refusals=(
            No.MODEL_NOT_SOUND,
            No.DRY_RUN_NEEDED,
            No.MODEL_UNCHANGED,
            No.MODEL_BREAKS,
            CommonRefusal.PRECONDITION_FAILED,
        ),
    )
    async def publish_model(call: Call[None, Publication]) -> VersionView:
        """Publish the draft as the next version."""
        identifier = call.path["model"]
        return show_version(await publishing.publish_model(call.db, call.actor, identifier, call.body))


def _versions(routes: Routes) -> None:
    @routes.get("/v1/models/{model}/versions")
    async def list_versions(call: Call[PageQuery, None]) -> Page[VersionView]:
        """List the versions of a model, newest first, each with what it changed."""
        page = await drafting.list_versions(
            call.db, call.actor, call.path["model"], cursor=call.query.cursor, limit=call.query.limit
        )
        return Page(items=[show_version(one) for one in page.items], next_cursor=page.next_cursor)

    @routes.get("/v1/models/{model}/versions/{number}")
    async def read_version(call: Call[None, None]) -> VersionView:
        """Read a version."""
        return show_version(
            await drafting.read_version(call.db, call.actor, call.path["model"], _number(call.path["number"]))
        )

    @routes.get("/v1/models/{model}/versions/{number}/schema")
    async def export_version(call: Call[None, None]) -> Reply[dict[str, Any]]:
        """Export a version: the JSON Schema document alone."""
        number = _number(call.path["number"])
        version = await drafting.read_version(call.db, call.actor, call.path["model"], number)
        name = f"{version.layer}-{number}.schema.json"
        return Reply(
            value=show_version(version).schema,
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )


def _migrations(routes: Routes) -> None:
    @routes.get("/v1/models/{model}/migrations")
    async def list_migrations(call: Call[PageQuery, None]) -> Page[Migration]:
        """List the migrations of a model, newest first."""
        return await migrating.list_migrations(
            call.db, call.actor, call.path["model"], cursor=call.query.cursor, limit=call.query.limit
        )

    @routes.post("/v1/models/{model}/migrations", creates=True, refusals=(No.MIGRATION_RUNNING, No.NO_MODEL))
    async def start_migration(call: Call[None, None]) -> Migration:
        """Move the model's documents to its newest version, aside; those that don't fit stay."""
        return await migrating.start(call.db, call.actor, call.path["model"])

    @routes.get("/v1/migrations/{migration}")
    async def read_migration(call: Call[None, None]) -> Migration:
        """Read how far a migration is."""
        return await migrating.read(call.db, call.actor, call.path["migration"])

    @routes.post("/v1/migrations/{migration}/stop", refusals=(CommonRefusal.WRONG_STATE,))
    async def stop_migration(call: Call[None, None]) -> Migration:
        """Stop a migration after the documents in hand."""
        return await migrating.stop(call.db, call.actor, call.path["migration"])

    @routes.post(
        "/v1/migrations/{migration}/resume", refusals=(CommonRefusal.WRONG_STATE, No.MIGRATION_RUNNING)
    )
    async def resume_migration(call: Call[None, None]) -> Migration:
        """Go on with a stopped migration where it was."""
        return await migrating.resume(call.db, call.actor, call.path["migration"])

    @routes.post(
        "/v1/migrations/{migration}/undo",
        refusals=(CommonRefusal.WRONG_STATE, No.NOTHING_TO_UNDO, No.MIGRATION_RUNNING),
    )
    async def undo_migration(call: Call[None, None]) -> Migration:
        """Give every document its old values back, but those edited since."""
        return await migrating.undo(call.db, call.actor, call.path["migration"])


def _documents(routes: Routes, kinds: Kinds) -> None:
    @routes.get("/v1/documents/{document}/extension")
    async def read_extension(call: Call[None, None]) -> ExtensionView:
        """Read the extension fields of a room, program or content, beside the newest version."""
        return await extending.read_extension(call.db, call.actor, call.path["document"])

    @routes.put("/v1/documents/{document}/extension", refusals=(No.NO_MODEL, No.VALUES_DO_NOT_FIT))
    async def write_extension(call: Call[None, ExtensionEdit]) -> ExtensionView:
        """Replace the extension fields, under the newest version."""
        return await extending.write_extension(
            call.db, kinds, call.actor, call.path["document"], call.body.ext, rev=call.rev
        )

    @routes.post("/v1/library/search", refusals=(No.NO_MODEL,), repeatable=True)
    async def search_library(call: Call[None, Search]) -> Hits:
        """Find rooms, programs or contents by their extension fields."""
        return await finding.search(call.db, call.actor, call.body)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Refused(CommonRefusal.NOT_FOUND)
    return int(text)
