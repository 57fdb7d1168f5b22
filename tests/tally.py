"""pytest plugin (`-p tests.tally`): the run's very last line is `N passed, N failed`."""

from __future__ import annotations

import sys

import pytest

_failed: set[str] = set()
_passed: set[str] = set()
_tried_again: set[str] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    outcome: str = report.outcome  # pytest-rerunfailures adds one of its own
    if outcome == "rerun":
        _tried_again.add(report.nodeid)
    elif report.failed:
        _failed.add(report.nodeid)
    elif report.when == "call" and report.passed:
        _passed.add(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.failed:
        _failed.add(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):  # one of several processes: the one that gathers them tells
        return
    for nodeid in sorted(_tried_again):
        sys.stdout.write(f"needed a second try: {nodeid}\n")
    sys.stdout.write(f"{len(_passed - _failed)} passed, {len(_failed)} failed\n")
    sys.stdout.flush()
