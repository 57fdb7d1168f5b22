"""docs/settings.md is true: every setting, its default and its meaning, in the order of the code."""

from pathlib import Path

from infra.settings import explain

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_table_is_the_code() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `KAIBO_")
    ]

    assert rows == [
        [f"`{entry.variable}`", f"`{entry.default}`" if entry.default else "*(empty)*", entry.meaning]
        for entry in explain({}, Path("/nowhere"))
    ]
