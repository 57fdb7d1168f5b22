"""Every refusal the API can answer, explained: importing a component's refusals registers its texts.

`python -m workers.web.explained` writes the table of `docs/api.md`.
"""
# ruff: noqa: F401

from pathlib import Path

import commerce.addresses.refusals
import commerce.orders.refusals
import commerce.payments.refusals
import commerce.products.refusals
import commerce.stock.refusals
import commerce.stores.refusals
import commerce.wallets.refusals
import content.accounts.refusals
import content.audit.refusals
import content.bulk.refusals
import content.businesses.refusals
import content.contributions.refusals
import content.creators.refusals
import content.files.refusals
import content.keys.refusals
import content.library.refusals
import content.members.refusals
import content.models.refusals
import content.pictures.refusals
import content.programs.refusals
import content.publishing.refusals
import content.rooms.refusals
import content.tags.refusals
import streaming.media.refusals
import workers.web.refusals
from infra.problems import registered

TABLE = "| code | status | text (en) | text (zh-CN) |\n| --- | --- | --- | --- |\n"


def rows() -> list[str]:
    """Write a table row for each code."""
    return [
        f"| `{code}` | {one.status} | {one.en} | {one.zh} |" for code, one in sorted(registered().items())
    ]


def rewrite(page: Path) -> None:
    """Put today's table at the end of the page."""
    before, table, _ = page.read_text("utf-8").partition(TABLE)
    page.write_text(before + table + "".join(f"{row}\n" for row in rows()), "utf-8")


if __name__ == "__main__":
    rewrite(Path(__file__).parents[2] / "docs" / "api.md")
