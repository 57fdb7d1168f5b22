"""Prints the part of a lock file that is not installed yet at its pinned version: `missing.py LOCKFILE`."""

import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")


def installed(name: str) -> str | None:
    """Give the version of a package that is there."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def missing(lock: str) -> list[str]:
    """Give the lines of a lock file, with their hashes, that are to be installed."""
    kept: list[str] = []
    keep = False
    for line in lock.splitlines():
        if pin := PIN.match(line):
            keep = installed(pin[1]) != pin[2]
        if keep and not line.lstrip().startswith("#"):
            kept.append(line)
    return kept


if __name__ == "__main__":
    lines = missing(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write("\n".join([*lines, ""]))
