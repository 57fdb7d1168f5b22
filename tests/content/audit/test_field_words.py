"""Words for what the trail tells: every field of every document, in both languages of the portal."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

import schemas
from content.audit.rules.told import UNTOLD, marks
from schemas.base import Document
from schemas.money import Money
from schemas.stores import GeoPoint

TEXTS = Path(__file__).parents[3] / "frontend/apps/portal/src/i18n/fields.ts"
OF_THE_PLATFORM_ITSELF = {
    *("Entry", "Root", "Leaves", "RowError", "Facets", "Uses", "Before", "DryRun"),
    *("Job", "Mark", "Stream", "Recording", "Segment"),
}
"""Written beside what people do, never told as a change."""
TOLD_IN_ONE = {Money, GeoPoint}


def kinds() -> list[type[Document]]:
    for module in walk_packages(schemas.__path__, "schemas."):
        import_module(module.name)
    ours = [kind for kind in Document.__subclasses__() if kind.__module__.startswith("schemas.")]
    return [kind for kind in ours if kind.__name__ not in OF_THE_PLATFORM_ITSELF]


def inside(kind: Any) -> Iterator[type[msgspec.Struct]]:
    """Give the structs that values of a type hold, and what those hold."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
        for one in get_type_hints(kind).values():
            yield from inside(one)
    for one in get_args(kind):
        yield from inside(one)


@pytest.mark.parametrize("language", ["Zh", "En"])
def test_every_field_that_is_told_has_a_word(language: str) -> None:
    text = TEXTS.read_text().split(f"export const fields{language}")[1].split("export const")[0]
    words = set(re.findall(r"'audit\.field\.(\w+)'", text))

    told = {
        field.name
        for kind in kinds()
        for field in msgspec.structs.fields(kind)
        if field.name not in UNTOLD and marks(kind).get(field.name) != "secret"
    }
    nested = {
        field.name
        for kind in kinds()
        for hint in get_type_hints(kind).values()
        for held in inside(hint)
        if held not in TOLD_IN_ONE
        for field in msgspec.structs.fields(held)
    }

    assert (told | nested) - words - {"id"} == set()
