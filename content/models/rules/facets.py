"""How documents are found by their fields: index tokens, ordered values, words.

A document gets one token for every set of its equality fields with their values, so that any filter is
exactly one token and reads one range of the index. Fields stand in tokens by id: a rename leaves them true.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import add
from typing import Any

import msgspec

from content.models.rules.compiled import Compiled
from content.models.rules.fields import Field
from content.models.rules.richtext import plain
from schemas.models import FieldType as T
from schemas.models import Layer

MAX_WORDS = 200
_LATIN = re.compile(r"[a-z0-9]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")


class Found(msgspec.Struct, frozen=True):
    """What a document can be found by."""

    tokens: list[str]
    ordered: list[Any]
    """Values of the two fields with an order; None where there is none."""
    words: list[str]


def facets(model: Compiled, layer: Layer, values: Mapping[str, Any]) -> Found:
    """Give what a document with these values can be found by."""
    sides = [
        [_part(field, one) for one in _several(values[field.key])] for field in _present(model.equal, values)
    ]
    chosen = itertools.chain.from_iterable(
        itertools.product(*some)
        for size in range(len(sides) + 1)
        for some in itertools.combinations(sides, size)
    )
    mark = base(model, layer)
    return Found(
        tokens=[token(model, layer, parts) for parts in chosen],
        ordered=[values.get(field.key) for field in model.ranges],
        words=[f"{mark} {word}" for word in _words(model.fields, values)][:MAX_WORDS],
    )


def base(model: Compiled, layer: Layer) -> str:
    """Give the token every document of the model has that is found in its way."""
    return f"{layer}:{model.mark}"


def token(model: Compiled, layer: Layer, parts: Iterable[str]) -> str:
    """Join parts, which are in the order of their fields' ids, to a token."""
    return "&".join([base(model, layer), *parts])


def tokens_of(model: Compiled, layer: Layer, wanted: Mapping[str, Sequence[Any]]) -> list[str]:
    """Give the tokens of documents whose fields (by id) have one of the wanted values each."""
    sides = [[_part(field, one) for one in wanted[field.id]] for field in model.equal if field.id in wanted]
    return [token(model, layer, parts) for parts in itertools.product(*sides)]


def words_of(text: str) -> list[str]:
    """Cut a text into what is looked up: Latin words and numbers, pairs of Chinese characters, each once."""
    lower = text.lower()
    found = _LATIN.findall(lower)
    for run in _HAN.findall(lower):
        found += map(add, run, run[1:]) if len(run) > 1 else [run]
    return list(dict.fromkeys(found))


def _present(fields: Sequence[Field], values: Mapping[str, Any]) -> list[Field]:
    return [field for field in fields if field.key in values and values[field.key] != []]


def _several(value: Any) -> list[Any]:
    return list(dict.fromkeys(value)) if isinstance(value, list) else [value]


def _part(field: Field, value: Any) -> str:
    return f"{field.id}={msgspec.json.encode(value).decode()}"


def _words(fields: tuple[Field, ...], values: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(word for text in _texts(fields, values) for word in words_of(text)))


def _texts(fields: tuple[Field, ...], values: Mapping[str, Any]) -> Iterator[str]:
    for field in fields:
        if not field.fields and not field.says("searchable"):
            continue
        value = values.get(field.key)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from _texts(field.fields, one)
            elif isinstance(one, str) and field.says("searchable"):
                yield plain(one) if field.type is T.RICH_TEXT else one
