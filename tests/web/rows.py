"""The actions over HTTP beside those that `REQUESTS` tries, each with the grant it needs.

A new action needs a row: in `ALSO`, or in `REQUESTS` when it has a grant of its own. In paths and bodies
`{name}` is the id of one of the `things`.
"""

from typing import Any

import msgspec

from content.bulk.actions import begin_export, upload
from content.bulk.views import NewExport
from content.files.actions import upload_file
from content.library.saving import save_view
from content.library.views import NewView
from content.models.actions.migrating import start
from content.models.actions.rehearsing import start_dry_run
from content.tags.actions import create_category, create_tag
from content.tags.views import NewCategory, NewTag
from schemas.accounts import SYSTEM
from schemas.bulk import NounName
from schemas.ids import new_id
from tests.content.models.making import model
from tests.web.pictures import png
from tests.web.scene import TIER, Call, Scene
from workers.nouns import nouns_of
from workers.web.services import Services

Things = dict[str, str]
PICTURE = {"content": png(), "headers": {"content-type": "image/png"}}

OWN = {
    "sign_out",
    "show_me",
    "hear_uplink",
    "list_businesses",
    "list_places",
    "apply_as_creator",
    "list_addresses",
    "add_address",
    "edit_address",
    "delete_address",
    "place_order",
    "list_my_orders",
    "pay_order",
    "read_wallet",
    "list_takers",
    "read_contribution_form",
    "list_contributions",
    "read_contribution",
    "contribute",
    "hand_in_again",
    "take_back_contribution",
    "contribute_picture",
}
"""What everybody who is signed in does for herself: no grant, and nothing of others in the answer."""
ANYWHERE = {"read_health": "/v1/health"}
"""Of no business: for the staff of any."""


class Row(msgspec.Struct, frozen=True):
    """One action: the grant it needs, and a request of it that nothing but that grant is missing for."""

    grant: str
    method: str
    path: str
    body: Any = None
    rev: int | None = None
    raw: dict[str, Any] | None = None
    also: tuple[str, ...] = ()
    """Grants that are needed beside it; whoever holds it holds them."""

    def call(self, things: Things) -> Call:
        """Fill in the ids."""
        path = self.path.format(**things)
        if self.raw is not None:
            return self.method, path, self.raw
        return self.method, path, {"json": filled(self.body, things), "rev": self.rev}


def filled(body: Any, things: Things) -> Any:
    if isinstance(body, dict):
        return {key: filled(value, things) for key, value in body.items()}
    return body.format(**things) if isinstance(body, str) else body


async def things_of(services: Services, scene: Scene) -> Things:
    """Give the ids of what there is to act upon, making what the scene has not."""
    db, shop = services.db, scene.shop
    manager, here = shop.manager.actor, shop.business.id
    category = await create_category(db, manager, NewCategory(business=here, name="n"))
    tag = await create_tag(db, manager, NewTag(category=category.id, name="n"))
    view = await save_view(db, manager, NewView(business=here, of="contents", name="n", shared=True))
    file = await upload_file(
        db, services.objects, manager, here, new_id("a").encode(), content_type="text/plain", name="a.txt"
    )
    sheet = b"title\nn\n"
    brought = await upload(db, services.objects, nouns_of, manager, here, NounName.ROOMS, "a.csv", sheet)
    taken = await begin_export(db, nouns_of, manager, NewExport(business=here, noun=NounName.ROOMS))
    entry = await db.collection("audit").find_one({"business": here})
    assert entry is not None
    return {
        "business": here,
        "viewer": shop.viewer.id,
        "invitation": scene.invitation,
        "key": scene.key,
        "room": shop.room.id,
        "draft": scene.draft.id,
        "ready": scene.ready.id,
        "product": shop.cup.id,
        "model": scene.model.id,
        "migration": (await start(db, SYSTEM, scene.model.id)).id,
        "dry_run": (await start_dry_run(db, SYSTEM, scene.model.id)).id,
        "category": category.id,
        "tag": tag.id,
        "view": view.id,
        "file": file.id,
        "import": brought.id,
        "export": taken.id,
        "entry": entry["_id"],
    }


