"""Both READMEs say the same: the same sections, commands, links and pictures in the same order."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
EN, ZH = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))


def shape(page: str) -> list[str]:
    """Give the level of each heading, and how many items, rows and blocks each section has."""
    parts = re.split(r"^(#+) .*$", page, flags=re.MULTILINE)
    return [
        f"{level} items={len(re.findall(r'^[0-9]+[.] ', text, re.MULTILINE))}"
        f" rows={len(re.findall(r'^[|]', text, re.MULTILINE))} blocks={text.count('```') // 2}"
        for level, text in zip(parts[1::2], parts[2::2], strict=True)
    ]


def targets(page: str) -> list[str]:
    """Give what the page links to and shows, in order, without the link to the other language."""
    found = re.findall(r"\]\(([^)]+)\)|<(https?://[^>]+)>", page)
    return [one or other for one, other in found if not one.startswith("README")]


def commands(page: str) -> list[str]:
    """Give the lines of code, without what is explained behind them."""
    blocks = re.findall(r"```\n(.*?)```", page, re.DOTALL)
    return [re.sub(r"\s*#.*|<[^>]*>", "", line).strip() for block in blocks for line in block.splitlines()]


def test_they_lead_to_each_other() -> None:
    assert "(README.zh-CN.md)" in EN
    assert "(README.md)" in ZH


def test_they_have_the_same_sections_links_and_commands() -> None:
    assert shape(ZH) == shape(EN)
    assert targets(ZH) == targets(EN)
    assert commands(ZH) == commands(EN)


def test_what_they_link_to_is_there() -> None:
    for target in targets(EN):
        if not target.startswith("http"):
            assert (ROOT / target.partition("#")[0]).exists(), target
