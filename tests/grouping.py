"""How the tests are divided between processes: hooks of `conftest.py`, heard when `make test` uses two.

A whole product with browsers, and five hundred sockets at a process that is being killed, each want
a machine of their own: all of those run in one process, one after another, beginning at once.
The other files are handed out one by one to whoever is free.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.remote import Producer

HEAVY = ("tests/e2e/", "tests/faults/", "tests/mini/")


class HeavyOnesTogether(LoadScopeScheduling):
    """Hands out a file at a time, and all heavy files as one."""

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)


def scope(nodeid: str) -> str:
    """The tests of one scope run in one process, in their order."""
    return "heavy" if nodeid.startswith(HEAVY) else nodeid.split("::", 1)[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return HeavyOnesTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: scope(item.nodeid) != "heavy")
