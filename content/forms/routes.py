"""HTTP of forms."""

import hashlib
from collections.abc import Sequence

import msgspec

from content.forms.actions import read_form
from content.forms.telling import Form
from content.forms.views import FormNames, FormView, FormWanted
from infra.http import Access, Call, Reply, Routes
from schemas.problems import CommonRefusal, Refused


def form_routes(forms: Sequence[Form]) -> Routes:
    """Make the routes of all forms there are."""
    routes = Routes("forms")
    by_noun = {form.noun: form for form in forms}

    @routes.get("/v1/forms", access=Access.PUBLIC)
    async def list_forms(call: Call[None, None]) -> FormNames:  # noqa: ARG001
        """List what there are forms of."""
        return FormNames(nouns=list(by_noun))

    @routes.get("/v1/forms/{noun}", access=Access.PUBLIC)
    async def read_form_of(call: Call[FormWanted, None]) -> Reply[FormView]:
        """Read what a form is made from: its fields and, with `business`, that one's own.

        A client may keep it: asked for with If-None-Match, it is answered with 304 while it is the same.
        """
        form = by_noun.get(call.path["noun"])
        if form is None:
            raise Refused(CommonRefusal.NOT_FOUND, id=call.path["noun"])
        view = await read_form(call.db, call.actor, form, call.query.business)
        tag = hashlib.sha256(msgspec.json.encode(view)).hexdigest()[:16]
        return Reply(value=view, headers={"etag": f'"{tag}"', "cache-control": "private, no-cache"})

    return routes
