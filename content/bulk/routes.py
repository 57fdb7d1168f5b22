"""HTTP of bulk."""

from typing import Annotated
from urllib.parse import quote

import msgspec

from content.bulk import actions
from content.bulk.importing import Nouns
from content.bulk.rules import MAX_BYTES, BulkRefusal
from content.bulk.rules.labels import Column
from content.bulk.views import (
    BusinessId,
    ExportView,
    ImportView,
    Mapping,
    NewExport,
    Preview,
    show_export,
    show_import,
)
from content.models.ports import Kinds
from infra.http import Call, Media, Page, PageQuery, Redirect, Routes, Upload
from schemas.base import Value
from schemas.bulk import ExportState, NounName
from schemas.problems import CommonRefusal, Refused

ADDRESS_S = 300
FILE = (BulkRefusal.NOT_TEXT, BulkRefusal.NOT_A_TABLE, BulkRefusal.BOMB, BulkRefusal.TOO_MANY_ROWS)


class UploadQuery(Value, frozen=True, kw_only=True):
    """Whose file it is, and of what."""

    business: BusinessId
    noun: NounName
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=120, description="Of the file")]


class NounQuery(Value, frozen=True, kw_only=True):
    """Of what the columns are wanted."""

    business: BusinessId
    noun: NounName


class BulkQuery(PageQuery, frozen=True, kw_only=True):
    """Whose imports or exports are wanted."""

    business: BusinessId


def bulk_routes(kinds: Kinds, nouns: Nouns) -> Routes:
    """Make the routes; `kinds` answers for what values name, `nouns` for what there is."""
    routes = Routes("bulk")
    _bringing(routes, kinds, nouns)
    _moving(routes)
    _exporting(routes, nouns)
    return routes


def _bringing(routes: Routes, kinds: Kinds, nouns: Nouns) -> None:
    @routes.get("/v1/imports/columns", refusals=(BulkRefusal.NOT_IMPORTED,))
    async def list_columns(call: Call[NounQuery, None]) -> list[Column]:
        """List the columns that a file of a noun may have."""
        return await actions.columns(call.db, nouns, call.actor, call.query.business, call.query.noun)

    @routes.post(
        "/v1/imports",
        status=201,
        creates=True,
        body_limit=MAX_BYTES,
        refusals=(*FILE, BulkRefusal.NOT_IMPORTED),
    )
    async def upload_import(call: Call[UploadQuery, Upload]) -> ImportView:
        """Bring a file to be imported.

        The body is the file itself: CSV (comma, semicolon or tab) or JSON lines; UTF-8, UTF-16 with its
        mark, or GB 18030; gzipped or not. Its columns are matched with the fields by name; nothing is
        imported before `run`.
        """
        query = call.query
        made = await actions.upload(
            call.db, call.objects, nouns, call.actor, query.business, query.noun, query.name, call.body.body
        )
        return show_import(made)

    @routes.get("/v1/imports")
    async def list_imports(call: Call[BulkQuery, None]) -> Page[ImportView]:
        """List the imports of a business, newest first."""
        query = call.query
        page = await actions.list_imports(
            call.db, call.actor, query.business, cursor=query.cursor, limit=query.limit
        )
        return Page(items=[show_import(one) for one in page.items], next_cursor=page.next_cursor)

    @routes.get("/v1/imports/{import}")
    async def read_import(call: Call[None, None]) -> ImportView:
        """Read how far an import is."""
        return show_import(await actions.read_import(call.db, call.actor, call.path["import"]))

    @routes.put("/v1/imports/{import}/mapping", refusals=(CommonRefusal.WRONG_STATE,))
    async def map_import(call: Call[None, Mapping]) -> ImportView:
        """Say which column leads to which field."""
        identifier, mapping = call.path["import"], call.body.mapping
        return show_import(
            await actions.set_mapping(call.db, nouns, call.actor, identifier, mapping, rev=call.rev)
        )

    @routes.get("/v1/imports/{import}/preview", refusals=(*FILE, BulkRefusal.FILE_GONE))
    async def preview_import(call: Call[None, None]) -> Preview:
        """Tell what the first rows would become, and all rows once they are checked.

        They are carried out by the same rules as the import itself, and taken back.
        """
        return await actions.preview(call.db, call.objects, kinds, nouns, call.actor, call.path["import"])

    @routes.get("/v1/imports/{import}/errors")
    async def download_errors(call: Call[None, None]) -> Media:
        """Download the rows that could not be taken, as they came, with why: mended, they can be imported.

        Once all rows are checked, those that could not be taken: nothing need be imported before.
        """
        name, body = await actions.error_file(call.db, call.actor, call.path["import"])
        called = quote(f"{name.rsplit('.', 1)[0]}-errors.csv")
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{called}"}
        return Media(body=body, content_type="text/csv; charset=utf-8", headers=headers)


