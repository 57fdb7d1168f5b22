import msgspec
import pytest

from content.models.rules.base import FIELDS, base_of
from content.models.rules.check import check
from content.programs.views import NewProgram
from schemas.content import Content, Program, Room
from schemas.models import Layer

STRUCTS: dict[Layer, type[msgspec.Struct]] = {Layer.ROOM: Room, Layer.PROGRAM: Program}


@pytest.mark.parametrize("layer", Layer)
def test_the_base_fields_of_a_layer_are_a_sound_model_of_what_its_documents_hold(layer: Layer) -> None:
    base = base_of(layer)
    assert check(base) == []
    held = STRUCTS.get(layer, Content).__struct_fields__
    assert set(base["properties"]) <= set(held)
    assert {"title", "cover", "tags"} <= set(base["properties"])


def test_every_base_field_is_of_some_layer() -> None:
    assert {name for layer in Layer for name in base_of(layer)["properties"]} == set(FIELDS)


def test_only_articles_have_a_text_and_only_programs_a_recording() -> None:
    having = {name: {one for one in Layer if name in base_of(one)["properties"]} for name in FIELDS}
    assert having["body"] == {Layer.ARTICLE}
    assert having["recording"] == {Layer.PROGRAM}
    assert having["creator"] == {Layer.PROGRAM}
    assert having["products"] == {Layer.TRAILER, Layer.ARTICLE, Layer.PICTURE_SET}
    assert having["pictures"] == {Layer.ARTICLE, Layer.PICTURE_SET}


@pytest.mark.parametrize("layer", Layer)
def test_what_stands_in_a_field_that_nobody_wrote_on_is_its_default(layer: Layer) -> None:
    fields = {field.name: field for field in msgspec.structs.fields(STRUCTS.get(layer, Content))}
    told = {name: one["default"] for name, one in base_of(layer)["properties"].items() if "default" in one}
    assert told == {name: fields[name].default for name in told}
    assert {"visibility"} <= set(told) or layer is Layer.ROOM


def test_a_form_offers_no_more_guests_than_the_server_takes() -> None:
    most = base_of(Layer.PROGRAM)["properties"]["guests"]["maxItems"]
    asked = {"room": "rm_1", "title": "夜场", "guests": ["crt_1"] * most}
    msgspec.convert(asked, NewProgram)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**asked, "guests": ["crt_1"] * (most + 1)}, NewProgram)
