"""How the tests are divided between processes: hooks of `conftest.py`, heard when `make test` uses two.

A whole product with browsers wants a machine of its own, and so do five hundred sockets at a process that is
being killed. So each kind of heavy test stays in one process, one after another: the browsers begin at once,
the other files are handed out one by one to whoever is free, and the rest of the heavy ones come last.

A heavy test that fails is tried once more, since a dozen processes on a busy machine miss a deadline now and
then; `tally.py` names every one that needed it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.remote import Producer

FIRST = ("tests/e2e/",)
LAST = ("tests/mini/", "tests/faults/")


class HeavyOnesTogether(LoadScopeScheduling):
    """Hands out a file at a time, and all heavy files of one kind as one."""

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)


def scope(nodeid: str) -> str:
    """The tests of one scope run in one process, in their order."""
    return next((kind for kind in FIRST + LAST if nodeid.startswith(kind)), nodeid.split("::", 1)[0])


def turn(nodeid: str) -> int:
    """Place of a test among all: the longest begin, the other heavy ones end."""
    kind = scope(nodeid)
    return 0 if kind in FIRST else 2 if kind in LAST else 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return HeavyOnesTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: turn(item.nodeid))
    for item in items:
        if scope(item.nodeid) in FIRST + LAST:
            item.add_marker(pytest.mark.flaky(reruns=1))