ALSO: dict[str, Row] = {
    "enable_account": Row("accounts.disable", "POST", "/v1/accounts/{viewer}/enable"),
    "list_invitations": Row("members.invite", "GET", "/v1/invitations?business={business}"),
    "revoke_invitation": Row("members.invite", "POST", "/v1/invitations/{invitation}/revoke"),
    "renew_key": Row("keys.create", "POST", "/v1/keys/{key}/renew"),
    "list_scopes": Row("keys.create", "GET", "/v1/scopes?business={business}"),
    "list_creators": Row("creators.read", "GET", "/v1/creators?business={business}"),
    "list_programs": Row("programs.read", "GET", "/v1/programs?business={business}"),
    "read_room_key": Row("rooms.push", "GET", "/v1/rooms/{room}/push"),
    "read_push_address": Row("programs.push", "GET", "/v1/programs/{ready}/push"),
    "change_offer": Row("programs.shelve", "PATCH", "/v1/programs/{draft}/shelf/off_1", {"limit": 1}, 1),
    "list_library": Row(
        "library.search", "POST", "/v1/library/list", {"business": "{business}", "noun": "rooms"}
    ),
    "change_view": Row("views.share", "PUT", "/v1/views/{view}", {"name": "m", "shared": True}, 1),
    "drop_view": Row("views.share", "DELETE", "/v1/views/{view}"),
    "list_models": Row("models.read", "GET", "/v1/models?business={business}"),
    "check_draft": Row(
        "models.edit",
        "POST",
        "/v1/models/{model}/check",
        {"schema": model(TIER)},
        also=("models.read",),
    ),
    "rehearse_model": Row("models.read", "GET", "/v1/models/{model}/rehearsal"),
    "read_dry_run": Row("models.read", "GET", "/v1/dry-runs/{dry_run}"),
    "list_versions": Row("models.read", "GET", "/v1/models/{model}/versions"),
    "read_version": Row("models.read", "GET", "/v1/models/{model}/versions/1"),
    "export_version": Row("models.read", "GET", "/v1/models/{model}/versions/1/schema"),
    "list_migrations": Row("models.read", "GET", "/v1/models/{model}/migrations"),
    "read_migration": Row("models.read", "GET", "/v1/migrations/{migration}"),
    "stop_migration": Row("models.migrate", "POST", "/v1/migrations/{migration}/stop"),
    "resume_migration": Row("models.migrate", "POST", "/v1/migrations/{migration}/resume"),
    "undo_migration": Row("models.migrate", "POST", "/v1/migrations/{migration}/undo"),
    "read_extension": Row("models.read", "GET", "/v1/documents/{room}/extension"),
    "edit_category": Row("tags.edit", "PATCH", "/v1/tag-categories/{category}", {"name": "m"}, 1),
    "delete_category": Row("tags.edit", "DELETE", "/v1/tag-categories/{category}"),
    "create_tag": Row("tags.edit", "POST", "/v1/tags", {"category": "{category}", "name": "m"}),
    "edit_tag": Row("tags.edit", "PATCH", "/v1/tags/{tag}", {"name": "o"}, 1),
    "list_tags": Row("tags.read", "GET", "/v1/tags?business={business}"),
    "list_audit_roots": Row("audit.read", "GET", "/v1/audit/roots?business={business}"),
    "prove_entry": Row("audit.read", "GET", "/v1/audit/{entry}/proof"),
    "set_skus": Row("products.edit", "PUT", "/v1/products/{product}/skus", {"options": [], "skus": []}, 1),
    "add_picture": Row(
        "products.edit", "POST", "/v1/products/{product}/picture", raw=PICTURE, also=("pictures.upload",)
    ),
    "list_products": Row("products.read", "GET", "/v1/products?business={business}"),
    "count_stock": Row("stock.set", "POST", "/v1/products/{product}/stock/count", {"on_hand": 1}),
    "list_stores": Row("stores.read", "GET", "/v1/stores?business={business}"),
    "list_business_orders": Row("orders.read", "GET", "/v1/business-orders?business={business}"),
    "read_tag": Row("tags.read", "GET", "/v1/tags/{tag}"),
    "read_file": Row("files.read", "GET", "/v1/files/{file}"),
    "discard_document_draft": Row("drafts.edit", "DELETE", "/v1/documents/{draft}/draft", rev=9),
    "list_reviews": Row("drafts.read", "GET", "/v1/reviews?business={business}"),
    "withdraw_draft": Row("drafts.submit", "POST", "/v1/documents/{ready}/withdraw", rev=9),
    "send_back_draft": Row(
        "drafts.review", "POST", "/v1/documents/{ready}/send-back", {"reason": "r"}, rev=9
    ),
    "unschedule_draft": Row("drafts.publish", "POST", "/v1/documents/{ready}/unschedule", rev=9),
    "list_revisions": Row("drafts.read", "GET", "/v1/documents/{draft}/revisions"),
    "read_revision": Row("drafts.read", "GET", "/v1/documents/{draft}/revisions/1"),
    "compare_revisions": Row("drafts.read", "GET", "/v1/documents/{draft}/compare"),
    "restore_revision": Row("drafts.edit", "POST", "/v1/documents/{draft}/revisions/1/restore", rev=9),
    "list_columns": Row("bulk.read", "GET", "/v1/imports/columns?business={business}&noun=rooms"),
    "read_import": Row("bulk.read", "GET", "/v1/imports/{import}"),
    "map_import": Row("bulk.import", "PUT", "/v1/imports/{import}/mapping", {"mapping": {}}, rev=9),
    "preview_import": Row("bulk.import", "GET", "/v1/imports/{import}/preview"),
    "download_errors": Row("bulk.read", "GET", "/v1/imports/{import}/errors"),
    "check_import": Row("bulk.import", "POST", "/v1/imports/{import}/check"),
    "run_import": Row("bulk.import", "POST", "/v1/imports/{import}/run"),
    "stop_import": Row("bulk.import", "POST", "/v1/imports/{import}/stop"),
    "resume_import": Row("bulk.import", "POST", "/v1/imports/{import}/resume"),
    "list_exports": Row("bulk.export", "GET", "/v1/exports?business={business}"),
    "read_export": Row("bulk.export", "GET", "/v1/exports/{export}", also=("rooms.read",)),
    "stop_export": Row("bulk.export", "POST", "/v1/exports/{export}/stop", also=("rooms.read",)),
    "resume_export": Row("bulk.export", "POST", "/v1/exports/{export}/resume", also=("rooms.read",)),
    "download_export": Row("bulk.export", "GET", "/v1/exports/{export}/file", also=("rooms.read",)),
    "list_jobs": Row("jobs.read", "GET", "/v1/jobs?business={business}"),
}
MAY_BE_MISSING = {
    "change_offer",
    "delete_category",
    "download_export",
    "drop_view",
    "prove_entry",
    "read_revision",
    "restore_revision",
    "unschedule_draft",
    "withdraw_draft",
}
"""Those who may are told that the thing is not there, or no longer, or not yet."""