def _moving(routes: Routes) -> None:
    wrong = (CommonRefusal.WRONG_STATE, BulkRefusal.NOTHING_MAPPED, BulkRefusal.FILE_GONE)

    @routes.post("/v1/imports/{import}/check", refusals=wrong)
    async def check_import(call: Call[None, None]) -> ImportView:
        """Try all rows, aside, and take them back.

        Its counts, and the errors of its rows, are told before anything is written.
        """
        return show_import(await actions.check(call.db, call.actor, call.path["import"]))

    @routes.post("/v1/imports/{import}/run", refusals=wrong)
    async def run_import(call: Call[None, None]) -> ImportView:
        """Start an import, aside."""
        return show_import(await actions.run(call.db, call.actor, call.path["import"]))

    @routes.post("/v1/imports/{import}/stop", refusals=wrong)
    async def stop_import(call: Call[None, None]) -> ImportView:
        """Stop an import, or a check, after the rows in hand; what is imported stays."""
        return show_import(await actions.stop(call.db, call.actor, call.path["import"]))

    @routes.post("/v1/imports/{import}/resume", refusals=wrong)
    async def resume_import(call: Call[None, None]) -> ImportView:
        """Go on with a stopped import where it was."""
        return show_import(await actions.resume(call.db, call.actor, call.path["import"]))


def _exporting(routes: Routes, nouns: Nouns) -> None:
    @routes.post("/v1/exports", creates=True, refusals=(BulkRefusal.NOT_IMPORTED,))
    async def begin_export(call: Call[None, NewExport]) -> ExportView:
        """Export documents, aside: all of a noun, those of a list, or chosen ones."""
        return show_export(await actions.begin_export(call.db, nouns, call.actor, call.body))

    @routes.get("/v1/exports")
    async def list_exports(call: Call[BulkQuery, None]) -> Page[ExportView]:
        """List the exports of a business, newest first."""
        query = call.query
        page = await actions.list_exports(
            call.db, call.actor, query.business, cursor=query.cursor, limit=query.limit
        )
        return Page(items=[show_export(one) for one in page.items], next_cursor=page.next_cursor)

    @routes.get("/v1/exports/{export}")
    async def read_export(call: Call[None, None]) -> ExportView:
        """Read how far an export is."""
        return show_export(await actions.read_export(call.db, nouns, call.actor, call.path["export"]))

    @routes.post("/v1/exports/{export}/stop", refusals=(CommonRefusal.WRONG_STATE,))
    async def stop_export(call: Call[None, None]) -> ExportView:
        """Stop an export after the rows in hand; what is written is kept for some days."""
        return show_export(await actions.stop_export(call.db, nouns, call.actor, call.path["export"]))

    @routes.post("/v1/exports/{export}/resume", refusals=(CommonRefusal.WRONG_STATE,))
    async def resume_export(call: Call[None, None]) -> ExportView:
        """Go on with an export that was stopped, where it was."""
        return show_export(await actions.resume_export(call.db, nouns, call.actor, call.path["export"]))

    @routes.get("/v1/exports/{export}/file", refusals=(CommonRefusal.WRONG_STATE,))
    async def download_export(call: Call[None, None]) -> Redirect:
        """Download an export: sends the client to a signed address that serves for five minutes."""
        export = await actions.read_export(call.db, nouns, call.actor, call.path["export"])
        if export.state is not ExportState.DONE:
            raise Refused(CommonRefusal.WRONG_STATE, expected=ExportState.DONE, got=export.state)
        return Redirect(url=call.at.stored(call.objects.presign(export.file, ADDRESS_S)))
