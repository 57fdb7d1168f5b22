"""Every refusal the API can answer, explained: importing a component's refusals registers its texts.

`python -m workers.web.explained` prints the table of `docs/api.md`.
"""
# ruff: noqa: F401

import sys

import commerce.orders.refusals
import commerce.payments.refusals
import commerce.products.refusals
import commerce.stock.refusals
import commerce.wallets.refusals
import content.accounts.refusals
import content.businesses.refusals
import content.pictures.refusals
import content.programs.refusals
import content.rooms.refusals
import streaming.media.refusals
import workers.web.refusals
from infra.problems import registered


def rows() -> list[str]:
    """Write a table row for each code."""
    return [
        f"| `{code}` | {one.status} | {one.en} | {one.zh} |" for code, one in sorted(registered().items())
    ]


if __name__ == "__main__":
    sys.stdout.write("\n".join(rows()) + "\n")
