"""Words for what people do: every grant that changes something, in both languages of the portal."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import commerce
import content
import streaming
from content.authority import Grant

TEXTS = Path(__file__).parents[3] / "frontend/apps/portal/src/i18n/bulk.ts"
READING = {"read", "list", "search"}


@pytest.mark.parametrize("language", ["Zh", "En"])
def test_every_action_that_is_recorded_has_a_word(language: str) -> None:
    text = TEXTS.read_text().split(f"export const actions{language}")[1].split("export const")[0]
    words = set(re.findall(r"'audit\.action\.([a-z_.]+)'", text))

    actions = {
        one.name
        for floor in (content, commerce, streaming)
        for module in walk_packages(floor.__path__, f"{floor.__name__}.")
        if "rules" in module.name.split(".")
        for one in vars(import_module(module.name)).values()
        if isinstance(one, Grant) and one.name.split(".")[1] not in READING
    }

    assert actions
    assert actions - words == set()
