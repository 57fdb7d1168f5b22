"""What forms are made from: the fields that every business has, and a business's own."""

import msgspec

from content.authority import authorise
from content.forms.telling import Form
from content.forms.views import FormView
from content.models.rules import READ
from content.models.store import of_layer, version_id, versions
from infra.mongo import Database
from schemas.accounts import Actor
from schemas.models import Layer


async def read_form(db: Database, actor: Actor, form: Form, business: str) -> FormView:
    """Give the base fields to anybody, and a business's own to its people."""
    view = FormView(noun=form.noun, base=form.schema)
    if not business or form.noun not in tuple(Layer):
        return view
    authorise(actor, READ, business)
    model = await of_layer(db, business, Layer(form.noun))
    if model is None or not model.latest:
        return view
    version = await versions.get(db, version_id(model.id, model.latest))
    return msgspec.structs.replace(view, model=version.id, extension=msgspec.json.decode(version.text))
