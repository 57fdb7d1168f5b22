import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.models.rules.check import MAX_TOKENS, check, tokens_at_most
from content.models.rules.compiled import compiled
from content.models.rules.facets import base, facets, tokens_of, words_of
from content.models.rules.inline import encoded
from schemas.models import Layer
from tests.content.models.making import CHOICES, Schema, documents, field, model

FOUND = {"filterable": True}
SCHEMA = model(
    {
        "tier": field("choice", "b_tier", note=FOUND),
        "colours": field("choices", "a_colours", note=FOUND),
        "fresh": field("boolean", "c_fresh", note=FOUND),
        "price": field("number", "price", note=FOUND),
        "day": field("date", "day", note=FOUND),
        "title": field("text", "title", note={"searchable": True}),
        "about": field("rich_text", "about", note={"searchable": True}),
        "secret": field("text", "secret", note={"personal": True}),
    }
)
MODEL = compiled(encoded(SCHEMA))
IDS = {"tier": "b_tier", "colours": "a_colours", "fresh": "c_fresh"}


def matches(document: Schema, wanted: dict[str, list[Any]]) -> bool:
    for key, identifier in IDS.items():
        if identifier in wanted:
            held = document.get(key)
            several = held if isinstance(held, list) else [] if held is None else [held]
            if not set(several) & set(wanted[identifier]):
                return False
    return True


@given(
    documents(SCHEMA),
    st.fixed_dictionaries(
        {},
        optional={
            "b_tier": st.lists(st.sampled_from(CHOICES), min_size=1, max_size=2, unique=True),
            "a_colours": st.lists(st.sampled_from(CHOICES), min_size=1, max_size=2, unique=True),
            "c_fresh": st.lists(st.booleans(), min_size=1, max_size=1),
        },
    ),
)
def test_a_filter_is_a_token_of_exactly_the_documents_that_match(document: Schema, wanted: Any) -> None:
    assert check(SCHEMA) == []
    found = facets(MODEL, Layer.CLIP, document)
    assert len(found.tokens) == len(set(found.tokens)) <= tokens_at_most(MODEL.fields) <= MAX_TOKENS
    looked_up = tokens_of(MODEL, Layer.CLIP, wanted)
    assert bool(set(looked_up) & set(found.tokens)) is matches(document, wanted)


def test_without_a_filter_every_document_of_the_layer_is_found() -> None:
    assert tokens_of(MODEL, Layer.CLIP, {}) == [base(MODEL, Layer.CLIP)]
    assert facets(MODEL, Layer.CLIP, {}).tokens == [base(MODEL, Layer.CLIP)]
    assert base(MODEL, Layer.CLIP) != base(MODEL, Layer.REPLAY)


def test_ordered_values_stand_in_their_places() -> None:
    assert facets(MODEL, Layer.CLIP, {"price": 9.5}).ordered == [None, 9.5]
    assert facets(MODEL, Layer.CLIP, {"price": 9.5, "day": "2026-01-02"}).ordered == ["2026-01-02", 9.5]


def test_a_rename_leaves_what_is_found_as_it_is() -> None:
    renamed = {**SCHEMA, "properties": {f"n_{key}": one for key, one in SCHEMA["properties"].items()}}
    document = {"tier": "红", "colours": ["green"], "title": "铁壶"}
    moved = {f"n_{key}": one for key, one in document.items()}
    assert facets(compiled(encoded(renamed)), Layer.CLIP, moved) == facets(MODEL, Layer.CLIP, document)


def test_another_set_of_filters_is_found_in_another_way() -> None:
    fewer = {**SCHEMA, "properties": dict(itertools.islice(SCHEMA["properties"].items(), 2))}
    assert compiled(encoded(fewer)).mark != MODEL.mark


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("红富士苹果", ["红富", "富士", "士苹", "苹果"]),
        ("Iron Kettle 2L 壶", ["iron", "kettle", "2l", "壶"]),
        ("a a A", ["a"]),
        ("!? …", []),
    ],
)
def test_texts_are_cut_into_what_is_looked_up(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_only_words_of_searchable_fields_are_kept_without_markup() -> None:
    document = {"title": "铁壶", "about": "<p>hand<b>made</b></p>", "secret": "phone"}
    words = [word.split(" ")[1] for word in facets(MODEL, Layer.CLIP, document).words]
    assert words == ["铁壶", "handmade"]
