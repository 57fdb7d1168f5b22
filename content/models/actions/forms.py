"""What forms are made from: the base fields of a layer and a business's own."""

import msgspec

from content.authority import authorise
from content.models import rules
from content.models.rules.base import base_of
from content.models.store import of_layer, version_id, versions
from content.models.views import LayerForm
from infra.mongo import Database
from schemas.accounts import Actor
from schemas.models import Layer


async def read_form(db: Database, actor: Actor, layer: Layer, business: str) -> LayerForm:
    """Give the base fields to anybody, and a business's own to its people."""
    form = LayerForm(layer=layer, base=base_of(layer))
    if not business:
        return form
    authorise(actor, rules.READ, business)
    model = await of_layer(db, business, layer)
    if model is None or not model.latest:
        return form
    version = await versions.get(db, version_id(model.id, model.latest))
    return msgspec.structs.replace(form, model=version.id, extension=msgspec.json.decode(version.text))
