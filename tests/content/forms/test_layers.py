import msgspec
import pytest

from content.forms.layers import base_of, label_of
from content.models.rules.check import check
from schemas.content import Content, Program, Room
from schemas.models import Layer

STRUCTS: dict[Layer, type[msgspec.Struct]] = {Layer.ROOM: Room, Layer.PROGRAM: Program}


@pytest.mark.parametrize("layer", Layer)
def test_what_drafts_of_a_layer_hold_is_a_sound_model_of_what_its_documents_hold(layer: Layer) -> None:
    base = base_of(layer)
    assert check(base) == []
    assert base["required"] == ["title"]
    held = STRUCTS.get(layer, Content).__struct_fields__
    assert set(base["properties"]) <= set(held)
    assert {"title", "cover", "tags"} <= set(base["properties"])


def test_only_articles_have_a_text_and_only_programs_a_recording() -> None:
    names = {name for layer in Layer for name in base_of(layer)["properties"]}
    having = {name: {one for one in Layer if name in base_of(one)["properties"]} for name in names}
    assert having["body"] == {Layer.ARTICLE}
    assert having["recording"] == {Layer.PROGRAM}
    assert having["creator"] == {Layer.PROGRAM}
    assert having["products"] == {Layer.TRAILER, Layer.ARTICLE, Layer.PICTURE_SET}
    assert having["pictures"] == {Layer.ARTICLE, Layer.PICTURE_SET}
    assert having["expires_at"] == set(Layer) - {Layer.ROOM, Layer.PROGRAM}
    assert not names & {"anchor", "address", "roles", "room", "starts_at", "assistants", "media"}


@pytest.mark.parametrize("layer", Layer)
def test_what_stands_in_a_field_that_nobody_wrote_on_is_its_default(layer: Layer) -> None:
    fields = {field.name: field for field in msgspec.structs.fields(STRUCTS.get(layer, Content))}
    told = {name: one["default"] for name, one in base_of(layer)["properties"].items() if "default" in one}
    assert told == {name: fields[name].default for name in told}
    assert {"visibility"} <= set(told) or layer is Layer.ROOM


def test_columns_of_a_file_are_called_as_fields_of_forms_are() -> None:
    assert label_of("address") == {"zh": "固定地址", "en": "Permanent address"}
    assert label_of("nothing") is None
