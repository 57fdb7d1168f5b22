import pytest

from content.models.rules.base import FIELDS, base_of
from content.models.rules.check import check
from schemas.content import Content, Program, Room
from schemas.models import Layer

STRUCTS = {Layer.ROOM: Room, Layer.PROGRAM: Program}


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
