"""Faces: whatever comes is kept or told, never crashed upon; what is put on is what is shown."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.models.rules.compiled import compiled
from content.publishing.rules.compare import same
from content.publishing.rules.face import (
    EXT,
    Faced,
    base_model,
    check_size,
    face_of,
    named,
    prepare,
    worn,
)
from content.publishing.rules.readable import Side, readable
from content.uses.rules import uses_of, uses_of_draft
from schemas.content import CaptionedPicture, Content, ContentKind, Program, Room, Visibility
from schemas.models import Layer
from schemas.problems import FieldError
from tests.content.models.making import documents, field, model

QUICK = settings(max_examples=25)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
EXTENSION = model(
    {"team": field("list", "team"), "hero": field("product", "hero"), "note": field("text", "n")}
)
COMPILED = compiled(msgspec.json.encode(EXTENSION).decode())


def some(layer: Layer) -> Faced:
    if layer is Layer.ROOM:
        return Room(id="rm_1", business="biz_a", anchor="acc_1", title="室", tags=["tag_1"])
    if layer is Layer.PROGRAM:
        return Program(id="prg_1", business="biz_a", room="rm_1", anchor="acc_1", title="场", creator="crt_1")
    return Content(id="cnt_1", business="biz_a", kind=ContentKind(layer), title="文", expires_at=5)


def names(layer: Layer) -> list[str]:
    return [one.key for one in base_model(layer).fields]


@st.composite
def anything(draw: st.DrawFn, layer: Layer) -> dict[str, Any]:
    """Fields with values of any kind, and extension fields too."""
    keys = draw(st.lists(st.sampled_from([*names(layer), "nonsense", "title"]), max_size=6, unique=True))
    face = {key: draw(JSON) for key in keys}
    held = st.dictionaries(st.sampled_from(["team", "hero", "note", "x"]), JSON, max_size=3)
    return {**face, EXT: draw(JSON | held)}


@pytest.mark.parametrize("layer", list(Layer))
@QUICK
@given(data=st.data())
def test_whatever_comes_is_kept_or_told(layer: Layer, data: st.DataObject) -> None:
    face, other = data.draw(anything(layer)), data.draw(anything(layer))
    if check_size(face) or check_size(other):
        return
    document = some(layer)
    ready, second = prepare(layer, face, COMPILED), prepare(layer, other, None)
    named(layer, ready.face, COMPILED)
    uses_of_draft(document, "t", second.face, COMPILED)
    readable(layer, Side(face=ready.face, extension=COMPILED), Side(face=second.face, extension=None))
    changes = worn(document, ready.face, "mdl.1")
    if not ready.problems:
        assert not isinstance(changes, FieldError)
        wearing = msgspec.structs.replace(document, **changes)
        assert same(face_of(wearing), ready.face)
        uses_of(wearing, COMPILED)
        msgspec.json.encode(wearing)
    assert prepare(layer, ready.face, COMPILED).face == ready.face


@pytest.mark.parametrize("layer", list(Layer))
@QUICK
@given(data=st.data())
def test_what_fits_is_put_on_and_read_off_again(layer: Layer, data: st.DataObject) -> None:
    base = data.draw(documents(base_model(layer).schema))
    ext = data.draw(documents(EXTENSION))
    ready = prepare(layer, {**base, EXT: ext}, COMPILED)
    if ready.problems:  # patterns and lengths the strategies don't know
        return
    document = some(layer)
    changes = worn(document, ready.face, "mdl.1")
    assert not isinstance(changes, FieldError)
    assert same(face_of(msgspec.structs.replace(document, **changes)), ready.face)


def test_what_is_empty_is_left_out() -> None:
    pictures = [
        CaptionedPicture(key="pic/biz_a/1.jpg"),
        CaptionedPicture(key="pic/biz_a/2.jpg", caption="二"),
    ]
    story = msgspec.structs.replace(some(Layer.PICTURE_SET), pictures=pictures, visibility=Visibility.PRIVATE)
    assert face_of(story) == {
        "title": "文",
        "visibility": "private",
        "expires_at": 5,
        "pictures": [{"key": "pic/biz_a/1.jpg"}, {"key": "pic/biz_a/2.jpg", "caption": "二"}],
    }


def test_a_customer_stays_the_author() -> None:
    story = msgspec.structs.replace(some(Layer.ARTICLE), author="acc_9")
    assert "author" not in face_of(story)
    changes = worn(story, {"title": "新"}, "")
    assert isinstance(changes, dict)
    assert "author" not in changes


def test_rich_text_is_cleaned_when_it_is_kept() -> None:
    ready = prepare(Layer.ARTICLE, {"title": "t", "body": "<p onclick=x>a</p><script>b</script>"}, None)
    assert ready.face["body"] == "<p>a</p>"
    assert ready.problems == []
