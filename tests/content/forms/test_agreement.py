"""Every form agrees with what its actions take: at each limit, beyond it, and where nothing is told."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from content.forms.taken import taken
from content.forms.telling import Form
from infra.http.fields import field_error
from workers.forms import FORMS

Case = tuple[Form, type[msgspec.Struct], str]
SAMPLES: dict[str, Any] = {
    "text": "a1b",
    "rich_text": "<p>a</p>",
    "integer": 1,
    "number": 1.0,
    "boolean": True,
    "url": "https://example.com",
    "geo_point": {"lat": 1, "lon": 1},
    "moment": 1,
    "money": {"amount": 1, "currency": "CNY"},
    "phone": "0571-1234",
    "password": "12345678",
    "stars": 1,
    "amount": 1,
}


def sample(schema: dict[str, Any]) -> Any:
    """Give a value that fits a field."""
    kind = schema["kaibo"]["type"]
    if kind == "choice":
        return schema["enum"][0]
    if kind == "group":
        return {name: sample(one) for name, one in schema["properties"].items()}
    if kind in ("list", "cast"):
        return [sample(schema["items"])]
    if kind == "roles":
        return [next(iter(schema["kaibo"]["choices"]))]
    return ["rooms.read"] if kind == "scopes" else SAMPLES.get(kind, "biz_1")


def of_a_size(schema: dict[str, Any], word: str, size: int) -> Any:
    """Give a value of a field that stands at a limit."""
    if word in ("minimum", "maximum"):
        return size
    if word in ("minLength", "maxLength"):
        return "a" * size
    item = sample(schema["items"]) if "items" in schema else sample(schema)[0]
    return [item] * size


def takers(form: Form) -> Iterator[Case]:
    """Give each struct that takes a field of a form."""
    for name in form.schema["properties"]:
        own = [form.beside[name]] if name in form.beside else []
        found = [one for one in (form.new, form.edit, *own) if one is not None]
        for struct in found:
            if name in {field.encode_name for field in msgspec.structs.fields(struct)}:
                yield form, struct, name


def body(form: Form, struct: type[msgspec.Struct], name: str, value: Any) -> dict[str, Any]:
    """Give what is sent: one field as it is tried, the others that are needed as they fit."""
    told = form.schema["properties"]
    kinds = {field.name: field for field in msgspec.structs.fields(struct)}
    needed = {
        one: sample(told[one]) if one in told else "biz_1" for one, field in kinds.items() if field.required
    }
    if "kind" in needed and "kind" not in told:
        needed["kind"] = form.noun
    made = {**needed, name: value}
    by_business = {one for one in made if one in ("roles", "scopes") and "dict" in str(kinds[one].type)}
    return {one: {"biz_1": value} if one in by_business else value for one, value in made.items()}


def wrong(struct: type[msgspec.Struct], sent: dict[str, Any]) -> str | None:
    """Give the pointer at which an action refuses a body; None: it is taken."""
    try:
        msgspec.convert(sent, struct)
    except msgspec.ValidationError as error:
        return field_error(error).pointer
    return None


def limits(struct: type[msgspec.Struct], name: str) -> Any:
    """Give what an action says of a field; a form may ask for less than one of two."""
    found = taken(struct).fields[name]
    return found.get("additionalProperties", found) if found.get("type") == "object" else found


CASES = [case for form in FORMS for case in takers(form)]
NAMED = [f"{form.noun}-{struct.__name__}-{name}" for form, struct, name in CASES]
STEPS = {"minLength": -1, "maxLength": 1, "minimum": -1, "maximum": 1, "minItems": -1, "maxItems": 1}


@pytest.mark.parametrize("case", CASES, ids=NAMED)
def test_what_stands_at_a_limit_is_taken_and_what_lies_beyond_is_refused_there(case: Case) -> None:
    form, struct, name = case
    schema = form.schema["properties"][name]
    for word, beyond in STEPS.items():
        if word not in schema or "pattern" in schema or schema["kaibo"]["type"] == "password":
            continue
        at = of_a_size(schema, word, schema[word])
        assert wrong(struct, body(form, struct, name, at)) is None
        if word not in limits(struct, name):
            continue
        place = wrong(struct, body(form, struct, name, of_a_size(schema, word, schema[word] + beyond)))
        assert place is not None
        assert place.startswith(f"/{name}")


@pytest.mark.parametrize("case", CASES, ids=NAMED)
def test_what_may_be_left_empty_is_taken_empty(case: Case) -> None:
    form, struct, name = case
    schema = form.schema["properties"][name]
    if (
        name in form.schema["required"]
        or schema["kaibo"]["type"] in ("choice", "stars")
        or "minimum" in schema
    ):
        return
    empty = {"array": [], "boolean": False, "string": ""}.get(schema["type"])
    assert wrong(struct, body(form, struct, name, empty)) is None


@pytest.mark.parametrize("form", FORMS, ids=[form.noun for form in FORMS])
def test_what_a_form_needs_is_refused_where_it_is_not_said(form: Form) -> None:
    struct = form.new
    if struct is None:
        return
    whole = {name: sample(one) for name, one in form.schema["properties"].items()}
    for name in form.schema["required"]:
        sent = body(form, struct, name, whole[name])
        assert wrong(struct, sent) is None
        del sent[name]
        needed = {field.name for field in msgspec.structs.fields(struct) if field.required}
        assert wrong(struct, sent) == (f"/{name}" if name in needed else None)


@pytest.mark.parametrize("form", FORMS, ids=[form.noun for form in FORMS])
def test_every_field_is_called_something_in_both_languages(form: Form) -> None:
    for name, schema in form.schema["properties"].items():
        note = schema["kaibo"]
        assert note["id"] == name
        for said in ("label", "help", "placeholder", "wrong"):
            assert said not in note or all(note[said][language] for language in ("zh", "en"))
        for choice in schema.get("enum", ()):
            assert set(note["choices"][choice]) == {"zh", "en"}
