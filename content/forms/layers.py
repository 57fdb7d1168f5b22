"""The forms of the three layers, and what of them drafts hold."""

from collections.abc import Mapping

from content.contents.form import FORMS as CONTENTS
from content.forms.telling import Form, as_model
from content.models.rules.fields import Schema
from content.programs.form import FORM as PROGRAM
from content.rooms.form import FORM as ROOM
from schemas.models import Layer

LAYERS: Mapping[Layer, Form] = {
    Layer.ROOM: ROOM,
    Layer.PROGRAM: PROGRAM,
    **{Layer(kind): form for kind, form in CONTENTS.items()},
}
"""Whatever businesses have fields of their own for."""


def base_of(layer: Layer) -> Schema:
    """Give the base fields of a layer that drafts hold: a sound model."""
    return as_model(LAYERS[layer].schema)


def label_of(name: str) -> Mapping[str, str] | None:
    """Say what a field is called in the forms of the layers; None: none has it."""
    found = (form.schema["properties"][name] for form in LAYERS.values() if name in form.schema["properties"])
    told = next(found, None)
    return told["kaibo"]["label"] if told else None
