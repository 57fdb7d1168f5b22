"""How the tests are divided between processes: hooks of `conftest.py`, heard when `make test` uses two.

A whole product with browsers wants a machine of its own, and so do many sockets at a process that is being
killed. So browsers and phones stay in one process each, one after another, and begin at once; the other
files are handed out one by one to whoever is free, those that kill at the end, when little else runs.

A test of real processes that fails is tried once more, since a dozen of them on a busy machine miss a
deadline now and then; `tally.py` names every one that needed it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.remote import Producer

TOGETHER = ("tests/e2e/", "tests/mini/")
"""Kinds that stay in one process each, the longest first."""
LAST = "tests/faults/"
OF_PROCESSES = (*TOGETHER, LAST, "tests/streaming/", "tests/web/", "tests/workers/")


class HeavyOnesTogether(LoadScopeScheduling):
    """Hands out a file at a time, and all files of a kind in `TOGETHER` as one."""

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)


def scope(nodeid: str) -> str:
    """The tests of one scope run in one process, in their order."""
    return next((kind for kind in TOGETHER if nodeid.startswith(kind)), nodeid.split("::", 1)[0])


def turn(nodeid: str) -> int:
    """Place of a test among all: the longest begin, those that kill end."""
    if scope(nodeid) in TOGETHER:
        return TOGETHER.index(scope(nodeid))
    return len(TOGETHER) + nodeid.startswith(LAST)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return HeavyOnesTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: turn(item.nodeid))
    for item in items:
        if item.nodeid.startswith(OF_PROCESSES):
            item.add_marker(pytest.mark.flaky(reruns=1))
