"""The tests must run on what the lock files pin: a package at hand by chance hides one that is missing."""

import re
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
OF_THE_ENVIRONMENT = {"pip", "setuptools", "wheel", "kaibo"}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_nothing_is_installed_that_no_lock_file_pins() -> None:
    pinned = {
        _plain(name) for lock in ROOT.glob("requirements*.lock") for name in PIN.findall(lock.read_text())
    }
    installed = {_plain(found.name) for found in distributions()}
    assert installed - pinned - OF_THE_ENVIRONMENT == set()
